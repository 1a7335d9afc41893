import RepriseService
import Foundation
import HostileServer
import RepriseJobs
import Synchronization
import TestSupport
import Testing

/// One way in which a result does not come, though the service has it.
struct DeadResult: Sendable, CustomTestStringConvertible {
  var name: String
  /// Returns the URL that the service reports for a result.
  var url: @Sendable (String) -> String = { $0 }
  /// The behaviour of the result's host.
  var host: (@Sendable (RawConnection, ReceivedRequest) -> Void)?
  var testDescription: String { name }

  static func status(_ line: String, _ body: String = "", _ headers: [String] = []) -> DeadResult {
    DeadResult(
      name: line + (body.isEmpty ? "" : " with a body"),
      host: { connection, _ in connection.answer(line, body, headers: headers, type: "application/xml") })
  }

  static func body(_ name: String, _ bytes: [UInt8], _ headers: [String] = []) -> DeadResult {
    DeadResult(
      name: name, host: { connection, _ in connection.answer("200 OK", bytes, headers: headers, type: "audio/mpeg") })
  }

  static func url(_ text: String) -> DeadResult { DeadResult(name: "the URL '\(text)'", url: { _ in text }) }

  private static func raw(_ name: String, _ act: @escaping @Sendable (RawConnection) -> Void) -> DeadResult {
    DeadResult(name: name, host: { connection, _ in act(connection) })
  }

  static let all: [DeadResult] = [
    status("400 Bad Request", "<Error><Code>ExpiredToken</Code><Message>The token has expired</Message></Error>"),
    status("400 Bad Request"), status("401 Unauthorized"), status("402 Payment Required"), status("403 Forbidden"),
    status("404 Not Found"), status("405 Method Not Allowed"), status("410 Gone"), status("418 I'm a teapot"),
    status("429 Too Many Requests"), status("451 Unavailable For Legal Reasons"), status("500 Oops"),
    status("501 Not Implemented"), status("502 Bad Gateway"),
    status("503 Slow Down", "<Error><Code>SlowDown</Code></Error>"),
    status("204 No Content"), status("302 Found"), status("302 Found", "", ["Location: file:///etc/passwd"]),
    status("302 Found", "", ["Location: http://127.0.0.1:1/nowhere"]),
    DeadResult(
      name: "a redirect in circles",
      host: { connection, request in connection.answer("302 Found", "", headers: ["Location: \(request.target)"]) }),
    body("a web page", Array("<!DOCTYPE html><html><body>Sign in</body></html>".utf8)),
    body("JSON", Array(#"{"detail":"not ready"}"#.utf8)), body("XML", Array("<?xml version='1.0'?><Error/>".utf8)),
    body("plain words", Array("Link has expired\n".utf8)), body("nothing", []),
    body("gzip nobody asked for", [0x1F, 0x8B, 8, 0, 1, 2, 3, 0], ["Content-Encoding: gzip"]),
    body("bytes that are no audio", (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 131 ^ $0 >> 3) }),
    raw("less than it announces") {
      $0.send("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 999999\r\n\r\n")
      $0.send([UInt8](repeating: 0xFF, count: 2000))
    },
    raw("a reset") { $0.reset() },
    raw("what is not HTTP") { $0.send("SSH-2.0-OpenSSH_9.2\r\n") },
    url("http://127.0.0.1:1/closed"), url("https://127.0.0.1:1/closed"), url("http://no-such-host.invalid/a.mp3"),
    url("ftp://127.0.0.1/a.mp3"), url("s3://bucket/a.mp3"), url("not a URL at all"), url("http://"), url("mailto:a@b"),
  ]
}

/// A cover and a song that are made once, since most of a test would be the making of them.
enum ServedTone {
  static let cover = Result { try bytes("cover.mp3", frequency: 440) }
  static let song = Result { try bytes("song.wav", frequency: 220, format: .wav) }

  private static func bytes(
    _ name: String, frequency: Double, format: Contract.AudioSetting.Format = .mp3
  ) throws -> [UInt8] {
    let scratch = try Scratch()
    let path = scratch.path(name)
    try Tone.write(to: path, seconds: 8, frequency: frequency, setting: Contract.AudioSetting(format: format))
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}

extension LedgerDirectory {
  /// A copy of the one song.
  func quickSong() throws -> String {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let path = directory + "/song.wav"
    try Data(try ServedTone.song.get()).write(to: URL(filePath: path))
    return path
  }
}

extension CountingService {
  /// Takes a song away once it was sent: its cover is then checked by itself, which is quick.
  func forgetting(_ song: String) -> CountingService {
    on(.bodyWhole) { _ in try? FileManager.default.removeItem(atPath: song) }
    return self
  }
}

@Suite("A result that can't be fetched is asked for anew, once a run", .startsServers)
struct ResultFetchingTests {
  private let location = LedgerDirectory()

  private func service(_ counting: CountingService) throws -> ServiceDescription {
    var service = try ServiceDescription.custom(baseURL: counting.url)
    service.polling = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 20)
    service.timeouts.connect = 5
    service.timeouts.answer = 5
    service.timeouts.stall = 5
    return service
  }

  private func counting(
    _ song: String, _ dead: DeadResult, whileDead: @escaping @Sendable (Int) -> Bool
  ) throws -> CountingService {
    let urls = Mutex(0)
    var settings = CountingService.Settings()
    settings.reportsSize = false
    settings.reportsURL = { right, turn in
      urls.withLock { $0 = turn }
      return whileDead(turn) ? dead.url(right) : right
    }
    settings.answersResult = { connection, request, _ in
      guard let host = dead.host, whileDead(urls.withLock { $0 }) else { return false }
      host(connection, request)
      return true
    }
    return try CountingService(settings, cover: try ServedTone.cover.get()).forgetting(song)
  }

