import RepriseService
import Foundation
import RepriseJobs

/// The known facts about a job as text, never including a key, a prompt, lyrics or the query of a presigned URL.
enum JobText {
  /// Returns the last error, and the command that resumes the job.
  static func remarks(_ job: Job) -> [String] {
    var lines: [String] = []
    if let message = message(of: job) { lines.append(Console.printable(message)) }
    if let remark = CostText.remark(job) { lines.append(remark) }
    if job.state.isOpen { lines.append("go on: \(JobRunner.resumeCommand(job))") }
    return lines
  }

  /// Returns the last error of a job without possibly secret parts; `nil` if there is none.
  static func message(of job: Job) -> String? {
    let advice = job.state == .unknown ? "; update to go on with it" : ""
    return job.message.map { withoutQueries($0) + advice }
  }

  /// Returns every known field by name.
  static func fields(_ job: Job) -> [(name: String, value: String)] {
    let setting = job.setting
    let kind = "\(setting.format.rawValue), \(setting.sampleRate) Hz, \(setting.bitrate / 1000) kbit/s"
    let all: [(String, String?)] = [
      ("job", job.job), ("state", job.state.rawValue), ("service", job.service), ("address", job.baseURL),
      ("model", job.model), ("id there", job.id), ("recording", job.input),
      ("its part", "\(TimeText.text(job.inputStart)) to \(TimeText.text(job.inputEnd))"),
      (
        "sent",
        job.audio == job.input ? "as it is" : job.audio.isEmpty ? nil : "what was made of it, \(job.audioFormat)"
      ),
      ("output", job.output),
      ("asked for", kind + (job.settingWasAsked ? "" : " (the service's default)")),
      ("result at", host(of: job.resultURL)), ("completed", job.completedAt.map(LocalTime.second)),
      ("size", job.bytes.map(Console.size)), ("SHA-256", job.resultHash), ("verdict", job.verdict),
      ("price", job.price.flatMap { Dollars($0)?.description }), ("cost", Spending(of: [job]).total.description),
      ("of run", job.batch), ("attempts", job.attempts == 0 ? nil : String(job.attempts)),
      ("sent at", job.sealed.map(LocalTime.second)),
      ("begun", LocalTime.second(job.created)), ("changed", LocalTime.second(job.updated)),
    ]
    return all.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : (name, Console.printable($0)) }
    }
  }

  /// Returns a sentence on the loss if an open job is forgotten.
  static func loss(_ job: Job) -> String {
    let id = job.id.map { ", id '\(Console.printable($0))'" } ?? ""
    let sums = Spending(of: [job]).total
    guard job.state != .prepared else { return "\(job.job) is prepared and not sent; 'reprise resume' would send it" }
    let price = max(sums.usd, sums.estimated)
    let paid = price > .zero ? ", which cost about \(price)" : ""
    return "\(job.job) is \(job.state.rawValue) at \(Console.printable(job.service))\(id): without its row nothing"
      + " finds its cover again\(paid)"
  }

  /// Returns the host of a URL whose path and query are confidential.
  static func host(of url: String?) -> String? {
    url.map { URL(string: $0)?.host ?? "an address that is not a URL" }
  }

  /// Returns a message with `?…` removed from everything that resembles a URL.
  static func withoutQueries(_ text: String) -> String {
    text.replacing(/(https?:\/\/[^\s?]*)\?\S*/) { "\($0.output.1)?…" }
  }
}
