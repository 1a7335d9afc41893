import AudioFiles
import CoverService
import Foundation
import Jobs
import LocalService
import Synchronization
import Testing
import Verification

/// Makes covers of plain tones, as slowly as it is told: the service around it is the real one.
private struct ToneMaker: CoverMaker {
  var seconds = 8.0
  var delay: Duration = .zero

  func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws {
    try await Task.sleep(for: delay)
    try Tone.write(to: output, seconds: seconds, frequency: 440, setting: setting)
  }
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

@Suite("A run, from prepared audio to a verified cover, against the local service")
struct CoverRunTests {
  private let place = LedgerFolder()

  private func song() throws -> String {
    try FileManager.default.createDirectory(atPath: place.folder, withIntermediateDirectories: true)
    let path = place.folder + "/song.wav"
    try Tone.write(to: path, seconds: 8, frequency: 220, setting: Contract.AudioSetting(format: .wav))
    return path
  }

  private func request(_ song: String) -> CoverRequest {
    CoverRequest(prompt: "a quiet test of everything", reference: .file(path: song, format: "wav"))
  }

  private func job(_ output: String, at baseURL: String) -> Job {
    Job(
      service: baseURL, baseURL: baseURL, input: place.folder + "/song.wav", inputStart: 0, inputEnd: 8,
      output: place.folder + "/" + output, setting: Contract.AudioSetting(), settingWasAsked: false)
  }

  @Test("each step is in the ledger, and the cover is there, whole and checked")
  func wholeWay() async throws {
    defer { place.clean() }
    let song = try song()
    let ledger = try Ledger(path: place.path)
    try await withLocalServer(
      LocalServer(
        maker: ToneMaker(), inspector: AudioReferenceInspector(maximumBytes: 50_000_000),
        fetcher: LinkedReferenceFetcher())
    ) { baseURL in
      let run = CoverRun(ledger: ledger, client: try CoverClient(service: .local(baseURL: baseURL), key: nil))
      let submitted = try await run.submit(job("cover.mp3", at: baseURL), request(song)) { _ in }
      #expect(submitted.state == .submitted)
      let stored = try await ledger.job(named: submitted.job)
      #expect(stored.state == .submitted)
      #expect(stored.id == submitted.id && stored.id != nil)
      let outcome = try await run.finish(submitted, reference: .init(path: song), replacing: false) { _ in }
      #expect(outcome.report.verdict != .fail, "\(outcome.report.checks)")
      let done = try await ledger.job(named: submitted.job)
      #expect(done.state == .verified)
      #expect(done.usd == 0)
      let size = try FileManager.default.attributesOfItem(atPath: done.output)[.size] as? Int
      #expect(done.bytes == size && size ?? 0 > 1000)
    }
  }

  @Test("a wait that times out or is cancelled keeps the job, and a second run finishes it without a second submission")
  func goesOn() async throws {
    defer { place.clean() }
    let song = try song()
    let ledger = try Ledger(path: place.path)
    let submissions = Mutex(0)
    var configuration = LocalServerConfiguration()
    configuration.onEvent = { event in
      if case .request(let request) = event, request.method == "POST" { submissions.withLock { $0 += 1 } }
    }
    try await withLocalServer(
      LocalServer(
        configuration, maker: ToneMaker(delay: .seconds(2)),
        inspector: AudioReferenceInspector(maximumBytes: 50_000_000), fetcher: LinkedReferenceFetcher())
    ) { baseURL in
      let run = CoverRun(ledger: ledger, client: try CoverClient(service: .local(baseURL: baseURL), key: nil))
      let submitted = try await run.submit(job("cover.mp3", at: baseURL), request(song)) { _ in }
      do {
        _ = try await run.finish(submitted, reference: .init(path: song), replacing: false, timeout: 0.3) { _ in }
        Issue.record("it did not time out")
      } catch let interrupted as CoverRun.Interrupted {
        let cause = try #require(interrupted.cause as? ServiceError)
        #expect(cause.code == .timedOut)
        #expect(cause.message.contains("reprise resume \(submitted.job)"))
      }
      let task = Task { try await run.finish(submitted, reference: .init(path: song), replacing: false) { _ in } }
      try await Task.sleep(for: .milliseconds(100))
      task.cancel()
      await #expect(throws: CoverRun.Interrupted.self) { try await task.value }
      let kept = try await ledger.job(named: submitted.job)
      #expect(kept.state.isOpen && kept.id == submitted.id)
      #expect(!FileManager.default.fileExists(atPath: kept.output))
      let outcome = try await run.finish(kept, reference: .init(path: song), replacing: false) { _ in }
      #expect(outcome.job.state == .verified)
    }
    #expect(submissions.withLock { $0 } == 1)
  }

  @Test("a service that is not there fails the job, which surely was not accepted")
  func unreachable() async throws {
    defer { place.clean() }
    let song = try song()
    let ledger = try Ledger(path: place.path)
    let client = try CoverClient(service: .local(baseURL: "http://127.0.0.1:1"), key: nil)
    do {
      _ = try await CoverRun(ledger: ledger, client: client).submit(
        job("cover.mp3", at: "http://127.0.0.1:1"), request(song)
      ) { _ in }
      Issue.record("port 1 answered")
    } catch let interrupted as CoverRun.Interrupted {
      #expect(interrupted.job.state == .failed)
      #expect((interrupted.cause as? ServiceError)?.code == .unreachable)
    }
    #expect(try await ledger.jobs().map(\.state) == [.failed])
  }

  @Test("a request that breaks the rules is refused before the ledger or the service hear of it")
  func invalid() async throws {
    defer { place.clean() }
    let song = try song()
    let ledger = try Ledger(path: place.path)
    let client = try CoverClient(service: .local(baseURL: "http://127.0.0.1:1"), key: nil)
    var request = request(song)
    request.prompt = "too short"
    await #expect(throws: ServiceError.self) {
      try await CoverRun(ledger: ledger, client: client).submit(job("cover.mp3", at: ""), request) { _ in }
    }
    #expect(try await ledger.jobs().isEmpty)
  }

  @Test("a job whose id never came is not sent again by itself")
  func noID() async throws {
    defer { place.clean() }
    let ledger = try Ledger(path: place.path)
    let client = try CoverClient(service: .local(baseURL: "http://127.0.0.1:1"), key: nil)
    var lost = job("cover.mp3", at: "http://127.0.0.1:1")
    lost.state = .ambiguous
    try await ledger.save(lost)
    do {
      _ = try await CoverRun(ledger: ledger, client: client).finish(lost, reference: nil, replacing: false) { _ in }
      Issue.record("it went on")
    } catch let interrupted as CoverRun.Interrupted {
      #expect((interrupted.cause as? ServiceError)?.code == .ambiguous)
      #expect(interrupted.job.state == .ambiguous)
    }
  }
}
