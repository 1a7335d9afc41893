import Foundation
import RepriseSystem
import Testing

@Suite("Dates as HTTP writes them")
struct HTTPDateTests {
  @Test(
    "the standard's own example and the ends of years",
    arguments: [
      (784_111_777.0, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    ])
  func text(seconds: Double, expected: String) {
    #expect(HTTPDate.text(Date(timeIntervalSince1970: seconds)) == expected)
  }
}
