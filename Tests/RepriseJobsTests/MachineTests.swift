import RepriseService
import Foundation
import RepriseJobs
import Testing

/// Every state with every event, and what must hold of each pair.
@Suite("The job's machine, without disk or network")
struct MachineTests {
  private static let now = Date(timeIntervalSince1970: 1_800_000_000)
  private static let url = "https://store.example/covers%2Fa.mp3?signature=x"

  /// One of each kind, with and without what it may carry.
  static let events: [JobEvent] = [
    .takenUp, .serviceEnded, .sealed,
    .accepted(.init(id: "new", status: .queued, credits: 3, usd: 0.195)),
    .accepted(.init(id: "new", status: .completed, url: url)),
    .accepted(.init(id: "new", status: .completed, isInline: true)),
    .accepted(.init(id: "new", status: .error, message: "no")),
    .notNow(message: "busy"), .refused(message: "no"), .stopped(message: "stop"),
    .givenUp(message: "stop"), .unanswered(message: "broke"),
    .listed(.init(id: "found", hasFailed: false, credits: 3, usd: 0.195)), .listed(.init(id: nil, hasFailed: false)),
    .listed(.init(id: "found", hasFailed: true)), .surelyNotListed, .notListed(message: "not there"), .deniedByPerson,
    .waiting, .completed(url: url, credits: 3, usd: 0.195), .completed(url: url, credits: 0, usd: 0),
    .generationFailed(message: "no", credits: nil, usd: nil), .interrupted(message: "later"),
    .cannotBeAsked(message: "no"), .resultGone(message: "gone", canAskAgain: true),
    .resultGone(message: "gone", canAskAgain: false), .fetched(bytes: 9, hash: "abc"), .outputMissing,
    .checked(verdict: "pass"),
  ]

  /// Jobs in every state, with every combination of what a job may know there.
  static let jobs: [Job] = Job.State.allCases.flatMap { state in
    [nil, "known"].flatMap { (id: String?) in
      [nil, now].flatMap { (sealed: Date?) in
        [nil, now, now.addingTimeInterval(-90_000)].flatMap { (completedAt: Date?) in
          ["aimlapi", "local"].map { service in
            var job = Job(
              service: service, baseURL: "https://api.example", model: "m", input: "/in.wav", inputStart: 0,
              inputEnd: 8,
              output: "/out.mp3", setting: .init(), settingWasAsked: false,
              audio: .init(path: "/in.wav", format: "wav", hash: "h"), fingerprint: "f", now: now)
            job.state = state
            job.id = id
            job.sealed = sealed
            job.completedAt = completedAt
            job.resultURL = completedAt == nil ? nil : url
            job.attempts = 1
            return job
          }
        }
      }
    }
  }

  struct Step {
    let before: Job
    let event: JobEvent
    let after: Job
    let act: JobAct

    init(_ before: Job, _ event: JobEvent) {
      var job = before
      act = job.take(event, at: MachineTests.now)
      self.before = before
      self.event = event
      after = job
    }

    var summary: Comment { "\(before.state) id \(before.id ?? "-") sealed \(before.sealed != nil), \(event)" }
  }

  static let steps = jobs.flatMap { job in events.map { Step(job, $0) } }

  @Test("there is a job in every state, and an event of every kind meets it")
  func isExhaustive() {
    #expect(Set(Self.jobs.map(\.state)) == Set(Job.State.allCases))
    // A new kind of event does not compile here until the list above has it.
    for event in Self.events {
      switch event {
      case .takenUp, .serviceEnded, .sealed, .accepted, .notNow, .refused, .stopped, .givenUp, .unanswered, .listed,
        .surelyNotListed, .notListed, .deniedByPerson, .waiting, .completed, .generationFailed, .interrupted,
        .cannotBeAsked, .resultGone, .fetched, .outputMissing, .checked:
        break
      }
    }
    #expect(Self.steps.count == Job.State.allCases.count * 24 * Self.events.count)
  }

  @Test("an id once known is neither lost nor changed, but for our own free service")
  func ids() {
    for step in Self.steps where step.before.id != nil {
      if step.event == .serviceEnded, step.before.service == "local" { continue }
      #expect(step.after.id == step.before.id, step.summary)
    }
  }

