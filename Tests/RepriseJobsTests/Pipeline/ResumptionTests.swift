import Foundation
import HostileServer
import RepriseAudio
import RepriseJobs
import RepriseLocalService
import ReprisePreparation
import RepriseService
import RepriseSystem
import TestSupport
import Testing

@Suite("Jobs that are gone on with", .startsServers)
struct ResumptionTests {
  private func resumption(_ fixture: PipelineFixture, mayReplace: Bool = false) throws -> Resumption {
    var options = JobRunner.Options()
    options.isResumed = true
    options.mayReplace = mayReplace
    return Resumption(ledger: fixture.ledger, client: try fixture.client(), options: options)
  }

  @Test("a wait that was interrupted is taken up, and nothing is sent a second time")
  func interrupted() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    fixture.counting.answerPolls { connection, _, generation, _ in
      connection.answer("200 OK", #"{"id":"\#(generation.id)","status":"generating"}"#)
      return true
    }
    let error = await #expect(throws: JobRunner.Interrupted.self) {
      _ = try await fixture.session { $0.timeout = 0.05 }.make(fixture.order("cover.mp3"))
    }
    let interrupted = try #require(error)
    let job = interrupted.job
    #expect(job.state.isOpen && CoverPipelineError.kind(of: interrupted) == .pending)
    fixture.counting.answerPolls(nil)
    let finished = try await resumption(fixture).run(job)
    #expect(finished.job.state == .verified && finished.report != nil)
    #expect(fixture.counting.tally.submissions == 1 && fixture.counting.tally.doubled.isEmpty)
  }

  @Test("another output takes the cover, before it is fetched and after", arguments: [false, true])
  func moved(isFetched: Bool) async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    var job = try await fixture.submitted("one.mp3")
    if isFetched { job = try await resumption(fixture).run(job).job }
    let finished = try await resumption(fixture).run(job, output: fixture.path("two.mp3"))
    #expect(finished.job.output == fixture.path("two.mp3"))
    #expect(FileKind(at: fixture.path("two.mp3")) == .file)
    #expect((FileKind(at: fixture.path("one.mp3")) == .file) == isFetched)
    #expect(try await fixture.ledger.job(named: job.job).output == fixture.path("two.mp3"))
  }

  @Test("the recording itself is no output")
  func itself() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    do {
      _ = try await resumption(fixture).run(job, output: fixture.song)
      Issue.record("it was taken")
    } catch CoverPipelineError.outputIsInput(_, let input) {
      #expect(input == fixture.song)
    }
    #expect(try Data(contentsOf: URL(filePath: fixture.song)) == Data(try ServedTone.song.get()))
  }

  @Test("one that another process works on is left to it")
  func inUse() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    let claim = try #require(try JobClaim.take(JobDirectory(of: job.job, ledger: fixture.ledger.path)))
    defer { withExtendedLifetime(claim) {} }
    do {
      _ = try await resumption(fixture).run(job)
      Issue.record("it was gone on with")
    } catch CoverPipelineError.jobInUse(let other) {
      #expect(other.job == job.job)
    }
  }

  @Test("an output that has come to be in the way shows before the service is asked")
  func inTheWay() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    try Data("somebody's own".utf8).write(to: URL(filePath: fixture.path("one.mp3")))
    let asked = fixture.counting.requests.count
    do {
      _ = try await resumption(fixture).run(job)
      Issue.record("it was replaced")
    } catch CoverPipelineError.outputUnusable(let found, let cause) {
      #expect(found.job == job.job && cause.code == .exists)
    }
    #expect(fixture.counting.requests.count == asked)
    #expect(try await resumption(fixture, mayReplace: true).run(job).job.state == .verified)
  }

  @Test("a recording that is gone is reported, and the cover checked by itself")
  func recordingGone() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    try FileManager.default.removeItem(atPath: fixture.song)
    let events = Recorder<CoverEvent>()
    let finished = try await resumption(fixture).run(job, report: events.note)
    #expect(events.all.map(\.kind).contains("recordingGone") && finished.report != nil)
  }

  @Test(
    "what has come to an end is not begun again by itself",
    arguments: [
      (.cancelled, nil, false), (.failed, nil, false), (.failed, "g", true), (.expired, nil, false),
      (.expired, "g", true), (.unknown, "g", false), (.prepared, nil, true), (.ambiguous, nil, true),
      (.verified, "g", true),
    ] as [(Job.State, String?, Bool)])
  func ended(state: Job.State, id: String?, goesOn: Bool) {
    var job = LedgerDirectory.job()
    (job.state, job.id) = (state, id)
    do {
      try Resumption.check(job)
      #expect(goesOn)
    } catch {
      guard case .notResumable(let found) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(!goesOn && found.job == job.job)
    }
  }

  @Test("many are gone on with side by side, and one that can't be costs that one")
  func many() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    var jobs: [Job] = []
    for number in 1...3 {
      let order = fixture.order("cover-\(number).mp3", prompt: "style number \(number) of three")
      jobs.append(try await fixture.session { $0.stopsWhenSubmitted = true }.make(order).job)
    }
    try Data("somebody's own".utf8).write(to: URL(filePath: fixture.path("cover-2.mp3")))
    var options = JobRunner.Options()
    options.isResumed = true
    let services = JobServices(catalogue: .builtIn) { _ in nil }
    let outcomes = Recorder<ResumptionBatch.Outcome>()
    try await ResumptionBatch(ledger: fixture.ledger, services: services, options: options)
      .run(jobs, then: outcomes.note)
    var tally = ResumptionTally()
    for outcome in outcomes.all { tally.add(outcome) }
    #expect(tally.done == 2 && tally.open == 1 && tally.failed == 0 && !tally.isKeyRefused)
    #expect(fixture.counting.tally.submissions == 3)
  }

  @Test("whoever takes no more outcomes ends the run")
  func receiver() async throws {
    struct Full: Error {}
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let job = try await fixture.submitted("one.mp3")
    let batch = ResumptionBatch(
      ledger: fixture.ledger, services: JobServices(catalogue: .builtIn) { _ in nil }, options: JobRunner.Options())
    await #expect(throws: Full.self) { try await batch.run([job]) { _ in throw Full() } }
  }

  @Test("jobs are gathered by service, our own under whatever port it had")
  func groups() {
    let jobs = [
      LedgerDirectory.job(service: "aimlapi", baseURL: "https://a.example"),
      LedgerDirectory.job(service: "local", baseURL: "http://127.0.0.1:1"),
      LedgerDirectory.job(service: "aimlapi", baseURL: "https://b.example"),
      LedgerDirectory.job(service: "local", baseURL: "http://127.0.0.1:2"),
      LedgerDirectory.job(service: "aimlapi", baseURL: "https://a.example"),
    ]
    let groups = JobServices.groups(of: jobs).map { $0.map(\.job) }
    #expect(groups == [[jobs[0].job, jobs[4].job], [jobs[1].job, jobs[3].job], [jobs[2].job]])
  }
}
