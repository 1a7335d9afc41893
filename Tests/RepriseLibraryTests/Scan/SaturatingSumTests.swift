import RepriseLibrary
import Testing

@Suite("Sums of what files claim")
struct SaturatingSumTests {
  @Test("sizes add up, and stay at the greatest number where they would not fit")
  func sizes() {
    var sum = 5
    sum.addClamped(7)
    #expect(sum == 12)
    for _ in 1...2 { sum.addClamped(5 << 60) }
    #expect(sum == .max)
  }

  @Test("lengths add up, and what is none counts for nothing")
  func lengths() {
    var sum = 1.5
    for length: Double in [2, -Double.infinity, Double.infinity, Double.nan, -1] { sum.addClamped(length) }
    #expect(sum == 3.5)
    for _ in 1...2 { sum.addClamped(.greatestFiniteMagnitude) }
    #expect(sum.isFinite)
  }

  @Test(
    "a timeout is reported without a point where it is whole",
    arguments: [(60.0, "60"), (0.5, "0.5"), (1e6, "1000000")])
  func seconds(_ number: Double, _ text: String) {
    #expect(Duration.seconds(number).secondsText == text)
  }
}
