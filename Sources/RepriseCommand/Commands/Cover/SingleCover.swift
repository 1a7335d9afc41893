import RepriseJobs
import RepriseLocalService
import RepriseSystem

/// A single cover from order to verified file, with reports on its progress.
struct SingleCover: Sendable {
  let session: CoverSession
  let order: CoverOrder
  let view: CoverProgressView
  let speech: OutputOptions
  let maxSpend: Double?
  /// Message shown when the cover actually starts.
  let announcement: Announcement
  /// Notes of the engine on the cover.
  let notes: NoteReceiver

  func run() async throws {
    defer { view.finish() }
    if order.isSkipped { return try skip() }
    notes.receive { [view] in view.note($0.texts) }
    try show(try await session.make(order, maxSpend: maxSpend, report: reported))
  }

  private func reported(_ event: CoverEvent) {
    switch event {
    case .begun: if let line = announcement.take() { say(line) }
    case .met(let job): say(CoverEventText.met(job))
    default:
      for line in CoverEventText.remarks(event) { say(line) }
      view.show(event)
    }
  }

  private func say(_ line: String) {
    view.finish()
    speech.say(line)
  }

  private func show(_ finished: FinishedCover) throws {
    view.finish()
    if let remark = FinishedCoverText.remark(finished) { speech.say(remark) }
    let job = finished.job
    guard let report = finished.report else {
      speech.say(
        "submitted as job \(job.job) (\(Console.printable(job.id ?? ""))); fetch the cover with"
          + " '\(JobRunner.resumeCommand(job))'")
      return try speech.json ? Console.data(try Console.json(JobRecord(job))) : Console.data(job.job)
    }
    try CoverText.show(
      job, report, of: order.shown, shownAs: finished.nameBeside ?? order.output, speech: speech)
  }

  private func skip() throws {
    speech.say("\(Console.printable(order.output)): is there already, nothing was made")
    try Console.data(speech.json ? try Console.json(CoverRecord(skipped: order)) : order.output)
  }
}
