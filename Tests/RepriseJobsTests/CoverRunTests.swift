import RepriseAudio
import RepriseService
import Foundation
import RepriseJobs
import RepriseLocalService
import Synchronization
import TestSupport
import Testing
import RepriseVerification

/// Makes covers of plain tones, once it may: the service around it is the real one.
private struct ToneMaker: CoverMaker {
  var seconds = 8.0
  let gate: Gate

  func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws {
    try await gate.pass()
    try Tone.write(to: output, seconds: seconds, frequency: 440, setting: setting)
  }
}

/// Holds covers back until it is opened.
private final class Gate: Sendable {
  private let isOpen: Mutex<Bool>

  init(isOpen: Bool = false) { self.isOpen = Mutex(isOpen) }

  func open() { isOpen.withLock { $0 = true } }
  func pass() async throws { try await eventually(within: .seconds(600)) { isOpen.withLock { $0 } } }
}

enum Tone {
  static func write(
    to path: String, seconds: Double, frequency: Double, setting: Contract.AudioSetting = Contract.AudioSetting()
  ) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let encoding: AudioEncoder.Encoding =
      switch setting.format {
      case .mp3: .mp3(bitrate: setting.bitrate)
      case .wav: .wav(bitsPerSample: 16)
      case .pcm: .pcm16
      }
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: setting.sampleRate, channels: 2)
    let frames = Int(seconds * Double(setting.sampleRate))
    var samples = [Float](repeating: 0, count: frames * 2)
    for index in samples.indices {
      let time = Double(index / 2) / Double(setting.sampleRate)
      // Tones of half a second each, so that a cover and its reference are not one steady sound.
      let note = frequency * pow(2, Double(Int(time * 2) * 7 % 12) / 12)
      samples[index] = Float(0.25 * sin(2 * .pi * note * time))
    }
    try encoder.write(samples)
    try encoder.finish()
  }
}

extension LedgerDirectory {
  /// A tone of 8 s to be covered.
  func song() throws -> String {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let path = directory + "/song.wav"
    try Tone.write(to: path, seconds: 8, frequency: 220, setting: Contract.AudioSetting(format: .wav))
    return path
  }

  /// A job in the ledger, held by the caller.
  func begun(
    song: String, output: String, at service: ServiceDescription, in ledger: Ledger,
    prompt: String = "a quiet test of everything"
  ) async throws -> (Job, JobClaim) {
    let name = Job.newName()
    let claim = try #require(try JobClaim.take(JobDirectory(of: name, ledger: ledger.path)))
    let draft = JobDraft(
      input: song, excerpt: 0...8, output: directory + "/" + output, brief: CoverBrief(prompt: prompt),
      setting: Contract.AudioSetting())
    let purchase = try await draft.begin(
      as: name, audio: song, format: "wav", at: service, holding: claim, in: ledger, again: false)
    guard case .begun(let job) = purchase else { throw HadAlready() }
    return (job, claim)
  }

  struct HadAlready: Error {}
}

@Suite("A run, from prepared audio to a verified cover, against the local service", .startsServers)
struct CoverRunTests {
  private let location = LedgerDirectory()

  private func server(
    _ configuration: LocalServerConfiguration = LocalServerConfiguration(), gate: Gate = Gate(isOpen: true)
  ) -> LocalServer {
    LocalServer(
      configuration, maker: ToneMaker(gate: gate), inspector: AudioReferenceInspector(maximumBytes: 50_000_000),
      fetcher: LinkedReferenceFetcher())
  }

