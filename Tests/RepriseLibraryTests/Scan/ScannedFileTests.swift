import Foundation
import RepriseAudio
import RepriseLibrary
import RepriseSystem
import TestSupport
import Testing

@Suite("A scanned file")
struct ScannedFileTests {
  @Test("its facts are those of the inspection", arguments: ["crc.mp3", "xing-claims-ten-times.mp3"])
  func facts(name: String) async throws {
    let path = fixture(name)
    let inspection = await inspect(path: path, limits: AudioLimits())
    let file = ScannedFile(path: RawPath(path), record: [UInt8](try JSONEncoder().encode(inspection)))
    let facts = file.facts
    #expect((facts.bytes, facts.format, facts.codec) == (inspection.bytes, inspection.format, inspection.codec))
    #expect((facts.sampleRate, facts.channels) == (inspection.sampleRate, inspection.channels))
    #expect((facts.frames, facts.audioBytes) == (inspection.duration?.frames, inspection.audioBytes))
    #expect(facts.reasons.map(\.code) == inspection.reasons.map(\.code.rawValue))
    #expect(facts.damage.isEmpty && facts.loudness == nil && facts.checked == .structure)
    #expect(facts.seconds == inspection.duration?.seconds && facts.seconds != nil)
    #expect(facts.verdict == .ready)
  }

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
