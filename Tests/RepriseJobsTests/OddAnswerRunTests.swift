import RepriseService
import Foundation
import GRDB
import HostileServer
import RepriseJobs
import Synchronization
import TestSupport
import Testing

@Suite("A paid generation is had though the service's answers are odd", .startsServers)
struct OddAnswerRunTests {
  private let location = LedgerDirectory()
  private static let secret = "sk-odd-answers-0123456789abcdef"

  /// The contract at `url`, asked and given up on quickly.
  private func quick(_ url: String) throws -> ServiceDescription {
    var service = try ServiceDescription.custom(baseURL: url)
    service.polling = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 60)
    return service
  }

  /// Begins a job at a service, and runs it to its end or to where it stops.
  private func run(
    at service: CountingService, key: APIKey? = nil, _ adjust: (inout JobRunner.Options) -> Void = { _ in },
    report: @escaping @Sendable (JobRunner.Progress) -> Void = { _ in },
    then check: (Result<Job, JobRunner.Interrupted>, Ledger, CoverClient, JobClaim) async throws -> Void
  ) async throws {
    defer { location.clean() }
    let song = try location.song()
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: try quick(service.url), key: key)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    var options = JobRunner.Options()
    adjust(&options)
    let ended: Result<Job, JobRunner.Interrupted>
    do {
      ended = .success(
        try await JobRunner(ledger: ledger, client: client, options: options, report: report).run(job, claim: claim).job
      )
    } catch let interrupted as JobRunner.Interrupted {
      ended = .failure(interrupted)
    }
    try await check(ended, ledger, client, claim)
    #expect(service.tally.doubled.isEmpty && service.tally.leaks == 0)
  }

  /// Answers that tell a finished generation `ID` with its result at `URL`.
  static let finishedAnswers = [
    #"{"id":"ID","status":"completed","audio_file":{"url":"URL"},"meta":{"eta":NaN}}"#,
    "\u{FEFF}" + #"[{"id":"ID","status":"SUCCEEDED","audio_file":"URL",}]"#,
    #"{"data":{"id":"ID","status":"done","audio":{"url":"URL"}}}<!-- cache -->"#,
    #"{"id":"ID","status":"completed","output":["URL"],"input":{"audio_url":"http://127.0.0.1:1/in.mp3"},"trace":"cut of"#,
    #"{"id":"ID","status":"delivered","reference_audio_url":"http://127.0.0.1:1/in.mp3","audio_url":"URL"}"#,
  ]

  @Test(
    "JSON a little off, wrappers and other names lead to the cover, bought once", arguments: finishedAnswers.indices)
  func finished(index: Int) async throws {
    let service = try CountingService()
    defer { service.stop() }
    service.answerPolls { connection, _, generation, url in
      connection.answer(
        "200 OK",
        Self.finishedAnswers[index].replacingOccurrences(of: "ID", with: generation.id).replacingOccurrences(
          of: "URL", with: url))
      return true
    }
    try await run(at: service) { ended, _, _, claim in
      let job = try ended.get()
      #expect(job.state == .verified)
      #expect(try Data(contentsOf: URL(filePath: job.output)) == Data(service.cover))
      #expect(service.tally.submissions == 1)
      #expect(!FileManager.default.fileExists(atPath: claim.directory.path))
    }
  }

  @Test("gzip that nobody asked for, and a byte that is no UTF-8")
  func bytes() async throws {
    let service = try CountingService()
    defer { service.stop() }
    service.answerSubmissions { connection, generation in
      // Stored blocks, which need no encoder: RFC 1951, section 3.2.4.
      let text = Array(#"{"id":"\#(generation.id)","status":"queued"}"#.utf8)
      let length = [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
      let body =
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + length + length.map { ~$0 } + text + [UInt8](repeating: 0, count: 8)
      connection.answer("200 OK", body, headers: ["Content-Encoding: gzip"])
      return true
    }
    service.answerPolls { connection, _, generation, url in
      let head = Array(#"{"id":"\#(generation.id)","status":"completed","title":"caf"#.utf8)
      connection.answer("200 OK", head + [0xE9] + Array(#"","audio_file":{"url":"\#(url)"}}"#.utf8))
      return true
    }
    try await run(at: service) { ended, _, _, _ in
      let job = try ended.get()
      #expect(job.state == .verified)
      #expect(service.tally.submissions == 1)
    }
  }

  @Test("odd answers to polls are waited out; the job is bought once")
  func passing() async throws {
    let service = try CountingService()
    defer { service.stop() }
    service.answerPolls { connection, turn, _, _ in
      switch turn {
      case 0: connection.answer("404 Not Found", #"{"message":"not yet"}"#)
      case 1: connection.answer("200 OK", "<!doctype html><title>One moment</title>", type: "text/html")
      case 2: connection.answer("202 Accepted", "")
      case 3: connection.answer("200 OK", #"{"id":"V1St"#)
      default: return false
      }
      return true
    }
    try await run(at: service) { ended, _, _, _ in
      let job = try ended.get()
      #expect(job.state == .verified)
      #expect(service.tally.submissions == 1 && service.tally.count(.polled) == 5)
    }
  }

  @Test(
    "the last answer that was not understood is kept for its owner, without the key, and named; it goes with the job")
  func kept() async throws {
    let service = try CountingService()
    defer { service.stop() }
    service.answerPolls { connection, turn, _, _ in
      connection.answer(
        "200 OK",
        #"{"answer":\#(turn),"you":"Bearer \#(Self.secret)","pad":"\#(String(repeating: "x", count: 100_000))"}"#)
      return true
    }
    let key = try APIKey(Self.secret, origin: "AIML_API_KEY")
    try await run(at: service, key: key) { ended, ledger, client, claim in
      guard case .failure(let interrupted) = ended else {
        Issue.record("it ended well")
        return
      }
      let cause = try #require(interrupted.cause as? ServiceError)
      let path = claim.directory.unrecognizedAnswer
      #expect(cause.code == .badAnswer && cause.answerKeptAt == path, "\(cause)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(#""answer":4"#) && text.contains("[key]") && !text.contains(Self.secret))
      #expect(text.utf8.count <= 65_536)
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      let job = try await ledger.job(named: interrupted.job.job)
      #expect(job.state == .generating && job.message?.contains(path) == true)
      // Nothing is lost: once the service is itself again the cover is there, and what was kept goes.
      service.answerPolls(nil)
      var options = JobRunner.Options()
      options.isResumed = true
      let done = try await JobRunner(ledger: ledger, client: client, options: options).run(job, claim: claim).job
      #expect(done.state == .verified && service.tally.submissions == 1)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("what is kept of a failure without a reason stays until the job is forgotten")
  func keptOfFailure() async throws {
    let service = try CountingService()
    defer { service.stop() }
    service.answerPolls { connection, _, generation, _ in
      connection.answer("200 OK", #"{"id":"\#(generation.id)","status":"FAILED","warum":"kaputt"}"#)
      return true
    }
    try await run(at: service) { ended, ledger, _, claim in
      guard case .failure(let interrupted) = ended else {
        Issue.record("it ended well")
        return
      }
      let path = claim.directory.unrecognizedAnswer
      #expect(interrupted.job.state == .failed && "\(interrupted.cause)".contains(path))
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains("kaputt"))
      #expect(!FileManager.default.fileExists(atPath: claim.directory.path + "/words.json"))
      try await JobDirectory.sweep(ledger)
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("a submission's answer that was not understood is kept, and the job is ambiguous", arguments: [false, true])
  func keptOfSubmission(hasLog: Bool) async throws {
    var settings = CountingService.Settings()
    settings.hasLog = hasLog
    let service = try CountingService(settings)
    defer { service.stop() }
    service.answerSubmissions { connection, _ in
      connection.answer("200 OK", #"{"accepted":"maybe"}"#)
      return true
    }
    try await run(at: service) { ended, _, _, claim in
      if case .failure(let interrupted) = ended {
        #expect(!hasLog && interrupted.job.state == .ambiguous && service.tally.submissions == 1)
        let path = claim.directory.unrecognizedAnswer
        #expect("\(interrupted.cause)".contains(path), "\(interrupted.cause)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == #"{"accepted":"maybe"}"#)
        return
      }
      // Its log tells the id all the same.
      #expect(hasLog)
      let job = try ended.get()
      #expect(job.state == .verified && service.tally.submissions == 1)
      #expect(!FileManager.default.fileExists(atPath: claim.directory.path))
    }
  }

  @Test(
    "words for the end end the wait as failed, with the reason",
    arguments: ["canceled", "aborted", "EXPIRED", "rejected", "timed-out", "moderated", "JOB_FAILED"])
  func over(word: String) async throws {
    let service = try CountingService()
    defer { service.stop() }
    service.answerPolls { connection, _, generation, _ in
      connection.answer(
        "200 OK", #"{"data":{"id":"\#(generation.id)","status":"\#(word)"},"message":"the dog ate it"}"#)
      return true
    }
    try await run(at: service) { ended, _, _, _ in
      guard case .failure(let interrupted) = ended else {
        Issue.record("it ended well")
        return
      }
      #expect(interrupted.job.state == .failed && service.tally.count(.polled) == 1)
      #expect((interrupted.cause as? ServiceError)?.code == .generationFailed)
      #expect(interrupted.job.message?.contains("the dog ate it") == true, "\(interrupted.job.message ?? "")")
    }
  }

  @Test("a key that a service makes its id of is in no row, and the cover is had all the same, after a restart too")
  func keyAsID() async throws {
    let service = try CountingService(misbehaviour: nil)
    defer { service.stop() }
    let id = "job-\(Self.secret)-1"
    service.answerSubmissions { connection, _ in
      connection.answer(
        "200 OK", #"{"id":"\#(id)","status":"\#(Self.secret)"}"#, headers: ["X-Inference-Id: \(Self.secret)"])
      return true
    }
    let key = try APIKey(Self.secret, origin: "AIML_API_KEY")
    let asked = Mutex<[String]>([])
    try await run(at: service, key: key, { $0.stopsWhenSubmitted = true }) { ended, ledger, client, claim in
      let submitted = try ended.get()
      #expect(submitted.id == id)
      let stored = try await ledger.job(named: submitted.job)
      #expect(stored.id == "job-[key]-1")
      // The service knows it by the id that has the key in it.
      #expect(service.requests.filter { $0.method == "GET" }.isEmpty)
      do {
        _ = try await JobRunner(ledger: ledger, client: client).run(stored, claim: claim)
      } catch is JobRunner.Interrupted {}
      asked.withLock { $0 = service.requests.filter { $0.method == "GET" }.map(\.target) }
      #expect(asked.withLock { $0.first } == "/v2/generate/audio?generation_id=\(id)")
      for file in try FileManager.default.subpathsOfDirectory(atPath: location.directory) {
        guard let data = FileManager.default.contents(atPath: location.directory + "/" + file) else { continue }
        #expect(data.range(of: Data(Self.secret.utf8)) == nil, "the key is in \(file)")
      }
    }
  }

  @Test("a job that could not be put into the ledger is put beside it without the key")
  func rescued() async throws {
    defer { location.clean() }
    _ = try APIKey(Self.secret, origin: "AIML_API_KEY")
    let ledger = try Ledger(path: location.path)
    try await DatabaseQueue(path: location.path).write { try $0.execute(sql: "DROP TABLE jobs") }
    var job = LedgerDirectory.job()
    job.id = "x-\(Self.secret)"
    job.message = "Bearer \(Self.secret)"
    job.resultURL = "https://x.example/?key=\(Self.secret)"
    try await ledger.keep(job, patience: .zero)
    let text = try String(contentsOfFile: location.path + ".rescued/\(job.job).json", encoding: .utf8)
    #expect(!text.contains(Self.secret) && text.contains("[key]") && !text.contains("x.example"))
  }
}
