import Foundation
import HostileServer
import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService
import RepriseSystem
import TestSupport
import Testing

@Suite("The pipeline as a program of one's own calls it", .startsServers)
struct CoverPipelineTests {
  private func pipeline(_ fixture: PipelineFixture) -> CoverPipeline {
    CoverPipeline(service: .described(fixture.service), ledger: FilePath(fixture.location.path))
  }

  @Test("one call makes a cover, in the format that its name promises, and leaves nothing open")
  func make() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let output = FilePath(fixture.path("cover.mp3"))
    let cover = try await pipeline(fixture).makeCover(
      of: FilePath(fixture.song), prompt: "a quiet test of everything", to: output)
    #expect(cover.file == output && cover.report != nil)
    #expect(cover.job.settingWasAsked && cover.job.setting.format == .mp3)
    #expect(try await pipeline(fixture).openJobs().isEmpty)
  }

  @Test("an open job is found and resumed")
  func resume() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("cover.mp3")
    let open = try await pipeline(fixture).openJobs()
    #expect(open.map(\.job) == [job.job])
    let cover = try await pipeline(fixture).resume(try #require(open.first))
    #expect(cover.job.state == .verified)
    #expect(fixture.counting.tally.submissions == 1)
  }

  @Test("a look at a ledger that is not there makes none")
  func noLedger() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    #expect(try await CoverPipeline(ledger: FilePath(location.path)).openJobs().isEmpty)
    #expect(FileKind(at: location.directory + "/state") == .nothing)
  }

  @Test("what a stage throws comes as the pipeline's error, with its cause")
  func errors() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    do throws(CoverPipelineError) {
      _ = try await pipeline(fixture).makeCover(
        of: FilePath(fixture.path("none.wav")), prompt: "a quiet test of everything",
        to: FilePath(fixture.path("cover.mp3")))
      Issue.record("it was made")
    } catch {
      guard case .unusable(let unusable) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(unusable.inspection.failure?.code == .missing && error.underlying != nil)
    }
    do throws(CoverPipelineError) {
      _ = try await pipeline(fixture).makeCover(
        of: FilePath(fixture.song), prompt: "short", to: FilePath(fixture.path("cover.mp3")))
      Issue.record("it was made")
    } catch {
      #expect((error.underlying as? ServiceError)?.code == .validation)
    }
    #expect(fixture.counting.tally.events.isEmpty)
  }

  @Test("an error tells what it means for those that are counted")
  func kinds() {
    let job = LedgerDirectory.job()
    let table: [(any Error, CoverPipelineError.Kind)] = [
      (CancellationError(), .interrupted), (CoverPipelineError.localServiceStopped(job), .interrupted),
      (ServiceError(.cancelled, .detail(""), mayHaveBeenAccepted: true), .interrupted),
      (ServiceError(.badAnswer, .detail(""), mayHaveBeenAccepted: true), .pending),
      (ServiceError(.timedOut, .detail("")), .pending),
      (ServiceError(.unauthorized, .detail("")), .keyRefused), (ServiceError(.noCredit, .detail("")), .keyRefused),
      (ServiceError(.unauthorized, .detail(""), mayHaveBeenAccepted: true), .pending),
      (ServiceError(.refused, .detail("")), .failed),
      (CoverPipelineError.alreadyBeingMade(job), .pending), (CoverPipelineError.jobInUse(job), .pending),
      (FileError(.exists, path: "x"), .failed),
    ]
    for (error, kind) in table { #expect(CoverPipelineError.kind(of: error) == kind, "\(error)") }
  }
}
