import RepriseService
import RepriseJobs
import ReprisePreparation

/// The output of `cover --dry-run`: plans, service and price.
struct CoverPreview: Sendable {
  let preparer: AudioPreparer
  let rules: ServiceDescription
  let speech: OutputOptions

  /// Plans and shows every order; nothing is sent or written.
  ///
  /// - Parameter orders: The orders.
  /// - Throws: The error of a single unusable recording; of several, each is reported, and `ExitStatus.rejected` is
  ///   thrown at the end.
  func show(_ orders: [CoverOrder]) async throws {
    var failures = 0
    for order in orders where order.isSkipped {
      speech.say("\(Console.printable(order.shown)): \(Console.printable(order.output)) is there already, left out")
    }
    let orders = orders.filter { !$0.isSkipped }
    for order in orders {
      let view = CoverProgressView(quiet: speech.quiet)
      defer { view.finish() }
      do {
        let (_, plan) = try await preparer.plan(for: order.input, deep: true) { view.show(CoverEvent.surveying($0)) }
        view.finish()
        if order.isByLink { try LinkNeedsChange.check(plan) }
        if speech.json {
          try Console.data(try Console.json(PlanRecord(plan)))
        } else {
          for line in PlanText.lines(plan) { try Console.data(line) }
          if order.isByLink { try Console.data("  link: the service fetches the URL itself; no audio is sent") }
          try Console.data("  cover: \(Console.printable(order.output))")
        }
      } catch let error where orders.count > 1 && !(error is CancellationError) {
        failures += 1
        Console.say("reprise: \(ShownBatch.message(error, for: order))")
      }
    }
    let links = orders.contains(where: \.isByLink) ? ", which fetches the audio by its URL" : ""
    let remark = "service: \(rules.name) (\(price(orders.count - failures)))\(links); nothing was sent"
    if speech.json { speech.say(remark) } else { try Console.data(remark) }
    if failures > 0 { throw ExitStatus.rejected }
  }

  private func price(_ count: Int) -> String {
    guard let each = rules.usdPerCover.flatMap({ Dollars($0) }) else { return "price unknown" }
    if each == .zero { return "free" }
    return count == 1 ? "about \(each)" : "about \(each) each, about \(each * count) for \(count)"
  }
}
