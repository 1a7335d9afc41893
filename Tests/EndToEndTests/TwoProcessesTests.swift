import CommandSupport
import Foundation
import HostileServer
import Testing

@Suite("Two processes on one ledger at once", .serialized)
struct TwoProcessesTests {
  @Test("resume --all twice at the same time fetches every job once and buys none")
  func resumeTwice() async throws {
    let kill = try KillRun()
    defer { kill.end() }
    try await kill.makeSong()
    for number in 0..<6 {
      let sent = try await kill.run.run(try kill.cover(number) + ["--no-wait"])
      #expect(sent.status == 0, "\(sent.messages)")
    }
    async let one = kill.run.run(["resume", "--all"])
    async let other = kill.run.run(["resume", "--all"])
    for result in try await [one, other] { #expect([0, 75].contains(result.status), "\(result.messages)") }
    try await kill.settle()
    let tally = kill.service.tally
    #expect(tally.submissions == 6)
    for job in try await kill.run.ledger() {
      #expect(tally.count(.downloadWhole, of: job.job) == 1, "\(job.job) was fetched twice")
    }
  }

  @Test("the same cover twice at the same time is bought once")
  func coverTwice() async throws {
    let kill = try KillRun()
    defer { kill.end() }
    try await kill.makeSong()
    let arguments = try kill.cover(1)
    async let one = kill.run.run(arguments)
    async let other = kill.run.run(arguments)
    let results = try await [one, other]
    #expect(results.contains { $0.status == 0 }, "\(results.map(\.messages))")
    #expect(kill.service.tally.submissions == 1, "\(results.map(\.messages))")
    try await kill.settle()
  }

  @Test("one manifest run by two processes, one of them killed and another begun", arguments: 0..<4)
  func manifest(round: Int) async throws {
    let kill = try KillRun()
    defer { kill.end() }
    try await kill.makeSong()
    let rows = (0..<6).map { "song.wav,a slow waltz number \($0),[Verse] la la la la,cover-\($0).mp3" }
    let path = kill.run.command.path("manifest.csv")
    try Data((["path,prompt,lyrics,output"] + rows).joined(separator: "\n").utf8).write(to: URL(filePath: path))
    let arguments = ["cover", "--manifest", "manifest.csv", "--service", "counted", "--jobs", "2"]
    let victim = Victim()
    let moments: [ServiceEvent.Moment] = [.bodyHalf, .bodyWhole, .polled, .downloadHalf]
    kill.service.on(moments[round]) { event in if kill.service.tally.count(event.moment) == 2 { victim.kill() } }
    async let one = kill.run.run(arguments, victim: victim)
    async let other = kill.run.run(arguments)
    _ = try await [one, other]
    kill.service.forgetHooks()
    let last = try await kill.run.run(arguments)
    #expect([0, 75].contains(last.status), "\(last.messages)")
    try await kill.settle()
    #expect(try await kill.run.ledger().count == 6)
    #expect(kill.service.tally.submissions == 6)
    let again = try await kill.run.run(arguments)
    #expect(again.status == 0 && kill.service.tally.submissions == 6, "\(again.messages)")
  }
}
