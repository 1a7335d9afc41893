import RepriseJobs
import TestSupport
import Testing

@Suite("Money")
struct SpendingTests {
  @Test("sums of prices are exact, however many there are")
  func exact() throws {
    let price = try #require(Dollars(0.195))
    var sum = Dollars.zero
    for _ in 0..<1000 { sum += price }
    #expect(sum == Dollars(micros: 195_000_000))
    #expect(sum.usd == 195)
    #expect(price * 1000 == sum)
    #expect("\(price) \(sum) \(Dollars(micros: 1)) \(Dollars(micros: 1_950_000))" == "$0.195 $195.00 $0.000001 $1.95")
  }

  @Test("what is no amount is none", arguments: [-0.001, .nan, .infinity, 1e300])
  func noAmount(value: Double) { #expect(Dollars(value) == nil) }

  @Test("amounts never overflow and never fall below nothing")
  func bounds() {
    #expect(Dollars.largest + .largest == .largest)
    #expect(Dollars.largest * Int.max == .largest)
    #expect(Dollars.zero - .largest == .zero)
  }

  /// Makes a number of reservations, one after the other, and returns `true` for each that the budget allows.
  private func reserving(_ count: Int, of price: Dollars, _ budget: inout Budget) -> [Bool] {
    (0..<count).map { _ in budget.reserve(price) }
  }

  @Test("a budget lets through exactly as many as it pays for, and not one more")
  func budget() throws {
    let price = try #require(Dollars(0.195))
    var budget = Budget(limit: price * 7)
    for _ in 0..<7 {
      let isThrough = budget.reserve(price)
      #expect(isThrough)
      budget.settle(reserved: price, actual: price)
    }
    let isMoreThrough = budget.reserve(Dollars(micros: 1))
    #expect(!isMoreThrough)
    #expect(budget.spent == price * 7 && budget.reserved == .zero && budget.left == .zero)
  }

  @Test("what is under way counts, and comes back where a job failed")
  func underWay() throws {
    let price = try #require(Dollars(0.2))
    var budget = Budget(limit: price * 2)
    do {
      let through = reserving(3, of: price, &budget)
      #expect(through == [true, true, false])
    }
    budget.settle(reserved: price, actual: .zero)
    do {
      let through = reserving(2, of: price, &budget)
      #expect(through == [true, false])
    }
  }

  @Test("once a job was dearer than expected the next ones, and those under way, are expected to be so")
  func dearer() throws {
    let (price, charge) = (try #require(Dollars(0.1)), try #require(Dollars(0.3)))
    var budget = Budget(limit: try #require(Dollars(0.9)))
    #expect(budget.expectation(nil) == nil)
    #expect(budget.expectation(price) == price)
    do {
      let through = reserving(3, of: price, &budget)
      #expect(through == [true, true, true])
    }
    budget.settle(reserved: price, actual: charge)
    #expect(budget.expectation(price) == charge && budget.expectation(nil) == charge)
    // 0.3 are spent and the two under way may come to 0.6.
    do {
      let through = reserving(1, of: Dollars(micros: 1), &budget)
      #expect(through == [false])
    }
    budget.settle(reserved: price, actual: price)
    do {
      let through = reserving(1, of: price, &budget)
      #expect(through == [true])
    }
  }

  @Test("what was spent before counts, and is not taken for the price of one job")
  func before() throws {
    let price = try #require(Dollars(0.2))
    var budget = Budget(limit: price * 12, spent: price * 10)
    #expect(budget.expectation(price) == price)
    let through = reserving(3, of: price, &budget)
    #expect(through == [true, true, false])
  }

  @Test("no order of reserving and settling at the expected price passes the limit")
  func neverPast() {
    var random = Seeded(5)
    for _ in 0..<200 {
      let price = Dollars(micros: Int.random(in: 1...400_000, using: &random))
      var budget = Budget(limit: Dollars(micros: Int.random(in: 0...3_000_000, using: &random)))
      var underWay = 0
      for _ in 0..<100 {
        if Bool.random(using: &random) {
          if budget.reserve(price) { underWay += 1 }
        } else if underWay > 0 {
          budget.settle(reserved: price, actual: Bool.random(using: &random) ? price : .zero)
          underWay -= 1
        }
        #expect(budget.spent + budget.reserved <= budget.limit)
      }
    }
  }

  @Test("reported charges are summed by service, and failed or unsent jobs cost nothing")
  func sums() {
    func job(_ state: Job.State, _ service: String, usd: Double?, credits: Double? = nil) -> Job {
      var job = LedgerDirectory.job(service: service)
      (job.state, job.usd, job.credits) = (state, usd, credits)
      return job
    }
    let spending = Spending(of: [
      job(.verified, "aimlapi", usd: 0.195, credits: 390_000), job(.expired, "aimlapi", usd: 0.195),
      job(.failed, "aimlapi", usd: 0.195), job(.cancelled, "aimlapi", usd: nil), job(.prepared, "aimlapi", usd: nil),
      job(.ambiguous, "other", usd: nil), job(.verified, "local", usd: nil), job(.verified, "x", usd: nil, credits: 5),
      job(.verified, "y", usd: .nan),
    ])
    #expect(spending.services.map(\.service) == ["aimlapi", "local", "other", "x", "y"])
    let paid = spending.services[0].sums
    #expect(paid.jobs == 5 && paid.paidJobs == 2 && paid.usd == Dollars(micros: 390_000) && paid.credits == 390_000)
    #expect(spending.services[1].sums.description == "1 job: nothing was charged")
    #expect(spending.services[2].sums.unpricedJobs == 1)
    #expect(spending.services[3].sums.paidJobs == 1 && spending.services[3].sums.credits == 5)
    #expect(spending.services[4].sums.unpricedJobs == 1)
    #expect(spending.total.jobs == 9 && spending.total.usd == paid.usd)
  }

  @Test(
    "a job that may have been charged and tells no charge is expected to cost its price", arguments: Job.State.allCases)
  func estimates(state: Job.State) {
    var job = LedgerDirectory.job()
    (job.state, job.price) = (state, 0.195)
    let unsent: Set<Job.State> = [.prepared, .failed, .cancelled, .submitting, .unknown]
    let before = Spending(of: [job, job, job]).total
    #expect(before.estimated == Dollars(micros: unsent.contains(state) ? 0 : 585_000))
    #expect(before.estimatedJobs == (unsent.contains(state) ? 0 : 3))
    // Its last bytes have left; it has an id.
    (job.sealed, job.id) = (job.created, "x")
    let never: Set<Job.State> = [.prepared, .failed, .cancelled]
    #expect(Spending(of: [job]).total.estimatedJobs == (never.contains(state) ? 0 : 1))
    job.usd = 0.2
    let reported = Spending(of: [job]).total
    #expect(reported.estimated == .zero && reported.usd == Dollars(micros: never.contains(state) ? 0 : 200_000))
  }
}
