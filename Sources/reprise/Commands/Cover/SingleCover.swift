import Jobs
import Platform

/// One cover, from order to checked file, told as it goes.
struct SingleCover: Sendable {
  let desk: CoverDesk
  let order: CoverOrder
  let view: CoverProgressView
  let speech: OutputOptions
  let maxSpend: Double?

  func run() async throws {
    defer { view.finish() }
    let gate = try await SpendingGate(desk: desk, batch: nil, maxSpend: maxSpend)
    guard await gate.reserve() != nil else { throw Trouble(.rejected, gate.closed ?? "") }
    let finished: CoverDesk.Finished
    switch try await desk.place(order, view: view, remark: speech.say) {
    case .begun(let job, let claim):
      finished = try await desk.carry(job, claim) { view.report($0) }
    case .had(let job):
      speech.say("the same is job \(job.job) already (\(job.state.rawValue))")
      finished = try await desk.meet(order, with: job, remark: speech.say) { view.report($0) }
    }
    view.finish()
    if let remark = finished.remark { speech.say(remark) }
    let job = finished.job
    guard let report = finished.report else {
      speech.say(
        "submitted as job \(job.job) (\(Console.printable(job.id ?? ""))); fetch the cover with"
          + " '\(JobRunner.resumeCommand(job))'")
      return try speech.json ? Console.data(try Console.json(JobRecord(job))) : Console.data(job.job)
    }
    try CoverText.show(job, report, of: order.shown, shownAs: order.output, speech: speech)
  }
}