  @Test("each step is in the ledger, and the cover is there, whole and checked")
  func wholeWay() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    try await withLocalServer(server()) { baseURL in
      let client = try CoverClient(service: .local(baseURL: baseURL), key: nil)
      let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
      #expect(try await ledger.job(named: job.job).state == .prepared)
      var options = JobRunner.Options()
      options.stopsWhenSubmitted = true
      let submitted = try await JobRunner(ledger: ledger, client: client, options: options).run(job, claim: claim).job
      let stored = try await ledger.job(named: job.job)
      #expect(stored.state == .submitted && submitted.state == .submitted)
      #expect(stored.id == submitted.id && stored.id != nil)
      #expect(stored.sealed != nil && stored.attempts == 1)
      let outcome = try await JobRunner(ledger: ledger, client: client).run(stored, claim: claim)
      let report = try #require(outcome.report)
      #expect(report.verdict != .fail, "\(report.checks)")
      let done = try await ledger.job(named: job.job)
      #expect(done.state == .verified)
      #expect(done.usd == 0)
      let size = try FileManager.default.attributesOfItem(atPath: done.output)[.size] as? Int
      #expect(done.bytes == size && size ?? 0 > 1000)
      // What was needed on the way is gone.
      #expect(!FileManager.default.fileExists(atPath: claim.directory.path))
    }
  }

  @Test("a wait that times out or is cancelled keeps the job, and a later run finishes it without a second submission")
  func goesOn() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let submissions = Mutex(0)
    let questions = Mutex(0)
    var configuration = LocalServerConfiguration()
    configuration.onEvent = { event in
      guard case .request(let request) = event else { return }
      if request.method == "POST" { submissions.withLock { $0 += 1 } } else { questions.withLock { $0 += 1 } }
    }
    let gate = Gate()
    try await withLocalServer(server(configuration, gate: gate)) { baseURL in
      let client = try CoverClient(service: .local(baseURL: baseURL), key: nil)
      let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
      var options = JobRunner.Options()
      options.timeout = 0.3
      do {
        _ = try await JobRunner(ledger: ledger, client: client, options: options).run(job, claim: claim)
        Issue.record("it did not time out")
      } catch let interrupted as JobRunner.Interrupted {
        let cause = try #require(interrupted.cause as? ServiceError)
        #expect(cause.code == .timedOut)
        #expect(cause.job == job.job)
      }
      let waiting = try await ledger.job(named: job.job)
      let task = Task { try await JobRunner(ledger: ledger, client: client).run(waiting, claim: claim) }
      let before = questions.withLock { $0 }
      try await eventually { questions.withLock { $0 } > before }
      task.cancel()
      await #expect(throws: JobRunner.Interrupted.self) { try await task.value }
      let kept = try await ledger.job(named: job.job)
      #expect(kept.state == .generating && kept.id == waiting.id)
      #expect(!FileManager.default.fileExists(atPath: kept.output))
      gate.open()
      let outcome = try await JobRunner(ledger: ledger, client: client).run(kept, claim: claim)
      #expect(outcome.job.state == .verified)
    }
    #expect(submissions.withLock { $0 } == 1)
  }

  @Test("a service that is not there leaves the job prepared, which surely was not accepted")
  func unreachable() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: .local(baseURL: "http://127.0.0.1:1"), key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    do {
      _ = try await JobRunner(ledger: ledger, client: client).run(job, claim: claim)
      Issue.record("port 1 answered")
    } catch let interrupted as JobRunner.Interrupted {
      #expect(interrupted.job.state == .prepared)
      #expect((interrupted.cause as? ServiceError)?.code == .unreachable)
    }
    let kept = try await ledger.job(named: job.job)
    #expect(kept.state == .prepared && kept.sealed == nil && kept.attempts == 3)
  }

  @Test("a request that breaks the rules fails before the service hears of it")
  func invalid() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: .local(baseURL: "http://127.0.0.1:1"), key: nil)
    let (job, claim) = try await location.begun(
      song: song, output: "cover.mp3", at: client.service, in: ledger, prompt: "")
    do {
      _ = try await JobRunner(ledger: ledger, client: client).run(job, claim: claim)
      Issue.record("it was sent")
    } catch let interrupted as JobRunner.Interrupted {
      #expect((interrupted.cause as? ServiceError)?.code == .validation)
      #expect(interrupted.job.state == .failed && interrupted.job.sealed == nil)
    }
  }

  @Test("a recording that changed after its job was prepared is not sent in its place")
  func changed() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: .local(baseURL: "http://127.0.0.1:1"), key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    try Tone.write(to: song, seconds: 9, frequency: 330, setting: Contract.AudioSetting(format: .wav))
    var options = JobRunner.Options()
    options.isResumed = true
    do {
      _ = try await JobRunner(ledger: ledger, client: client, options: options).run(job, claim: claim)
      Issue.record("it was sent")
    } catch let interrupted as JobRunner.Interrupted {
      #expect(interrupted.job.state == .failed && interrupted.job.sealed == nil)
      #expect("\(interrupted.cause)".contains("not the audio that was to be sent"))
    }
  }

  @Test("a job whose id never came is not sent again by itself")
  func noID() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: .custom(baseURL: "http://127.0.0.1:1"), key: nil)
    var (lost, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    lost.state = .submitting
    lost.sealed = Date()
    try await ledger.save(lost)
    var options = JobRunner.Options()
    options.isResumed = true
    do {
      _ = try await JobRunner(ledger: ledger, client: client, options: options).run(lost, claim: claim)
      Issue.record("it went on")
    } catch let interrupted as JobRunner.Interrupted {
      #expect((interrupted.cause as? ServiceError)?.code == .ambiguous)
      #expect(interrupted.job.state == .ambiguous && interrupted.job.attempts == 0)
    }
  }

  @Test("of two that begin the same purchase one has it, the other is reported which; what is free is made again")
  func purchases() async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let paid = try ServiceDescription.custom(baseURL: "http://127.0.0.1:1")
    let began = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          do {
            _ = try await location.begun(song: song, output: "cover.mp3", at: paid, in: ledger)
            return true
          } catch is LedgerDirectory.HadAlready {
            return false
          }
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(began == 1)
    #expect(try await ledger.jobs().count == 1)
    for _ in 0..<2 {
      _ = try await location.begun(
        song: song, output: "cover.mp3", at: .local(baseURL: "http://127.0.0.1:1"), in: ledger)
    }
    _ = try await location.begun(
      song: song, output: "cover.mp3", at: paid, in: ledger, prompt: "another prompt altogether")
    #expect(try await ledger.jobs().count == 4)
  }

  @Test("one process holds a job at a time, and it is free again when that one lets go")
  func claims() throws {
    defer { location.clean() }
    let directory = JobDirectory(of: "rp-claimed", ledger: location.path)
    var first = try JobClaim.take(directory)
    #expect(first != nil)
    #expect(try JobClaim.take(directory) == nil)
    first = nil
    #expect(try JobClaim.take(directory) != nil)
  }
}
