import Foundation
import GRDB
import HostileServer
import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService
import RepriseSystem
import TestSupport
import Testing

@Suite("One cover, from its order to its checked file", .startsServers)
struct CoverSessionTests {
  @Test("is prepared, bought once, fetched and checked, and each step is reported in its order")
  func made() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let events = Recorder<CoverEvent>()
    let finished = try await fixture.session().make(fixture.order("cover.mp3"), report: events.note)
    #expect(finished.report != nil && finished.origin == .thisRun)
    #expect(FileKind(at: fixture.path("cover.mp3")) == .file)
    #expect(try await fixture.ledger.job(named: finished.job.job).state == .verified)
    #expect(fixture.counting.tally.submissions == 1)
    let kinds = events.all.map(\.kind)
    let order = ["prepared", "begun", "uploading", "downloading", "verifying"].map { kinds.firstIndex(of: $0) ?? -1 }
    #expect(order == order.sorted() && !order.contains(-1), "\(kinds)")
  }

  @Test("the same for another file is copied from the first and not bought again")
  func copied() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let first = try await fixture.session().make(fixture.order("one.mp3"))
    let events = Recorder<CoverEvent>()
    let second = try await fixture.session().make(fixture.order("two.mp3"), report: events.note)
    #expect(second.origin == .existing(wasDone: true, .copied(from: fixture.path("one.mp3"))))
    #expect(second.job.job == first.job.job && second.job.output == fixture.path("two.mp3"))
    #expect(events.all.map(\.kind).contains("met"))
    #expect(try Data(contentsOf: URL(filePath: fixture.path("two.mp3"))).count == first.job.bytes)
    #expect(fixture.counting.tally.submissions == 1)
    // The same file once more: it is there.
    let third = try await fixture.session().make(fixture.order("one.mp3"))
    #expect(third.origin == .existing(wasDone: true, .output))
  }

  @Test("another one is bought where that is asked for")
  func again() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let first = try await fixture.session().make(fixture.order("one.mp3"))
    let second = try await fixture.session().make(fixture.order("two.mp3", again: true))
    #expect(first.job.job != second.job.job && fixture.counting.tally.submissions == 2)
  }

  @Test("a file in the way is left alone, and nothing is prepared or bought")
  func inTheWay() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let there = Data("somebody's own".utf8)
    try there.write(to: URL(filePath: fixture.path("cover.mp3")))
    let events = Recorder<CoverEvent>()
    let error = await #expect(throws: FileError.self) {
      _ = try await fixture.session().make(fixture.order("cover.mp3"), report: events.note)
    }
    #expect(error?.code == .exists && error?.path == fixture.path("cover.mp3"))
    #expect(try Data(contentsOf: URL(filePath: fixture.path("cover.mp3"))) == there)
    #expect(events.all.isEmpty && fixture.counting.tally.events.isEmpty)
    #expect(try await fixture.ledger.jobs().isEmpty)
  }

  @Test("another job's cover in the way shows once the audio is prepared, and is left alone")
  func coverInTheWay() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    _ = try await fixture.session().make(fixture.order("cover.mp3"))
    let error = await #expect(throws: FileError.self) {
      _ = try await fixture.session().make(fixture.order("cover.mp3", prompt: "something else entirely"))
    }
    #expect(error?.code == .exists)
    #expect(fixture.counting.tally.submissions == 1)
    #expect(try await fixture.ledger.jobs().count == 1)
  }

  @Test("an output that is the recording is refused, also by another name")
  func itself() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    try FileManager.default.createSymbolicLink(
      atPath: fixture.path("alias.wav"), withDestinationPath: fixture.song)
    for name in ["song.wav", "alias.wav"] {
      do {
        _ = try await fixture.session().make(fixture.order(name))
        Issue.record("\(name) was taken")
      } catch CoverPipelineError.outputIsInput(let output, let input) {
        #expect(output == fixture.path(name) && input == fixture.song)
      }
    }
    #expect(fixture.counting.tally.events.isEmpty)
  }

  @Test("a recording that can't be used costs nothing and leaves no job", arguments: ["", "no audio at all"])
  func unusable(content: String) async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    try Data(content.utf8).write(to: URL(filePath: fixture.song))
    let error = await #expect(throws: UnusableRecording.self) {
      _ = try await fixture.session().make(fixture.order("cover.mp3"))
    }
    #expect(error?.inspection.verdict == .rejected && error?.inspection.path == fixture.song)
    #expect(try await fixture.ledger.jobs().isEmpty && fixture.counting.tally.events.isEmpty)
    let directories = (fixture.location.path as NSString).deletingLastPathComponent + "/jobs"
    #expect(try FileManager.default.contentsOfDirectory(atPath: directories).isEmpty)
  }

  @Test("a limit that one cover would pass closes the way before anything is prepared")
  func overLimit() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let events = Recorder<CoverEvent>()
    do {
      _ = try await fixture.session().make(fixture.order("cover.mp3"), maxSpend: 0.1, report: events.note)
      Issue.record("it was bought")
    } catch CoverPipelineError.closed(let closure) {
      let limit = Dollars(micros: 100_000)
      #expect(closure == .overLimit(price: PipelineFixture.price, limit: limit, spent: .zero))
    }
    #expect(events.all.isEmpty && fixture.counting.tally.events.isEmpty)
  }

  @Test("a job of the same that another process has is waited for no longer than a service is")
  func inUse() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    let claim = try #require(try JobClaim.take(JobDirectory(of: job.job, ledger: fixture.ledger.path)))
    defer { withExtendedLifetime(claim) {} }
    let events = Recorder<CoverEvent>()
    do {
      _ = try await fixture.session { $0.timeout = 0.01 }.make(fixture.order("two.mp3"), report: events.note)
      Issue.record("it was not in use")
    } catch CoverPipelineError.alreadyBeingMade(let other) {
      #expect(other.job == job.job)
    }
    #expect(events.all.map(\.kind).filter { $0 == "waitingForOther" }.count == 1)
    #expect(fixture.counting.tally.submissions == 1)
  }

  @Test("a job that only a newer version understands fulfils nothing")
  func newer() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    try await DatabaseQueue(path: fixture.location.path).write {
      try $0.execute(sql: "UPDATE jobs SET state = 'paused' WHERE job = ?", arguments: [job.job])
    }
    do {
      _ = try await fixture.session().fulfil(fixture.order("two.mp3"), with: job, report: { _ in })
      Issue.record("it was gone on with")
    } catch CoverPipelineError.newerJob(let found) {
      #expect(found.job == job.job && found.state == .unknown)
    }
  }

  @Test("a job whose cover the service could not make fulfils nothing, and no other is bought")
  func gone() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    fixture.counting.answerPolls { connection, _, generation, _ in
      connection.answer("200 OK", #"{"id":"\#(generation.id)","status":"error","error":{"message":"no"}}"#)
      return true
    }
    do {
      _ = try await fixture.session().make(fixture.order("two.mp3"))
      Issue.record("it was made")
    } catch CoverPipelineError.resultGone(let found, let cause) {
      #expect(found.job == job.job)
      #expect((cause as? ServiceError)?.code == .generationFailed)
    }
    #expect(fixture.counting.tally.submissions == 1)
  }

  @Test("one that is under way elsewhere by name is gone on with, and copied to where this order wants it")
  func underWay() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    let finished = try await fixture.session().make(fixture.order("two.mp3"))
    #expect(finished.job.job == job.job)
    #expect(finished.origin == .existing(wasDone: false, .copied(from: fixture.path("one.mp3"))))
    #expect(FileKind(at: fixture.path("one.mp3")) == .file && FileKind(at: fixture.path("two.mp3")) == .file)
    #expect(fixture.counting.tally.submissions == 1)
  }
}
