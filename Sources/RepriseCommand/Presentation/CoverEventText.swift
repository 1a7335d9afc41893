import RepriseJobs
import ReprisePreparation
import RepriseService

/// The events of making a cover as sentences.
enum CoverEventText {
  /// Returns the remarks on an event in addition to the drawn stage; empty for most events.
  static func remarks(_ event: CoverEvent) -> [String] {
    switch event {
    case .prepared(let plan, let audio):
      PlanText.remarks(plan) + [PreparedText.remark(audio).map(Console.printable)].compactMap(\.self)
    case .waitingForOther(let job):
      ["job \(job.job) is being worked on; waiting for it, since it makes the same cover"]
    default: []
    }
  }

  /// Returns a sentence on a text that a service sends together with a status that means waiting.
  static func said(_ status: String, _ text: String) -> String {
    "the service says '\(status)': \(text); still waiting"
  }

  /// Returns a sentence stating that an order is met by an existing job.
  static func met(_ job: Job) -> String { "the same is job \(job.job) already (\(job.state.rawValue))" }

  /// Sentence stating that the local service makes covers again.
  static let remaking =
    "made again here, by the local service: the one before ended with its command, and nothing was paid"

  /// Returns a sentence stating that a cover is compared with nothing.
  static func recordingGone(_ job: Job) -> String {
    "reprise: \(Console.printable(job.input)): is gone, so the cover is not compared with it"
  }
}

/// Finished covers as sentences.
enum FinishedCoverText {
  /// Returns a remark on the origin of a cover; `nil` if it was simply made.
  static func remark(_ finished: FinishedCover) -> String? {
    let job = finished.job
    switch finished.origin {
    case .thisRun: return CostText.remark(job)
    case .earlierRun: return "was made before, as job \(job.job)"
    case .existing(let wasDone, .beside(let name)):
      // The user requested no other name.
      return sentence(job, wasDone: wasDone, "it is \(Console.printable(name))")
    case .existing(let wasDone, .output):
      return CostText.joined(
        sentence(job, wasDone: wasDone, "it is here already"), wasDone ? nil : CostText.remark(job))
    case .existing(let wasDone, .copied(let from)):
      return CostText.joined(
        sentence(job, wasDone: wasDone, "copied from \(Console.printable(from))"), wasDone ? nil : CostText.remark(job))
    }
  }

  private static func sentence(_ job: Job, wasDone: Bool, _ how: String) -> String {
    let (reported, price) = (job.reportedCharge, job.price.flatMap { Dollars($0) })
    let paid =
      (reported ?? price).flatMap { $0 == .zero ? nil : $0 }.map { " for \(reported == nil ? "about " : "")\($0)" }
      ?? ""
    let begun = "job \(job.job), begun \(LocalTime.minute(job.created))\(paid)"
    let isFree = job.price == 0
    let verb = isFree ? "made" : "bought"
    let what = wasDone ? "\(verb) before as \(begun)" : "the same audio, prompt, lyrics and setting as \(begun)"
    return "\(what); \(how), and nothing was \(verb) twice (--again would)"
  }
}
