import CommandSupport
import Foundation
import HostileServer
import TestSupport
import Testing

/// A run that is to be killed: a service that takes its time, so that there is something to kill it in.
struct KillRun {
  let run: PaidRun
  let service: CountingService
  /// `true` if the log is conclusive about submissions that were not accepted.
  let isConclusive: Bool

  init(isConclusive: Bool = true) throws {
    run = try PaidRun(.process)
    var settings = CountingService.Settings()
    settings.making = 0.15
    settings.beforeAnswer = 0.02
    settings.uploadPause = 0.004
    settings.downloadPause = 0.01
    settings.logDelay = 0.1
    settings.key = run.secrets[0]
    service = try CountingService(settings)
    self.isConclusive = isConclusive
    try run.configure(service, logDelay: isConclusive ? 0.5 : nil)
  }

  func end() {
    service.stop()
    run.clean()
  }

  /// A wave file of the recording's first 7 s: the request with it is 1.6 MB, more than the system takes in at once.
  func makeSong() async throws {
    let made = try await run.run([
      "prepare", Command.fixtures + "/recording.mp3", "--end", "7", "--format", "wav", "-o", "song.wav",
    ])
    try #require(made.status == 0, "\(made.messages)")
  }

  /// The arguments of a cover that differs from all others.
  func cover(_ number: Int) throws -> [String] {
    let name = "prompt-\(number).txt"
    try Data("a slow waltz, number \(number)".utf8).write(to: URL(filePath: run.command.path(name)))
    // By turns the recording cut to size, which is prepared beside the job, and a file that is sent as it is.
    let input =
      number.isMultiple(of: 2) ? [Command.fixtures + "/recording.mp3", "--end", "7"] : ["song.wav"]
    return ["cover"] + input + [
      "--prompt", "@" + name, "--lyrics", "@lyrics.txt", "--service", "counted", "--timeout", "30", "-o",
      "cover-\(number).mp3",
    ]
  }

  func settle() async throws {
    try await run.settle(asking: isConclusive ? nil : service)
    try await run.checkLedger(service)
  }
}

@Suite("A cover that is killed", .serialized)
struct KillTests {
  @Test(
    "at every moment the service can see, with and without a conclusive log",
    arguments: ServiceEvent.Moment.allCases, [true, false])
  func moment(_ moment: ServiceEvent.Moment, isConclusive: Bool) async throws {
    let kill = try KillRun(isConclusive: isConclusive)
    defer { kill.end() }
    try await kill.makeSong()
    for number in 0..<2 {
      if moment == .logAsked { try await self.kill(try kill.cover(number), at: .bodyWhole, kill) }
      try await self.kill(moment == .logAsked ? ["resume", "--all"] : try kill.cover(number), at: moment, kill)
      // Once more at the same moment, by whoever picks it up.
      try await self.kill(["resume", "--all"], at: moment, kill, mayMiss: true)
      try await kill.settle()
    }
    #expect(try await kill.run.ledger().count == 2)
  }

  private func kill(
    _ arguments: [String], at moment: ServiceEvent.Moment, _ kill: KillRun, mayMiss: Bool = false
  ) async throws {
    let victim = Victim()
    kill.service.on(moment) { _ in victim.kill() }
    let result = try await kill.run.run(arguments, victim: victim)
    kill.service.forgetHooks()
    #expect(mayMiss || result.status == 9, "was not killed at \(moment): \(result.messages)")
  }

  @Test(
    "before and after every durable step of a cover and of its resumption",
    .enabled("needs a C compiler and LD_PRELOAD") { KillPoint.isPossible })
  func everyStep() async throws {
    let kill = try KillRun()
    defer { kill.end() }
    try await kill.makeSong()
    let point = try await KillPoint(in: kill.run.command.path("state"))
    for number in 0..<2 {
      // Every point by itself would be right, and takes minutes: every seventh, from another one each time.
      let stride = ProcessInfo.processInfo.environment["REPRISE_KILLS"] == nil ? 7 : 1
      var at = number
      while true {
        let killed = try await kill.run.run(
          try kill.cover(number + 2 * at), environment: point.environment(at)
        ).status
        if killed != 9 {
          #expect(killed == 0)
          break
        }
        let resumed = try await kill.run.run(["resume", "--all"], environment: point.environment(at / 2))
        #expect([9, 0, 75].contains(resumed.status), "\(resumed.messages)")
        try await kill.settle()
        at += stride
      }
      #expect(at > 20, "the steps are not counted")
    }
  }

  @Test("at random moments of the whole run, by hand hundreds of them", arguments: [true, false])
  func anyMoment(isConclusive: Bool) async throws {
    let wanted = Int(ProcessInfo.processInfo.environment["REPRISE_KILLS"] ?? "") ?? 12
    let seed = UInt64(ProcessInfo.processInfo.environment["REPRISE_SEED"] ?? "") ?? 4
    var random = Seeded(seed)
    let kill = try KillRun(isConclusive: isConclusive)
    defer { kill.end() }
    try await kill.makeSong()
    let begun = ContinuousClock.now
    let whole = try await kill.run.run(try kill.cover(0))
    try #require(whole.status == 0, "\(whole.messages)")
    let length = ContinuousClock.now - begun
    var kills = 0
    var number = 0
    while kills < wanted {
      number += 1
      kills += try await self.kill(try kill.cover(number), within: length, kill, &random)
      while Bool.random(using: &random), kills < wanted {
        kills += try await self.kill(["resume", "--all"], within: length, kill, &random)
      }
      if number.isMultiple(of: 5) || kills >= wanted { try await kill.settle() }
    }
    let tally = kill.service.tally
    let jobs = try await kill.run.ledger()
    print(
      "kills: \(kills), jobs: \(jobs.count), accepted: \(tally.submissions), verified: \(jobs.count { $0.isDone }),",
      "lost: \(Set(tally.accepted.keys).subtracting(jobs.map(\.job)).count), doubled: \(tally.doubled.count),",
      "part files left: \(try kill.run.partFiles().count)")
  }

  /// Kills a command after a random part of `length`; 1 if it was still running.
  private func kill(
    _ arguments: [String], within length: Duration, _ kill: KillRun, _ random: inout Seeded
  ) async throws -> Int {
    let victim = Victim()
    let delay = length * Double.random(in: 0..<1.1, using: &random)
    async let ended = kill.run.run(arguments, victim: victim)
    try await Task.sleep(for: delay, tolerance: .zero, clock: .continuous)
    victim.kill()
    return try await ended.status == 9 ? 1 : 0
  }
}