  @Test("a request is sent only from where the service surely has none, or where the person says so")
  func sending() {
    for step in Self.steps where step.act == .send {
      #expect(step.after.state == .submitting && step.after.sealed == nil, step.summary)
      #expect(step.after.attempts == step.before.attempts + 1, step.summary)
      switch (step.before.state, step.event) {
      case (.prepared, .takenUp): break
      case (.submitting, .takenUp): #expect(step.before.sealed == nil, step.summary)
      case (.ambiguous, .surelyNotListed), (.ambiguous, .deniedByPerson): #expect(step.before.id == nil, step.summary)
      default: Issue.record(step.summary)
      }
    }
  }

  @Test("what may have been taken is never prepared again without the service's word for it")
  func ambiguity() {
    for step in Self.steps where step.before.state == .submitting || step.before.state == .ambiguous {
      guard step.after.state == .prepared || step.after.state == .cancelled else { continue }
      switch step.event {
      // The service has answered that it took nothing.
      case .notNow: #expect(step.before.state == .submitting, step.summary)
      case .stopped, .givenUp: #expect(step.before.sealed == nil, step.summary)
      case .serviceEnded: #expect(step.before.service == "local", step.summary)
      default: Issue.record(step.summary)
      }
    }
  }

  @Test("a process that died after the last bytes leaves an ambiguous job, before them one that may be sent")
  func takenUpWhileSubmitting() {
    for step in Self.steps where step.before.state == .submitting && step.event == .takenUp {
      #expect(step.act == (step.before.sealed == nil ? .send : .askLog), step.summary)
      #expect(step.after.state == (step.before.sealed == nil ? .submitting : .ambiguous), step.summary)
    }
  }

  @Test("an acceptance is kept in every state that knows no id and has no cover")
  func acceptance() {
    for step in Self.steps {
      guard case .accepted(let acceptance) = step.event, step.before.id == nil else { continue }
      let isDone = step.before.state == .verified || step.before.state == .downloaded
      #expect(step.after.id == (isDone ? nil : acceptance.id), step.summary)
    }
  }

  @Test("a verified job changes only by another check, or because its cover is gone")
  func verified() {
    for step in Self.steps where step.before.state == .verified && step.after != step.before {
      switch step.event {
      case .checked: #expect(step.after.state == .verified, step.summary)
      case .takenUp: #expect(step.before.verdict == "fail" && step.act == .fetch, step.summary)
      case .outputMissing:
        let canAsk = step.before.id != nil && step.before.service != "local"
        #expect(step.after.state == (canAsk ? .generating : .expired), step.summary)
      default: Issue.record(step.summary)
      }
    }
  }

  @Test("each act has the state on the disk that it needs")
  func acts() {
    for step in Self.steps {
      switch step.act {
      case .send, .goOn: #expect(step.after.state == .submitting, step.summary)
      case .sendLater: #expect(step.after.state == .prepared, step.summary)
      case .askLog, .askPerson: #expect(step.after.state == .ambiguous, step.summary)
      case .beginWaiting: #expect(step.after.state == .submitted, step.summary)
      case .wait: #expect(step.after.state == .generating, step.summary)
      case .fetch: #expect(step.after.state == .completed, step.summary)
      case .check: #expect(step.after.state == .downloaded || step.after.state == .verified, step.summary)
      case .rest: break
      }
    }
  }

  @Test("a result's URL that is over a day old is not fetched: the service is asked for a new one")
  func oldURL() {
    for step in Self.steps where step.before.state == .completed && step.event == .takenUp {
      let isFresh = step.before.completedAt == Self.now
      #expect(step.act == (isFresh ? .fetch : .wait), step.summary)
    }
  }

  @Test("a state that only a newer version knows is left alone, but for an acceptance")
  func unknown() {
    for step in Self.steps where step.before.state == .unknown {
      if case .accepted = step.event { continue }
      #expect(step.after == step.before && step.act == .rest, step.summary)
    }
  }

  @Test("money that is reported is kept, and neither silence nor a zero takes it away")
  func money() {
    for var job in Self.jobs {
      job.usd = 0.2
      job.credits = 5
      for event in Self.events {
        let step = Step(job, event)
        #expect(step.after.usd == 0.2 || step.after.usd == 0.195, step.summary)
        #expect(step.after.credits == 5 || step.after.credits == 3, step.summary)
      }
    }
  }
}
