import CommandSupport
import Testing

@Suite("The screen that terminal tests read")
struct TerminalScreenTests {
  @Test(
    "shows what a terminal would",
    arguments: [
      ("one\r\ntwo", ["one", "two"], 0), ("bar 10%\rbar 20%", ["bar 20%"], 0),
      ("bar\r   \rresult\r\nbar", ["result", "bar"], 0), ("1234567890", ["1234567890"], 0),
      ("1234567890\r\nx", ["1234567890", "x"], 0), ("1234567890x", ["1234567890", "x"], 1),
      ("夜夜夜夜夜夜", ["夜夜夜夜夜", "夜"], 1), ("123456789夜", ["123456789", "夜"], 1),
      ("long text\r\u{1B}[Kshort", ["short"], 0), ("\u{1B}[31mred\u{1B}[0m", ["red"], 0),
      ("e\u{301}a", ["e\u{301}a"], 0), ("a\r\nb\u{1B}[A\rc", ["c", "b"], 0),
    ])
  func rows(text: String, lines: [String], wraps: Int) {
    let screen = TerminalScreen(columns: 10, showing: text)
    #expect(screen.lines == lines)
    #expect(screen.wraps == wraps)
  }
}
