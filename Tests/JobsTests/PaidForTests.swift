import CoverService
import FlyingFox
import FlyingSocks
import Foundation
import GRDB
import Jobs
import Synchronization
import Testing
import Verification

@Suite("What may be paid for is not lost")
struct PaidForTests {
  private let place = LedgerFolder()

  @Test("a job that the ledger can't take is put beside it and taken in at the next opening")
  func rescued() async throws {
    defer { place.clean() }
    let ledger = try Ledger(path: place.path)
    try await DatabaseQueue(path: place.path).write { try $0.execute(sql: "DROP TABLE jobs") }
    var job = LedgerFolder.job()
    job.id = "PAID-1"
    job.state = .submitted
    await #expect(throws: LedgerError.self) { try await ledger.save(job) }
    try await ledger.keep(job, patience: .zero)
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.path + suffix) }
    let found = try await Ledger(path: place.path).job(named: job.job)
    #expect(found.id == "PAID-1" && found.state == .submitted)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path + ".rescued").isEmpty)
  }

  @Test("a state of a newer version hides no other job, and a verified job stays verified")
  func states() async throws {
    defer { place.clean() }
    let ledger = try Ledger(path: place.path)
    var verified = LedgerFolder.job()
    verified.state = .verified
    let other = LedgerFolder.job()
    try await ledger.save(verified)
    try await ledger.save(other)
    try await DatabaseQueue(path: place.path).write { [name = other.job] in
      try $0.execute(sql: "UPDATE jobs SET state = 'paused' WHERE job = ?", arguments: [name])
    }
    #expect(try await ledger.job(named: other.job).state == .unknown)
    verified.state = .completed
    try await ledger.save(verified)
    #expect(try await ledger.job(named: verified.job).state == .verified)
  }

  @Test("a poll answered 404 ends the run and not the job: the next one finds the cover")
  func notFoundOnce() async throws {
    defer { place.clean() }
    try FileManager.default.createDirectory(atPath: place.folder, withIntermediateDirectories: true)
    let song = place.folder + "/song.wav"
    try Tone.write(to: song, seconds: 8, frequency: 220, setting: Contract.AudioSetting(format: .wav))
    let cover = place.folder + "/served.mp3"
    try Tone.write(to: cover, seconds: 8, frequency: 440)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: cover))
    let polls = Mutex(0)
    let submissions = Mutex(0)

    let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
    await server.appendRoute("POST /v2/generate/audio") { request in
      _ = try await request.bodyData
      submissions.withLock { $0 += 1 }
      return HTTPResponse(statusCode: .ok, body: Data(#"{"id":"g:1","status":"queued"}"#.utf8))
    }
    await server.appendRoute("GET /v2/generate/audio") { request in
      if polls.withLock({
        $0 += 1; return $0
      }) == 1 {
        return HTTPResponse(
          statusCode: .notFound, body: Data(#"{"message":"no such generation","statusCode":404}"#.utf8))
      }
      let host = request.headers[.host] ?? ""
      let answer = #"{"id":"g:1","status":"completed","audio_file":{"url":"http://\#(host)/cover.mp3"}}"#
      return HTTPResponse(statusCode: .ok, body: Data(answer.utf8))
    }
    await server.appendRoute("GET /cover.mp3") { _ in
      HTTPResponse(statusCode: .ok, headers: [.contentType: "audio/mpeg"], body: bytes)
    }
    let task = Task { try await server.run() }
    defer { task.cancel() }
    try await server.waitUntilListening(timeout: 120)
    guard case .ip4(_, let port) = await server.listeningAddress else {
      Issue.record("the server does not listen")
      return
    }

    let baseURL = "http://127.0.0.1:\(port)"
    let ledger = try Ledger(path: place.path)
    let run = CoverRun(ledger: ledger, client: try CoverClient(service: .local(baseURL: baseURL), key: nil))
    let job = Job(
      service: baseURL, baseURL: baseURL, input: song, inputStart: 0, inputEnd: 8, output: place.folder + "/cover.mp3",
      setting: Contract.AudioSetting(), settingWasAsked: false)
    let submitted = try await run.submit(
      job, CoverRequest(prompt: "a quiet test of everything", reference: .file(path: song, format: "wav"))
    ) { _ in }
    await #expect(throws: CoverRun.Interrupted.self) {
      try await run.finish(submitted, reference: .init(path: song), replacing: false) { _ in }
    }
    let kept = try await ledger.job(named: submitted.job)
    #expect(kept.canGoOn && kept.state.isOpen)
    let outcome = try await run.finish(kept, reference: .init(path: song), replacing: false, isResumed: true) { _ in }
    #expect(outcome.job.state == .verified)
    #expect(submissions.withLock { $0 } == 1)
  }
}
