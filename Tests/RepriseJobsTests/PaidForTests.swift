import RepriseService
import FlyingFox
import FlyingSocks
import Foundation
import GRDB
import RepriseJobs
import Synchronization
import TestSupport
import Testing
import RepriseVerification

@Suite("What may be paid for is not lost", .startsServers)
struct PaidForTests {
  private let location = LedgerDirectory()

  @Test("a job that the ledger can't take is put beside it and taken in at the next opening")
  func rescued() async throws {
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    try await DatabaseQueue(path: location.path).write { try $0.execute(sql: "DROP TABLE jobs") }
    var job = LedgerDirectory.job()
    job.id = "PAID-1"
    job.state = .submitted
    await #expect(throws: LedgerError.self) { try await ledger.save(job) }
    try await ledger.keep(job, patience: .zero)
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: location.path + suffix) }
    let found = try await Ledger(path: location.path).job(named: job.job)
    #expect(found.id == "PAID-1" && found.state == .submitted)
    #expect(try FileManager.default.contentsOfDirectory(atPath: location.path + ".rescued").isEmpty)
  }

  @Test("a state of a newer version hides no other job")
  func states() async throws {
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    let verified = LedgerDirectory.job()
    let other = LedgerDirectory.job()
    try await ledger.save(verified)
    try await ledger.save(other)
    try await DatabaseQueue(path: location.path).write { [name = other.job] in
      try $0.execute(sql: "UPDATE jobs SET state = 'paused' WHERE job = ?", arguments: [name])
    }
    #expect(try await ledger.job(named: other.job).state == .unknown)
    #expect(try await ledger.jobs().count == 2)
  }

  @Test("what was put beside the ledger does not undo what another process has finished since")
  func rescueIsOld() async throws {
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    var job = LedgerDirectory.job()
    job.id = "PAID-2"
    job.state = .verified
    try await ledger.save(job)
    try await DatabaseQueue(path: location.path).write { try $0.execute(sql: "ALTER TABLE jobs RENAME TO away") }
    var old = job
    old.state = .submitted
    try await ledger.keep(old, patience: .zero)
    try await DatabaseQueue(path: location.path).write { try $0.execute(sql: "ALTER TABLE away RENAME TO jobs") }
    #expect(try await Ledger(path: location.path).job(named: job.job).state == .verified)
  }

  @Test("a ledger of the first version is taken along, and what it was sending counts as sent")
  func firstVersion() async throws {
    defer { location.clean() }
    let directory = (location.path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try await DatabaseQueue(path: location.path).write { database in
      try database.execute(
        sql: """
          CREATE TABLE jobs (job TEXT PRIMARY KEY NOT NULL, id TEXT, state TEXT NOT NULL, service TEXT NOT NULL,
            baseURL TEXT NOT NULL, input TEXT NOT NULL, inputStart DOUBLE NOT NULL, inputEnd DOUBLE NOT NULL,
            output TEXT NOT NULL, setting TEXT NOT NULL, settingWasAsked BOOLEAN NOT NULL, resultURL TEXT,
            completedAt DATETIME, bytes INTEGER, credits DOUBLE, usd DOUBLE, verdict TEXT, message TEXT,
            created DATETIME NOT NULL, updated DATETIME NOT NULL);
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          INSERT INTO grdb_migrations VALUES ('1 jobs');
          INSERT INTO jobs VALUES ('rp-old1', NULL, 'submitting', 'aimlapi', 'https://api.aimlapi.com', '/in.wav', 0, 8,
            '/out.mp3', '{"sample_rate":44100,"bitrate":256000,"format":"mp3"}', 0, NULL, NULL, NULL, NULL, NULL, NULL,
            NULL, '2026-11-01 10:00:00.000', '2026-11-01 10:00:05.000');
          INSERT INTO jobs VALUES ('rp-old2', 'g:1', 'generating', 'aimlapi', 'https://api.aimlapi.com', '/in.wav', 0, 8,
            '/out.mp3', '{"sample_rate":44100,"bitrate":256000,"format":"mp3"}', 0, NULL, NULL, NULL, NULL, NULL, NULL,
            NULL, '2026-11-01 10:00:00.000', '2026-11-01 10:00:05.000');
          """)
    }
    let ledger = try Ledger(path: location.path)
    var sending = try await ledger.job(named: "rp-old1")
    #expect(sending.sealed != nil)
    #expect(sending.take(.takenUp) == .askLog && sending.state == .ambiguous)
    var waiting = try await ledger.job(named: "rp-old2")
    #expect(waiting.take(.takenUp) == .wait && waiting.id == "g:1")
  }

  @Test(
    "polls answered 404 for as long as that is waited out end the run and not the job: the next one finds the cover")
  func notFoundOnce() async throws {
    defer { location.clean() }
    try FileManager.default.createDirectory(atPath: location.directory, withIntermediateDirectories: true)
    let song = location.directory + "/song.wav"
    try Tone.write(to: song, seconds: 8, frequency: 220, setting: Contract.AudioSetting(format: .wav))
    let cover = location.directory + "/served.mp3"
    try Tone.write(to: cover, seconds: 8, frequency: 440)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: cover))
    let isKnown = Mutex(false)
    let submissions = Mutex(0)

    let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 600, logger: .disabled)
    await server.appendRoute("POST /v2/generate/audio") { request in
      _ = try await request.bodyData
      submissions.withLock { $0 += 1 }
      return HTTPResponse(statusCode: .ok, body: Data(#"{"id":"g:1","status":"queued"}"#.utf8))
    }
    await server.appendRoute("GET /v2/generate/audio") { request in
      guard isKnown.withLock({ $0 }) else {
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
    try await server.waitUntilListening(timeout: 120 * Double(patience))
    guard case .ip4(_, let port) = await server.listeningAddress else {
      Issue.record("the server does not listen")
      return
    }

    let baseURL = "http://127.0.0.1:\(port)"
    let ledger = try Ledger(path: location.path)
    var service = ServiceDescription.local(baseURL: baseURL)
    // The server shares the pool of tasks with every test that computes.
    service.timeouts.answer = 600
    let client = try CoverClient(service: service, key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: client.service, in: ledger)
    await #expect(throws: JobRunner.Interrupted.self) {
      try await JobRunner(ledger: ledger, client: client).run(job, claim: claim)
    }
    isKnown.withLock { $0 = true }
    let kept = try await ledger.job(named: job.job)
    #expect(kept.state == .generating && kept.id == "g:1")
    var options = JobRunner.Options()
    options.isResumed = true
    let outcome = try await JobRunner(ledger: ledger, client: client, options: options).run(kept, claim: claim)
    #expect(outcome.job.state == .verified)
    #expect(submissions.withLock { $0 } == 1)
  }
}