  private func run(_ job: Job, _ claim: JobClaim, _ client: CoverClient, _ ledger: Ledger, isResumed: Bool = false)
    async throws -> Job
  {
    var options = JobRunner.Options()
    options.isResumed = isResumed
    return try await JobRunner(ledger: ledger, client: client, options: options).run(job, claim: claim).job
  }

  @Test("it comes by the URL that the service tells then", arguments: DeadResult.all)
  func askedAnew(_ dead: DeadResult) async throws {
    defer { location.clean() }
    let song = try location.quickSong()
    let counting = try counting(song, dead) { $0 == 0 }
    defer { counting.stop() }
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: try service(counting), key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    let done = try await run(job, claim, client, ledger)
    #expect(done.state == .verified && done.verdict != "fail", "\(done.state) \(done.message ?? "")")
    #expect(
      counting.tally.count(.reportedCompleted) == 2, "it was asked \(counting.tally.count(.reportedCompleted)) times")
    #expect(counting.tally.submissions == 1 && counting.tally.leaks == 0)
  }

  @Test("where that is no better the run ends with the reason, and the next one asks anew", arguments: DeadResult.all)
  func stillDead(_ dead: DeadResult) async throws {
    defer { location.clean() }
    let song = try location.quickSong()
    let isDead = Mutex(true)
    let counting = try counting(song, dead) { _ in isDead.withLock { $0 } }
    defer { counting.stop() }
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: try service(counting), key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    do {
      let bad = try await run(job, claim, client, ledger)
      // What came is there, and failed its check.
      #expect(bad.verdict == "fail")
    } catch let interrupted as JobRunner.Interrupted {
      let cause = try #require(interrupted.cause as? ServiceError)
      #expect(!cause.mayHaveBeenAccepted && ![.io, .timedOut, .cancelled].contains(cause.code), "\(cause)")
      #expect(interrupted.job.state == .completed || interrupted.job.state == .expired, "\(interrupted.job.state)")
      #expect(!(interrupted.job.message ?? "").isEmpty)
    }
    #expect(
      counting.tally.count(.reportedCompleted) == 2,
      "one new question, not \(counting.tally.count(.reportedCompleted) - 1)")
    let kept = try await ledger.job(named: job.job)
    #expect(kept.resultURL?.isEmpty == false, "its owner may want it")
    isDead.withLock { $0 = false }
    let done = try await run(kept, claim, client, ledger, isResumed: true)
    #expect(done.state == .verified && done.verdict != "fail", "\(done.state) \(done.message ?? "")")
    #expect(counting.tally.submissions == 1)
  }

  @Test(
    "URLs that are only not in order are good at once",
    arguments: [
      { $0.replacing(/^http:\/\/[^\/]*/, with: "") }, { $0.replacing(/^http:/, with: "") }, { " \n" + $0 + "\r\n\t" },
      { $0.replacing(/^http:\/\/[^\/]*\//, with: "") },
      { $0.replacingOccurrences(of: "X-Expires=86400", with: "X-Expires=86 400") },
    ] as [@Sendable (String) -> String])
  func inOrder(_ change: @escaping @Sendable (String) -> String) async throws {
    defer { location.clean() }
    let song = try location.quickSong()
    let counting = try counting(song, DeadResult(name: "", url: change)) { _ in true }
    defer { counting.stop() }
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: try service(counting), key: try APIKey("sk-home", origin: "TEST"))
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    #expect(try await run(job, claim, client, ledger).state == .verified)
    #expect(counting.tally.count(.reportedCompleted) == 1 && counting.tally.leaks == 0)
  }

  @Test("a length other than the service reported is asked about once, and then taken as it is")
  func reportedSize() async throws {
    defer { location.clean() }
    let song = try location.quickSong()
    let short = DeadResult(
      name: "half of it",
      host: { connection, _ in connection.answer("200 OK", [UInt8](repeating: 7, count: 900), type: "audio/mpeg") })
    var settings = CountingService.Settings()
    settings.answersResult = { connection, request, turn in
      if turn == 0 { short.host?(connection, request) }
      return turn == 0
    }
    let counting = try CountingService(settings, cover: try ServedTone.cover.get()).forgetting(song)
    defer { counting.stop() }
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: try service(counting), key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    let done = try await run(job, claim, client, ledger)
    #expect(done.state == .verified && done.verdict != "fail")
    #expect(counting.tally.count(.downloadBegun) == 2 && counting.tally.count(.reportedCompleted) == 2)
  }

  @Test("a disk of ours that takes nothing is no reason to ask the service")
  func ourDisk() async throws {
    defer { location.clean() }
    let song = try location.quickSong()
    let counting = try counting(song, DeadResult(name: "")) { _ in false }
    defer { counting.stop() }
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: try service(counting), key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    // A directory where the bytes are to be kept.
    counting.on(.reportedCompleted) { [directory = claim.directory.path] _ in
      try? FileManager.default.createDirectory(atPath: directory + "/result.part", withIntermediateDirectories: true)
    }
    counting.on(.polled) { [directory = claim.directory.path] _ in
      try? FileManager.default.createDirectory(atPath: directory + "/result.part", withIntermediateDirectories: true)
    }
    do {
      _ = try await run(job, claim, client, ledger)
      Issue.record("it was fetched")
    } catch let interrupted as JobRunner.Interrupted {
      #expect((interrupted.cause as? ServiceError)?.code == .io)
      #expect(interrupted.job.state == .completed)
    }
    #expect(counting.tally.count(.reportedCompleted) == 1)
  }
}
