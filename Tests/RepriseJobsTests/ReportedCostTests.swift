import RepriseService
import Foundation
import HostileServer
import RepriseJobs
import TestSupport
import Testing

@Suite("What services tell of costs", .startsServers)
struct ReportedCostTests {
  private static let price = Dollars(micros: 195_000)

  @Test("an amount is one only if a cover can cost it")
  func reading() {
    #expect(ReportedCost(nil) == .unreported && ReportedCost(0) == .nothing && ReportedCost(-0.0) == .nothing)
    #expect(ReportedCost(0.195) == .amount(Self.price) && ReportedCost(1000) == .amount(ReportedCost.largest))
    for value in [1000.01, 1e14, 1e300, .infinity, -.infinity, -0.195, -1e-9 * 1e6, .nan] {
      guard case .senseless = ReportedCost(value) else {
        Issue.record("\(value) was taken for a price")
        continue
      }
    }
  }

  /// Costs in the order in which they are told, and what counts at the end at a service with a price.
  static let orders: [([Double?], Int?)] = [
    ([nil], nil), ([0], nil), ([0, 0, 0], nil), ([0, 0.2], 200_000), ([0.2, 0], 200_000), ([0.2, nil, 0], 200_000),
    ([0.1, 0.3], 300_000), ([1e14], nil), ([0, 1e14], nil), ([1e14, 0.2], 200_000), ([0.2, 1e14], 200_000),
    ([0.2, -1], 200_000), ([-1], nil), ([.nan], nil), ([.infinity, 0], nil), ([1e14, 0, 0.25, 0, -3], 250_000),
  ]

