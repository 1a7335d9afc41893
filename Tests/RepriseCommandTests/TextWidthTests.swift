import RepriseCommand
import Testing

@Suite("Texts in columns")
struct TextWidthTests {
  @Test(
    "wide characters take two columns", arguments: [("", 0), ("abc", 3), ("é", 1), ("日本", 4), ("a日b", 4), ("🎵", 2)])
  func width(text: String, wanted: Int) { #expect(TextWidth.of(text) == wanted) }

  @Test(
    "a shortened text fits, and keeps its end", arguments: [1, 2, 5, 12, 20, 40],
    ["music/album/track 01 - a name.mp3", "音楽/アルバム/曲の名前.mp3", "short.mp3"])
  func shortened(width: Int, text: String) {
    let short = TextWidth.shortened(text, width: width, end: 0.66)
    #expect(TextWidth.of(short) <= width)
    if TextWidth.of(text) <= width { #expect(short == text) }
    if width >= 12 { #expect(short.hasSuffix(".mp3")) }
  }

  @Test("long lines break between words, below the first one's text")
  func wrapped() {
    let line = "    corrupt: the frame at 0:12.3 has no end, so what follows is lost; get an undamaged copy"
    let parts = TextWidth.wrapped(line, width: 40)
    #expect(parts.count == 3)
    for part in parts { #expect(TextWidth.of(part) <= 40 && part.hasPrefix("    ") && !part.hasSuffix(" ")) }
    #expect(parts.map { $0.drop { $0 == " " } }.joined(separator: " ") == line.drop { $0 == " " })
    #expect(TextWidth.wrapped("  short", width: 40) == ["  short"])
  }

  @Test("in a window the widest column gives way, elsewhere none does")
  func columns() {
    let rows = [
      ["NAME", "BASE URL", "KEY"], ["aimlapi", "https://api.example.com/a/long/path/to/it", "found in a file"],
    ]
    let whole = ColumnFit.lines(rows, window: nil)
    #expect(whole[1].contains("https://api.example.com/a/long/path/to/it"))
    for window in [50, 60, 200] {
      let lines = ColumnFit.lines(rows, window: window)
      for line in lines { #expect(TextWidth.of(line) <= window, "\(line)") }
      #expect(lines[1].contains("aimlapi") && lines[1].contains("found in a file"))
    }
    #expect(ColumnFit.lines(rows, window: 200) == whole)
  }

  @Test("what a table gives up is given up in order, and what is not named stays whole", arguments: 1...80)
  func conceding(_ window: Int) {
    let rows = [["JOB", "BEGUN", "OUTPUT"], ["rp-0123456789abcdef", "2026-01-02 03:04", "/music/covers/song.mp3"]]
    let concessions: [ColumnFit.Concession] = [.shortening(2, least: 8), .omitting(1)]
    let lines = ColumnFit.lines(rows, window: window, conceding: concessions)
    // The name, a gap and eight columns are the least.
    #expect((lines == nil) == (window < 29))
    for line in lines ?? [] { #expect(TextWidth.of(line) <= window, "\(line)") }
    if let lines { #expect(lines[1].hasPrefix("rp-0123456789abcdef  ")) }
    if window < 47 {
      #expect(lines?[0].contains("BEGUN") != true)
    } else {
      #expect(lines?[0].contains("BEGUN") == true)
    }
    #expect(ColumnFit.lines(rows, window: nil, conceding: concessions) == ColumnFit.lines(rows, window: nil))
  }

  @Test("the two widest columns end alike wide rather than one at nothing")
  func twoWide() {
    #expect(ColumnFit.widths(natural: [10, 60, 50], gap: 0, window: 90) == [10, 40, 40])
    #expect(ColumnFit.widths(natural: [10, 20], gap: 2, window: nil) == [10, 20])
  }

  @Test(
    "colour only on a terminal that knows it and where nobody forbids it",
    arguments: [
      ([:], true, true), ([:], false, false), (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
      (["TERM": "dumb"], true, false), (["TERM": "xterm-256color"], true, true), (["CLICOLOR": "0"], true, false),
      (["CLICOLOR": "1"], true, true), (["CLICOLOR": "1"], false, false),
    ] as [([String: String], Bool, Bool)])
  func colour(environment: [String: String], isTerminal: Bool, wanted: Bool) {
    #expect(ColourRule.allows(isTerminal: isTerminal, environment: environment) == wanted)
  }
}
