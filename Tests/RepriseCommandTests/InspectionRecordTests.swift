import RepriseAudio
import RepriseCommand
import RepriseLibrary
import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("Records of inspections")
struct InspectionRecordTests {
  private static func object(_ inspection: Inspection) throws -> [String: Any] {
    let line = try InspectionRecord(inspection).line()
    return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test(
    "every record has the same keys, null where there is nothing",
    arguments: ["cbr.mp3", "text.mp3", "nowhere.wav", "silent.wav"])
  func keys(name: String) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(), loudness: true)
    let object = try Self.object(found)
    #expect(
      Set(object.keys) == [
        "schema", "path", "bytes", "format", "container", "codec", "sampleRate", "channels", "duration", "audioBytes",
        "integrity", "signal", "loudness", "gapless", "verdict", "reasons", "decoders",
      ])
    #expect(object["schema"] as? String == "reprise.inspection.v1")
    let integrity = try #require(object["integrity"] as? [String: Any])
    #expect(
      Set(integrity.keys) == ["checked", "damaged", "problems", "damage", "skipped", "md5", "musicCRC", "skim"])
    let parts: [(String, Set<String>)] = [
      ("duration", ["seconds", "frames", "basis", "declaredSeconds", "countedSeconds", "decodedSeconds"]),
      (
        "signal",
        [
          "peak", "silence", "clippedShare", "clippedRuns", "firstClipping", "longestClipping", "dcOffset",
          "clippedLevel", "channels",
        ]
      ), ("loudness", ["integrated", "range", "truePeak"]),
    ]
    for (part, keys) in parts {
      if let fields = object[part] as? [String: Any] { #expect(Set(fields.keys) == keys, "\(part)") }
    }
    #expect((object["duration"] is NSNull) == (found.duration == nil))
    #expect((object["signal"] is NSNull) == (found.signal == nil))
  }

  @Test("a record tells findings as sentences, damage and skipped bytes by their names")
  func sentences() async throws {
    let found = await inspect(path: fixture("garbage-between.mp3"), limits: AudioLimits())
    let object = try Self.object(found)
    let reasons = try #require(object["reasons"] as? [[String: String]])
    #expect(reasons.map { $0["code"] } == found.reasons.map(\.code.rawValue))
    #expect(reasons.map { $0["message"] } == found.reasons.map { $0.finding.sentence(path: found.path) })
    let integrity = try #require(object["integrity"] as? [String: Any])
    #expect(
      integrity["problems"] as? [String] == found.integrity.problems.map { $0.sentence(path: found.path) })
    let damage = try #require(integrity["damage"] as? [[String: Any]])
    #expect(damage.map { $0["what"] as? String } == ["bytes between frames that are not audio"])
    let skipped = try #require(integrity["skipped"] as? [[String: Any]])
    #expect(skipped.map { $0["what"] as? String }.contains("no audio"))
  }

  @Test(
    "the facts that reports show are those of the record",
    arguments: ["crc.mp3", "xing-claims-ten-times.mp3", "flipped-byte.flac", "text.mp3"])
  func facts(name: String) async throws {
    let found = await inspect(path: fixture(name), limits: AudioLimits(), deep: true)
    let facts = ScannedFile(path: RawPath(found.path), record: try InspectionRecord.rendered(found).record).facts
    #expect(facts.bytes == found.bytes && facts.format == found.format && facts.codec == found.codec)
    #expect(facts.sampleRate == found.sampleRate && facts.channels == found.channels)
    #expect(facts.seconds == found.duration?.seconds && facts.frames == found.duration?.frames)
    #expect(facts.audioBytes == found.audioBytes && facts.verdict == found.verdict)
    #expect(facts.reasons.map(\.code) == found.reasons.map(\.code.rawValue))
    #expect(facts.damage.map(\.start) == found.integrity.damage.map(\.start))
    #expect(facts.damage.map(\.what) == found.integrity.damage.map(\.kind.description))
    #expect(facts.checked == found.integrity.checked)
  }
}
