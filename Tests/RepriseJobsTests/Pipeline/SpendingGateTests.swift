import RepriseJobs
import RepriseService
import Testing

@Suite("The gate that covers pass before they are bought")
struct SpendingGateTests {
  private static let price = PipelineFixture.price

  private func job(price: Double? = 0.195, usd: Double? = nil, batch: String? = nil) -> Job {
    var job = LedgerDirectory.job()
    (job.state, job.price, job.usd, job.batch) = (.verified, price, usd, batch)
    return job
  }

  /// Waits until so many stand at the gate.
  private func crowd(_ gate: SpendingGate, _ count: Int) async throws {
    while gate.waitingCount < count { await Task.yield() }
  }

  @Test("without a limit everything begins, and nothing is counted")
  func open() async throws {
    let gate = SpendingGate(price: Self.price, limit: nil)
    for _ in 0..<100 { _ = try await gate.reserve() }
    #expect(gate.closure == nil && gate.sum == nil)
  }

  @Test("the cover that would pass the limit is refused, with the numbers, and so is every later one")
  func refuses() async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price * 2)
    for _ in 0..<2 { gate.keep(try await gate.reserve()) }
    let expected = SpendingClosure.overLimit(price: Self.price, limit: Self.price * 2, spent: Self.price * 2)
    for _ in 0..<2 { await #expect(throws: expected) { try await gate.reserve() } }
    #expect(gate.closure == expected)
  }

  @Test("a limit below one price lets nothing begin")
  func nothing() async {
    let gate = SpendingGate(price: Self.price, limit: .zero)
    await #expect(throws: SpendingClosure.overLimit(price: Self.price, limit: .zero, spent: .zero)) {
      try await gate.reserve()
    }
  }

  @Test("where only what is set aside stands in the way it waits, and begins once that is given back")
  func waits() async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price)
    let first = try await gate.reserve()
    async let second = gate.reserve()
    try await crowd(gate, 1)
    #expect(gate.closure == nil)
    gate.release(first)
    gate.keep(try await second)
    #expect(gate.sum?.spent == Self.price)
  }

  @Test("whoever waits is refused once what was set aside is spent")
  func waitsInVain() async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price)
    let first = try await gate.reserve()
    let waiting = Task { try await gate.reserve() }
    try await crowd(gate, 1)
    gate.settle(first, job(usd: 0.195))
    await #expect(throws: SpendingClosure.overLimit(price: Self.price, limit: Self.price, spent: Self.price)) {
      try await waiting.value
    }
  }

  @Test("a hundred that wait for one price pass one after the other, and never two at once")
  func crowded() async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price)
    let inside = Recorder<Int>()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          let reservation = try await gate.reserve()
          inside.note(number)
          gate.release(reservation)
        }
      }
      try await group.waitForAll()
    }
    #expect(Set(inside.all).count == 100 && gate.sum?.spent == .zero)
  }

  @Test("a service that charges more than expected raises what the next is held against")
  func dearer() async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price * 4)
    gate.settle(try await gate.reserve(), job(usd: 0.585))
    await #expect(
      throws: SpendingClosure.overLimit(price: Self.price * 3, limit: Self.price * 4, spent: Self.price * 3)
    ) { try await gate.reserve() }
  }

  @Test("a job that failed costs nothing, and one of which nothing is known its price", arguments: [true, false])
  func settled(hasFailed: Bool) async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price)
    var job = job(price: nil)
    if hasFailed { job.state = .failed }
    gate.settle(try await gate.reserve(), job)
    #expect(gate.sum?.spent == (hasFailed ? .zero : Self.price))
  }

  @Test("what earlier parts of the run have cost counts, and is corrected by what it turned out to cost")
  func earlier() async throws {
    let before = job(batch: "run")
    let gate = SpendingGate(price: Self.price, batch: "run", limit: Self.price * 3, before: [before])
    #expect(gate.sum?.spent == Self.price)
    var after = before
    after.usd = 0.39
    gate.correct(before, to: after)
    #expect(gate.sum?.spent == Self.price * 2)
    // Another run's was not counted.
    gate.correct(job(batch: "other"), to: after)
    #expect(gate.sum?.spent == Self.price * 2)
  }

  @Test("one that is closed wakes whoever waits, and keeps its first reason")
  func closes() async throws {
    let gate = SpendingGate(price: Self.price, limit: Self.price)
    _ = try await gate.reserve()
    let waiting = Task { try await gate.reserve() }
    try await crowd(gate, 1)
    gate.close(.keyRefused)
    gate.close(.unreachable)
    await #expect(throws: SpendingClosure.keyRefused) { try await waiting.value }
    #expect(gate.closure == .keyRefused)
  }

  @Test("a limit at a service whose price is not known is refused before anything is bought")
  func unpriced() async throws {
    var fixture = try PipelineFixture()
    defer { fixture.clean() }
    fixture.service.usdPerCover = nil
    do {
      _ = try await SpendingGate(session: fixture.session(), batch: nil, maxSpend: 1)
      Issue.record("it was let through")
    } catch CoverPipelineError.priceUnknown(let service) {
      #expect(service == fixture.service.name)
    }
    // Without a limit nobody asks for a price.
    #expect(try await SpendingGate(session: fixture.session(), batch: nil, maxSpend: nil).sum == nil)
  }
}
