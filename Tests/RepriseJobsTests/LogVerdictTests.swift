import RepriseService
import Foundation
import HostileServer
import RepriseJobs
import TestSupport
import Testing

@Suite("What the log says of a submission, and what is said of it then", .startsServers)
struct LogVerdictTests {
  private let location = LedgerDirectory()

  private func ended(_ status: String, reportsIDs: Bool) async throws -> (JobRunner.Interrupted, Bool) {
    let song = try location.quickSong()
    var settings = CountingService.Settings()
    settings.logStatus = status
    settings.logReportsIDs = reportsIDs
    let counting = try CountingService(settings, misbehaviour: .dropsAndLists)
    defer { counting.stop() }
    var service = try ServiceDescription.custom(baseURL: counting.url)
    service.polling = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 20)
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: service, key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: service, in: ledger)
    var options = JobRunner.Options()
    options.mayResend = { _ in true }
    do {
      _ = try await JobRunner(ledger: ledger, client: client, options: options).run(job, claim: claim)
    } catch let interrupted as JobRunner.Interrupted {
      return (interrupted, counting.tally.submissions == 1)
    }
    throw CancellationError()
  }

  @Test(
    "what it calls failed has failed, and is not reported as ambiguous", arguments: ["failed", "error", "FAILED"],
    [true, false])
  func failed(status: String, reportsIDs: Bool) async throws {
    defer { location.clean() }
    let (interrupted, isOnce) = try await ended(status, reportsIDs: reportsIDs)
    #expect(interrupted.job.state == .failed && isOnce)
    let cause = try #require(interrupted.cause as? ServiceError)
    #expect(cause.code == .generationFailed && !cause.mayHaveBeenAccepted)
    #expect(cause.problem == .submission(.failed(job: interrupted.job.job, service: interrupted.job.service)))
  }

  @Test("what it has without an id was taken: nobody is asked whether to send it again")
  func withoutID() async throws {
    defer { location.clean() }
    let (interrupted, isOnce) = try await ended("succeeded", reportsIDs: false)
    #expect(interrupted.job.state == .ambiguous && isOnce)
    #expect(interrupted.cause is TakenWithoutID && !"\(interrupted.cause)".contains("--resend"))
  }
}
