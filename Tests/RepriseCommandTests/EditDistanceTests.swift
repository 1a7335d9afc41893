import RepriseCommand
import Testing

@Suite("The distance between words, and which one was meant")
struct EditDistanceTests {
  @Test(
    "insertions, deletions, replacements and swaps of neighbours cost one each",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("cover", "cover", 0), ("covr", "cover", 1), ("coverr", "cover", 1),
      ("coser", "cover", 1), ("vocer", "cover", 2), ("cvoer", "cover", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
      ("é", "e", 1),
    ])
  func distance(one: String, other: String, wanted: Int) {
    #expect(EditDistance.between(one, other) == wanted)
    #expect(EditDistance.between(other, one) == wanted)
  }

  static let commands = ["inspect", "prepare", "request", "cover", "jobs", "resume", "verify", "validate"]
  static let options = ["--prompt", "--lyrics", "--output", "--force", "--jobs", "--json", "--quiet", "--no-wait"]

  @Test(
    "the nearest word is suggested",
    arguments: [
      ("covr", "cover"), ("cvoer", "cover"), ("Cover", "cover"), ("inpsect", "inspect"), ("vallidate", "validate"),
      ("job", "jobs"), ("resum", "resume"), ("prep", "prepare"),
    ])
  func nearestCommand(typed: String, meant: String) {
    #expect(EditDistance.nearest(to: typed, among: Self.commands) == meant)
  }

  @Test(
    "of options too, whose dashes alone make nothing alike",
    arguments: [
      ("--promt", "--prompt"), ("--pormpt", "--prompt"), ("--lyric", "--lyrics"), ("--nowait", "--no-wait"),
      ("--quite", "--quiet"),
    ])
  func nearestOption(typed: String, meant: String) {
    #expect(EditDistance.nearest(to: typed, among: Self.options) == meant)
  }

  @Test(
    "what is like nothing gets no suggestion", arguments: ["frobnicate", "song.wav", "x", "", "--colour", "--x"])
  func nothingNear(typed: String) {
    #expect(EditDistance.nearest(to: typed, among: Self.commands + Self.options) == nil)
  }
}
