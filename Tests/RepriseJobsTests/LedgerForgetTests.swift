import Foundation
import RepriseJobs
import Testing

@Suite("Forgetting jobs")
struct LedgerForgetTests {
  @Test(
    "only jobs that are not open are forgotten, each with its directory",
    arguments: Job.State.allCases.filter { $0 != .unknown })
  func states(state: Job.State) async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    var job = LedgerDirectory.job()
    job.state = state
    try await ledger.save(job)
    let directory = (location.path as NSString).deletingLastPathComponent + "/jobs/" + job.job
    try FileManager.default.createDirectory(atPath: directory + "/deep", withIntermediateDirectories: true)

    let first = try await ledger.forget([job.job, "rp-nobody"], isForced: false)
    #expect(first.gone.map(\.job) == (state.isOpen ? [] : [job.job]))
    #expect(first.open.map(\.job) == (state.isOpen ? [job.job] : []))
    #expect(FileManager.default.fileExists(atPath: directory) == state.isOpen)
    #expect(try await ledger.jobs().count == (state.isOpen ? 1 : 0))

    let second = try await ledger.forget([job.job], isForced: true)
    #expect(second.gone.count == (state.isOpen ? 1 : 0))
    #expect(try await ledger.jobs().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: directory))
  }

  @Test("a job at which another process is at work stays, even when forced")
  func busy() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    var job = LedgerDirectory.job()
    job.state = .generating
    try await ledger.save(job)
    let claim = try #require(try JobClaim.take(JobDirectory(of: job.job, ledger: location.path)))
    let outcome = try await ledger.forget([job.job], isForced: true)
    #expect(outcome.gone.isEmpty && outcome.busy.map(\.job) == [job.job])
    #expect(try await ledger.jobs().count == 1)
    withExtendedLifetime(claim) {}
  }

  @Test(
    "a name that somebody wrote into the database leads to no other directory",
    arguments: ["..", ".", "../../keep", ""])
  func hostileName(name: String) async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    try FileManager.default.createDirectory(
      atPath: location.directory + "/state/keep", withIntermediateDirectories: true)
    var job = LedgerDirectory.job()
    (job.job, job.state) = (name, .failed)
    try await ledger.save(job)
    #expect(try await ledger.forget([name], isForced: false).gone.count == 1)
    #expect(FileManager.default.fileExists(atPath: location.path))
    #expect(FileManager.default.fileExists(atPath: location.directory + "/state/keep"))
  }

  @Test("looking for a ledger makes none")
  func looking() {
    let location = LedgerDirectory()
    #expect(!Ledger.exists(at: location.path))
    #expect(!FileManager.default.fileExists(atPath: location.directory + "/state"))
  }
}
