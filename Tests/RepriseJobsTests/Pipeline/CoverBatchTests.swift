import Foundation
import HostileServer
import RepriseJobs
import RepriseService
import RepriseSystem
import TestSupport
import Testing

@Suite("Many covers in one run", .startsServers)
struct CoverBatchTests {
  /// Runs a batch to its end.
  private func run(
    _ fixture: PipelineFixture, _ orders: [CoverOrder], width: Int = 2, maxSpend: Double? = nil
  ) async throws -> (tally: CoverTally, outcomes: [(CoverOrder, CoverBatch.Outcome)], sum: SpendingGate.Sum?) {
    var tally = CoverTally()
    var outcomes: [(CoverOrder, CoverBatch.Outcome)] = []
    let batch = CoverBatch(session: try fixture.session(), orders: orders, width: width, maxSpend: maxSpend)
    let sum = try await batch.run { order, outcome in
      tally.add(outcome)
      outcomes.append((order, outcome))
    }
    return (tally, outcomes, sum)
  }

  @Test("no more begin than the limit pays for, and the rest says why")
  func budget() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let (tally, outcomes, sum) = try await run(fixture, try await fixture.orders(4), maxSpend: 0.4)
    #expect(tally.made == 2 && tally.notBegun == 2 && tally.count == 4)
    #expect(fixture.counting.tally.submissions == 2)
    let (limit, spent) = (Dollars(micros: 400_000), PipelineFixture.price * 2)
    #expect(sum == SpendingGate.Sum(spent: spent, limit: limit))
    for case .notBegun(let closure) in outcomes.map(\.1) {
      #expect(closure == .overLimit(price: PipelineFixture.price, limit: limit, spent: spent))
    }
  }

  @Test("the same run goes on where it ended: what is made is not made again, and counts")
  func goesOn() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    _ = try await run(fixture, try await fixture.orders(3), maxSpend: 0.4)
    let (tally, _, sum) = try await run(fixture, try await fixture.orders(3), maxSpend: 0.6)
    #expect(tally.madeBefore == 2 && tally.made == 1)
    #expect(sum?.spent == PipelineFixture.price * 3)
    #expect(fixture.counting.tally.submissions == 3)
  }

  @Test("a key that is refused ends the run after one question")
  func key() async throws {
    var settings = CountingService.Settings()
    settings.key = "sk-the-right-one-0123"
    var fixture = try PipelineFixture(settings)
    defer { fixture.clean() }
    fixture.key = try APIKey("sk-the-wrong-one-0123", origin: "the test")
    let (tally, outcomes, _) = try await run(fixture, try await fixture.orders(3), width: 1)
    #expect(tally.isKeyRefused && tally.pending == 1 && tally.notBegun == 2, "\(tally)")
    for case .notBegun(let closure) in outcomes.map(\.1) { #expect(closure == .keyRefused) }
    #expect(fixture.counting.tally.submissions == 0)
  }

  @Test("a service that can't be reached ends the run after one order")
  func unreachable() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let orders = try await fixture.orders(3)
    fixture.counting.stop()
    let (tally, outcomes, _) = try await run(fixture, orders, width: 1)
    #expect(tally.pending == 1 && tally.notBegun == 2, "\(tally)")
    for case .notBegun(let closure) in outcomes.map(\.1) { #expect(closure == .unreachable) }
  }

  @Test("a recording that can't be used costs that order alone")
  func oneBad() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    var orders = try await fixture.orders(2)
    let bad = fixture.path("bad.wav")
    try Data("no audio".utf8).write(to: URL(filePath: bad))
    orders.insert(
      CoverOrder(input: bad, output: fixture.path("bad.mp3"), brief: orders[0].brief, batch: orders[0].batch), at: 0)
    // The limit pays for two: what was set aside for the bad one is given back.
    let (tally, _, sum) = try await run(fixture, orders, width: 1, maxSpend: 0.39)
    #expect(tally.failed == 1 && tally.made == 2 && tally.notBegun == 0)
    #expect(sum?.spent == PipelineFixture.price * 2)
  }

  @Test("orders that are left out are not looked at")
  func skipped() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    var orders = try await fixture.orders(2)
    orders[0].isSkipped = true
    let (tally, outcomes, _) = try await run(fixture, orders)
    #expect(tally.skipped == 1 && tally.made == 1)
    #expect(outcomes.first?.0.number == orders[0].number)
    #expect(fixture.counting.tally.submissions == 1)
  }

  @Test("two orders of one recording in one style are one purchase, within the price of one")
  func same() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    let orders = ["one.mp3", "two.mp3"].map { fixture.order($0, batch: "files:same") }
    let (tally, _, sum) = try await run(fixture, orders, width: 1, maxSpend: 0.39)
    #expect(tally.made == 2 && sum?.spent == PipelineFixture.price)
    #expect(fixture.counting.tally.submissions == 1)
  }

  @Test("a run that only submits counts its prices and leaves its jobs open")
  func submitted() async throws {
    let fixture = try PipelineFixture()
    defer { fixture.clean() }
    var tally = CoverTally()
    let batch = CoverBatch(
      session: try fixture.session { $0.stopsWhenSubmitted = true }, orders: try await fixture.orders(3), width: 2,
      maxSpend: 0.4)
    let sum = try await batch.run { tally.add($1) }
    #expect(tally.submitted == 2 && tally.notBegun == 1)
    #expect(sum?.spent == PipelineFixture.price * 2)
    #expect(try await fixture.ledger.openJobs().count == 2)
  }

  @Test("a cancelled run begins nothing more, and what is under way is still reported")
  func cancelled() async throws {
    var settings = CountingService.Settings()
    settings.making = 30
    let fixture = try PipelineFixture(settings)
    defer { fixture.clean() }
    let batch = CoverBatch(session: try fixture.session(), orders: try await fixture.orders(3), width: 1)
    let outcomes = Recorder<CoverBatch.Outcome>()
    let task = Task { try await batch.run { outcomes.note($1) } }
    fixture.counting.on(.reportedPending) { _ in task.cancel() }
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    var tally = CoverTally()
    for outcome in outcomes.all { tally.add(outcome) }
    #expect(tally.pending == 1 && tally.count == 1)
    #expect(fixture.counting.tally.submissions == 1)
  }
}
