import Foundation
import GRDB
import RepriseJobs
import Testing

@Suite("A ledger that a newer version has written into")
struct NewerLedgerTests {
  private let location = LedgerDirectory()

  @Test("a row that can't be read hides no other, is unknown, and is never written back")
  func row() async throws {
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    let (newer, plain) = (LedgerDirectory.job(), LedgerDirectory.job())
    try await ledger.save(newer)
    try await ledger.save(plain)
    let setting = #"{"sample_rate":48000,"bitrate":1,"format":"opus"}"#
    try await DatabaseQueue(path: location.path).write { [name = newer.job] in
      try $0.execute(sql: "UPDATE jobs SET setting = ?, id = 'g:9' WHERE job = ?", arguments: [setting, name])
    }
    #expect(try await ledger.jobs().count == 2)
    #expect(try await ledger.job(named: plain.job).state == .prepared)
    let unread = try await ledger.job(named: newer.job)
    #expect(unread.state == .unknown && unread.id == "g:9" && unread.output == newer.output)
    await #expect(throws: LedgerError.self) { try await ledger.save(unread) }
    let kept = try await DatabaseQueue(path: location.path).read { [name = newer.job] in
      try String.fetchOne($0, sql: "SELECT setting FROM jobs WHERE job = ?", arguments: [name])
    }
    #expect(kept == setting)
  }

  @Test("a ledger of a newer version is refused in plain words, and not changed")
  func superseded() async throws {
    defer { location.clean() }
    _ = try Ledger(path: location.path)
    try await DatabaseQueue(path: location.path).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of the future')")
    }
    do {
      _ = try Ledger(path: location.path)
      Issue.record("it was opened")
    } catch {
      guard case .newerLedger(path: location.path) = error.problem else {
        Issue.record(error)
        return
      }
    }
  }

  @Test("an id that a person knows is written down once, for a job that has none and may have been taken")
  func knownID() async throws {
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    var job = LedgerDirectory.job()
    job.state = .ambiguous
    job.sealed = Date()
    try await ledger.save(job)
    let known = try await ledger.setID("g:1", of: job)
    #expect(known.state == .submitted && known.id == "g:1")
    #expect(try await ledger.job(named: job.job).id == "g:1")
    await #expect(throws: LedgerError.self) { _ = try await ledger.setID("g:2", of: known) }
    await #expect(throws: LedgerError.self) { _ = try await ledger.setID("g:3", of: LedgerDirectory.job()) }
  }
}
