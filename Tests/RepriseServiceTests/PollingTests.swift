import RepriseService
import Testing

@Suite("When to ask again")
struct PollingTests {
  private func seconds(_ action: Polling.Action) -> Double? {
    guard case .wait(let pause) = action else { return nil }
    return Double(pause.components.seconds) + Double(pause.components.attoseconds) * 1e-18
  }

  @Test("waits grow from 5 to 15 s, spread by a tenth either way")
  func growth() throws {
    var policy = Polling(Polling.Settings())
    let waits = (0..<6).compactMap { _ in
      seconds(policy.next(.answered(.generating), elapsed: .seconds(0), jitter: 0.5))
    }
    #expect(waits.count == 6)
    #expect(zip(waits, [5, 7.5, 11.25, 15, 15, 15]).allSatisfy { abs($0 - $1) < 1e-6 })
    var low = Polling(Polling.Settings())
    var high = Polling(Polling.Settings())
    #expect(seconds(low.next(.answered(.queued), elapsed: .zero, jitter: 0)) == 4.5)
    #expect(seconds(high.next(.answered(.queued), elapsed: .zero, jitter: 1)) == 5.5)
  }

  @Test("a final status finishes, even at the deadline; unknown words wait")
  func statuses() {
    for status in [Contract.Status.completed, .error] {
      var policy = Polling(Polling.Settings())
      #expect(policy.next(.answered(status), elapsed: .seconds(9999), jitter: 0) == .finish)
    }
    for word in ["waiting", "active", "", "💥"] {
      var policy = Polling(Polling.Settings())
      #expect(seconds(policy.next(.answered(Contract.Status(word: word)), elapsed: .zero, jitter: 0.5)) != nil)
    }
  }

  @Test("trouble doubles the wait up to a minute and an answer forgets it")
  func backOff() {
    var policy = Polling(Polling.Settings())
    let waits = (0..<6).compactMap { _ in
      seconds(policy.next(.retrying(retryAfter: nil), elapsed: .zero, jitter: 0.5))
    }
    #expect(waits.count == 6)
    #expect(zip(waits, [10, 20, 40, 60, 60, 60]).allSatisfy { abs($0 - $1) < 1e-6 })
    _ = policy.next(.answered(.queued), elapsed: .zero, jitter: 0.5)
    let wait = seconds(policy.next(.retrying(retryAfter: nil), elapsed: .zero, jitter: 0.5)) ?? 0
    #expect(abs(wait - 10) < 1e-6)
  }

  @Test("answers of no use back off, and end it after five in a row; trouble between them changes nothing")
  func ofNoUse() {
    var policy = Polling(Polling.Settings())
    func act(_ event: Polling.Event, at elapsed: Double = 0) -> Polling.Action {
      policy.next(event, elapsed: .seconds(elapsed), jitter: 0.5)
    }
    for _ in 0..<4 {
      #expect(seconds(act(.unrecognized(retryAfter: nil))) != nil)
      #expect(seconds(act(.retrying(retryAfter: nil))) != nil)
    }
    #expect(act(.unrecognized(retryAfter: nil)) == .abandon)
    _ = act(.answered(.generating))
    for _ in 0..<4 { #expect(seconds(act(.notFound(retryAfter: nil))) != nil) }
    #expect(act(.unrecognized(retryAfter: nil)) == .abandon)
  }

  @Test("a 404 passes for half a minute, and once after that")
  func notFound() {
    var policy = Polling(Polling.Settings())
    #expect(seconds(policy.next(.notFound(retryAfter: nil), elapsed: .seconds(5), jitter: 0.5)) == 10)
    #expect(seconds(policy.next(.notFound(retryAfter: nil), elapsed: .seconds(29), jitter: 0.5)) != nil)
    #expect(policy.next(.notFound(retryAfter: nil), elapsed: .seconds(31), jitter: 0.5) == .abandon)
    var late = Polling(Polling.Settings(), age: 600)
    #expect(seconds(late.next(.notFound(retryAfter: nil), elapsed: .zero, jitter: 0.5)) != nil)
    _ = late.next(.answered(.generating), elapsed: .zero, jitter: 0.5)
    #expect(seconds(late.next(.notFound(retryAfter: nil), elapsed: .zero, jitter: 0.5)) != nil)
    #expect(late.next(.notFound(retryAfter: nil), elapsed: .zero, jitter: 0.5) == .abandon)
  }

  @Test("Retry-After is the least wait, whatever the interval")
  func retryAfter() {
    var policy = Polling(Polling.Settings())
    #expect(policy.next(.retrying(retryAfter: .seconds(120)), elapsed: .zero, jitter: 0) == .wait(.seconds(120)))
    #expect(policy.next(.retrying(retryAfter: .seconds(2000)), elapsed: .zero, jitter: 0) == .giveUp)
  }

  @Test("the last question is asked at the deadline, and none after it")
  func deadline() {
    var policy = Polling(Polling.Settings(firstInterval: 10, longestInterval: 10, timeout: 25))
    #expect(seconds(policy.next(.answered(.queued), elapsed: .zero, jitter: 0.5)) == 10)
    #expect(seconds(policy.next(.answered(.queued), elapsed: .seconds(10), jitter: 0.5)) == 10)
    #expect(policy.next(.answered(.queued), elapsed: .seconds(20), jitter: 0.5) == .wait(.seconds(5)))
    #expect(policy.next(.answered(.queued), elapsed: .seconds(25), jitter: 0.5) == .giveUp)
  }

  @Test("settings that make no sense neither trap nor spin", arguments: [-1, 0, .nan, .infinity, 1e300])
  func nonsense(value: Double) {
    var policy = Polling(Polling.Settings(firstInterval: value, longestInterval: value, timeout: value))
    for elapsed in [0.0, 1, 1e9] {
      let action = policy.next(.retrying(retryAfter: .seconds(elapsed)), elapsed: .seconds(elapsed), jitter: .nan)
      if let wait = seconds(action) {
        #expect(wait > 0 && wait <= 604_800)
      } else {
        #expect(action == .giveUp || action == .abandon)
      }
    }
  }
}
