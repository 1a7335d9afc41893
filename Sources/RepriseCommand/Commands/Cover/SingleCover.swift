import RepriseJobs
import RepriseLocalService
import RepriseSystem

/// One cover, from order to checked file, told as it goes.
struct SingleCover: Sendable {
  let desk: CoverDesk
  let order: CoverOrder
  let view: CoverProgressView
  let speech: OutputOptions
  let maxSpend: Double?
  /// Is said when the cover is really begun.
  let announcement: Announcement
  /// What the engine says of the cover.
  let notes: NoteReceiver

  func run() async throws {
    defer { view.finish() }
    if order.isSkipped { return try skip() }
    notes.receive { [view] in view.note($0.texts) }
    if order.isNamedHere, let made = try await desk.made(order, report: { view.show(.job($0)) }) {
      return try show(made)
    }
    let gate = try await SpendingGate(desk: desk, batch: nil, maxSpend: maxSpend)
    guard await gate.reserve() != nil else { throw Trouble(.rejected, gate.closed ?? "") }
    let finished: CoverDesk.Finished
    switch try await desk.place(order, report: { view.show($0) }, remark: say) {
    case .begun(let job, let claim):
      if let line = announcement.take() { say(line) }
      finished = try await desk.carry(job, claim) { view.show(.job($0)) }
    case .had(let job):
      say("the same is job \(job.job) already (\(job.state.rawValue))")
      finished = try await desk.meet(order, with: job, remark: say) { view.show(.job($0)) }
    }
    try show(finished)
  }

  private func say(_ line: String) {
    view.finish()
    speech.say(line)
  }

  private func show(_ finished: CoverDesk.Finished) throws {
    view.finish()
    if let remark = finished.remark { speech.say(remark) }
    let job = finished.job
    guard let report = finished.report else {
      speech.say(
        "submitted as job \(job.job) (\(Console.printable(job.id ?? ""))); fetch the cover with"
          + " '\(JobRunner.resumeCommand(job))'")
      return try speech.json ? Console.data(try Console.json(JobRecord(job))) : Console.data(job.job)
    }
    try CoverText.show(
      job, report, of: order.shown, shownAs: finished.shown ?? order.output, speech: speech)
  }

  private func skip() throws {
    speech.say("\(Console.printable(order.output)): is there already, nothing was made")
    try Console.data(speech.json ? try Console.json(CoverRecord(skipped: order)) : order.output)
  }
}
