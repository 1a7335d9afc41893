import RepriseAnalysis
import RepriseCommand
import Testing

@Suite("The text of an analysis")
struct AnalysisTextTests {
  /// Nine bars in two sections at 120 bpm, in F and then in A.
  private var song: Analysis {
    let beats = (0..<36).map { 0.1 + Double($0) / 2 }
    return Analysis(
      seconds: 18.5, tempo: 120, meter: 4, key: Triad(root: 5, isMinor: false), beats: beats,
      downbeats: stride(from: 0, to: 36, by: 4).map { beats[$0] },
      chords: [
        .init(start: 0, end: 1.1, chord: Chord("A:min7")), .init(start: 1.1, end: 2.1, chord: Chord("A#:maj7/3")),
        .init(start: 2.1, end: 8.1, chord: Chord("F:maj")), .init(start: 8.1, end: 10.1, chord: nil),
        .init(start: 10.1, end: 18.5, chord: Chord("C#:min")),
      ], melody: [.init(start: 1, end: 2, pitch: 58), .init(start: 2, end: 3, pitch: 74)],
      keys: [
        .init(start: 0, end: 10.1, key: Triad(root: 5, isMinor: false)),
        .init(start: 10.1, end: 18.5, key: Triad(root: 9, isMinor: false)),
      ], sections: [.init(start: 0, end: 10.1, label: "A"), .init(start: 10.1, end: 18.5, label: "B", isChorus: true)],
      confidence: .init(), tuning: 0, levels: [])
  }

  @Test("the chord sheet has all bars, four a line, by sections, spelled by the key")
  func sheet() {
    #expect(
      AnalysisText(window: nil, isColoured: false).lines("song.mp3", song) == [
        "song.mp3: 0:18.500",
        "  tempo   120.0 bpm, 4/4, 36 beats",
        "  key     F major, A major from 0:10.1",
        "  melody  2 notes, B♭3 to D5",
        "",
        "  A           0:00.1 | Am7 . B♭maj7/D . | F   | F   | F   |",
        "              0:08.1 | N.C.             |",
        "  B (chorus)  0:10.1 | C♯m              | C♯m | C♯m | C♯m |",
      ])
  }

  @Test(
    "bars of six are told in the beats that were heard, which are what is counted",
    arguments: [(2, 60.0, "♩. = 60.0, 6/8, 8 beats"), (6, 180.0, "♪ = 180.0, 6/8, 24 beats")])
  func six(_ perBar: Int, _ tempo: Double, _ words: String) {
    let beats = (0..<4 * perBar).map { 0.1 + Double($0) * 60 / tempo }
    let analysis = Analysis(
      seconds: 9, tempo: tempo, meter: 6, key: Triad(root: 5, isMinor: false), beats: beats,
      downbeats: stride(from: 0, to: beats.count, by: perBar).map { beats[$0] },
      chords: [.init(start: 0, end: 9, chord: Chord("F:maj"))], melody: [], confidence: .init(), tuning: 0, levels: [])
    let lines = AnalysisText(window: nil, isColoured: false).lines("song.mp3", analysis)
    #expect(lines[1] == "  tempo   " + words)
    #expect(lines.last?.hasSuffix("| F | F | F | F |") == true)
  }

  @Test("a narrow window gets fewer bars a line", arguments: [(48, 2), (42, 1)])
  func narrow(_ window: Int, _ bars: Int) {
    let lines = AnalysisText(window: window, isColoured: false).lines("song.mp3", song).dropFirst(5)
    #expect(lines.map { $0.count(where: { $0 == "|" }) - 1 }.max() == bars)
    #expect(lines.reduce(0) { $0 + $1.count(where: { $0 == "|" }) - 1 } == 9)
  }

  @Test("what is no music is said to be none, without a sheet")
  func noMusic() {
    var analysis = song
    analysis.confidence.music = 0.126
    #expect(
      AnalysisText(window: nil, isColoured: false).lines("a\u{1B}.wav", analysis) == [
        "a\\u{1b}.wav: 0:18.500", "  no music was heard (12 % likely that there is some)",
      ])
  }

  @Test("doubts are told in words, coloured if colours may be", arguments: [false, true])
  func doubts(_ isColoured: Bool) {
    var analysis = song
    analysis.confidence = .init(music: 0.9, beats: 0.3, key: 0.5, melody: 0.7)
    let lines = AnalysisText(window: nil, isColoured: isColoured).lines("s", analysis)
    let (begin, end) = isColoured ? ("\u{1B}[33m", "\u{1B}[0m") : ("", "")
    #expect(lines[1] == "  tempo   120.0 bpm, 4/4, 36 beats \(begin)(a guess)\(end)")
    #expect(lines[2].hasSuffix(" \(begin)(uncertain)\(end)"))
    #expect(lines[3] == "  melody  2 notes, B♭3 to D5")
  }
}