  @Test("in whatever order they are reported", arguments: orders)
  func order(reported: [Double?], counted: Int?) {
    for price in [0.195, nil] as [Double?] {
      var job = LedgerDirectory.job()
      job.price = price
      _ = job.take(.takenUp)
      _ = job.take(.sealed)
      _ = job.take(.accepted(JobEvent.Acceptance(id: "g", status: .queued, usd: reported[0])))
      _ = job.take(.waiting)
      for usd in reported.dropFirst() {
        _ = job.take(.completed(url: "https://store.example/a", credits: nil, usd: usd))
      }
      let expected = counted.map { Dollars(micros: $0) }
      let isZeroAlone = counted == nil && reported.contains(0) && price == nil
      #expect(job.reportedCharge == (isZeroAlone ? .zero : expected), "\(reported) at \(price ?? 0)")
      let sums = Spending(of: [job]).total
      if price != nil { #expect(sums.usd + sums.estimated == (expected ?? Self.price), "\(reported)") }
      let last = reported.last { $0 != nil && $0 != 0 } ?? nil
      let isOdd = last.map { !$0.isFinite || $0 < 0 || $0 > 1000 } ?? false
      #expect((job.senselessCost != nil) == isOdd, "\(reported)")
    }
  }

  @Test("a failed job is not charged, whatever was reported", arguments: [nil, 0, 0.195, 1e14, -1] as [Double?])
  func failed(usd: Double?) {
    var job = LedgerDirectory.job()
    (job.state, job.usd, job.price) = (.failed, usd, 0.195)
    let sums = Spending(of: [job]).total
    #expect(sums.usd == .zero && sums.estimated == .zero)
  }

  @Test("sums of units of a service's own stay numbers")
  func credits() throws {
    var job = LedgerDirectory.job()
    (job.state, job.credits) = (.verified, .greatestFiniteMagnitude)
    let spending = Spending(of: [job, job, job])
    #expect(spending.total.credits.isFinite)
    _ = try JSONEncoder().encode(SpendingRecord(spending, since: nil))
  }

  /// A service's way of reporting costs, and the ledger's total for one cover at 0.195.
  struct Report: Sendable, CustomTestStringConvertible {
    var name: String
    var body: @Sendable (CountingService.CostMoment) -> String? = { _ in nil }
    var head: @Sendable (CountingService.CostMoment) -> String? = { _ in nil }
    var counted: Int
    var isOdd = false
    var testDescription: String { name }

    static let all: [Report] = [
      Report(name: "nothing at all", counted: 195_000),
      Report(name: "0 in every body", body: { _ in "0" }, counted: 195_000),
      Report(name: "0 in every head", head: { _ in "0" }, counted: 195_000),
      Report(name: "0 at first", body: { $0 == .completed ? "0.25" : "0" }, counted: 250_000),
      Report(name: "0 at last", body: { $0 == .submitted ? "0.25" : "0" }, counted: 250_000),
      Report(name: "the price of a poll in its head", head: { $0 == .submitted ? nil : "0.0001" }, counted: 195_000),
      Report(
        name: "the cover's in the submission's head", head: { $0 == .submitted ? "0.3" : "0.0001" }, counted: 300_000),
      Report(
        name: "0 in the submission's body and a price in its head", body: { $0 == .submitted ? "0" : nil },
        head: { $0 == .submitted ? "0.3" : nil }, counted: 300_000),
      Report(name: "1e14", body: { _ in "1e14" }, counted: 195_000, isOdd: true),
      Report(name: "less than nothing", body: { _ in "-0.195" }, counted: 195_000, isOdd: true),
      Report(name: "a word for no number", body: { _ in #""NaN""# }, counted: 195_000, isOdd: true),
      Report(name: "nonsense in the head", head: { _ in "-5" }, counted: 195_000, isOdd: true),
      Report(name: "no number at all", body: { _ in #""free""# }, counted: 195_000),
      Report(name: "a number in a string", body: { _ in #"" 0.25 ""# }, counted: 250_000),
      Report(name: "true", body: { _ in "true" }, counted: 195_000),
    ]
  }

  @Test("what a service tells is counted as the cover's cost only where it is that", arguments: Report.all)
  func reported(_ reporting: Report) async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let song = try location.quickSong()
    var settings = CountingService.Settings()
    settings.making = 0.1
    settings.reportsCost = reporting.body
    settings.reportsCostInHead = reporting.head
    let counting = try CountingService(settings, cover: try ServedTone.cover.get()).forgetting(song)
    defer { counting.stop() }
    var service = try ServiceDescription.custom(baseURL: counting.url)
    service.polling = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 20)
    service.usdPerCover = 0.195
    let ledger = try Ledger(path: location.path)
    let client = try CoverClient(service: service, key: nil)
    let (job, claim) = try await location.begun(song: song, output: "cover.mp3", at: service, in: ledger)
    _ = try await JobRunner(ledger: ledger, client: client).run(job, claim: claim)
    let done = try await ledger.job(named: job.job)
    let sums = Spending(of: [done]).total
    #expect(sums.usd + sums.estimated == Dollars(micros: reporting.counted), "\(done.usd ?? -1)")
    #expect((done.senselessCost != nil) == reporting.isOdd, "\(done.senselessCost ?? "nothing")")
  }

  @Test("a budget is not disarmed by amounts at the end of what can be counted")
  func ends() {
    var budget = Budget(limit: .largest)
    let first = budget.reserve(.largest)
    let second = budget.reserve(Dollars(micros: 1))
    #expect(first && !second)
    budget.settle(reserved: .largest, actual: .largest)
    let third = budget.reserve(Dollars(micros: 1))
    #expect(!third)
    var spent = Budget(limit: Self.price * 2, spent: .largest)
    let fourth = spent.reserve(.zero)
    #expect(!fourth)
  }

  @Test("what a job of an earlier run turns out to cost takes the place of what was expected")
  func corrected() {
    var budget = Budget(limit: Self.price * 4, spent: Self.price * 2)
    budget.correct(Self.price, to: Self.price * 2)
    #expect(budget.spent == Self.price * 3 && budget.expectation(Self.price) == Self.price * 2)
    budget.correct(Self.price, to: .zero)
    #expect(budget.spent == Self.price * 2)
    let through = budget.reserve(Self.price * 2)
    #expect(through)
  }
}
