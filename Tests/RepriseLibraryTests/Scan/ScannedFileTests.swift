import RepriseAudio
import RepriseLibrary
import RepriseSystem
import Testing

@Suite("A scanned file")
struct ScannedFileTests {
  @Test("a record that is none is said to be none")
  func noRecord() {
    let facts = ScannedFile(path: RawPath("x"), record: Array("{".utf8)).facts
    #expect(facts.verdict == .rejected)
    #expect(facts.reasons.map(\.code) == ["unreadable"])
  }

  @Test("paths are ordered by their bytes and keep those that are no text")
  func paths() {
    let odd = RawPath([0x61, 0xFF])
    #expect(odd.text == "a\u{FFFD}" && !odd.isText && RawPath("é").isText)
    #expect(
      [odd, RawPath("b"), RawPath("Z"), RawPath("a")].sorted() == [RawPath("Z"), RawPath("a"), odd, RawPath("b")])
    // The same letter, composed and decomposed: two names.
    #expect(RawPath("\u{E9}") != RawPath("e\u{301}"))
    #expect(RawPath("a/").appending(Array("b".utf8)) == RawPath("a/b"))
    #expect(RawPath("a/b.wav").name == Array("b.wav".utf8))
  }
}
