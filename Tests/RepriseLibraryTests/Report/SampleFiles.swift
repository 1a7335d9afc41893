import Foundation
import RepriseLibrary
import RepriseSystem

/// A checked file of a test's own making.
struct SampleFile {
  var path: [UInt8]
  var verdict = "ready"
  var reasons: [(code: String, message: String)] = []
  var bytes: Int? = 5_000_000
  var seconds: Double? = 180
  var codec = "mp3"
  var damage: [(Double, Double)] = []
  /// The kinds of the stretches of damage, repeated from the first if there are more stretches.
  var kinds = ["a frame"]
  var loudness: Double?
  var isSkimmed = false

  init(_ path: String) { self.path = Array(path.utf8) }
  init(_ path: [UInt8]) { self.path = path }

  /// A copy with some things changed.
  func with(_ change: (inout SampleFile) -> Void) -> SampleFile {
    var copy = self
    change(&copy)
    return copy
  }

  /// The file with its record, as the checker writes it.
  func checked() throws -> ScannedFile {
    func orNull(_ value: (some Any)?) -> Any { value.map { $0 as Any } ?? NSNull() }
    let length: [String: Any]? = seconds.map {
      ["seconds": $0, "frames": Int(min($0, 1e9) * 44_100), "basis": "counted"]
    }
    let figures: [String: Any]? = loudness.map { ["integrated": $0, "range": 3.5, "truePeak": -1.0] }
    let record: [String: Any] = [
      "schema": "reprise.inspection.v1", "path": String(decoding: path, as: UTF8.self), "bytes": orNull(bytes),
      "format": "mp3", "container": NSNull(), "codec": codec, "sampleRate": orNull(seconds.map { _ in 44_100 }),
      "channels": orNull(seconds.map { _ in 2 }), "duration": orNull(length), "audioBytes": orNull(bytes),
      "integrity": [
        "checked": isSkimmed ? "skim" : loudness == nil ? "structure" : "full", "damaged": !damage.isEmpty,
        "problems": [String](),
        "damage": damage.enumerated().map {
          ["start": $1.0, "end": $1.1, "what": kinds[$0 % kinds.count]] as [String: Any]
        }, "skipped": [String](),
        "md5": NSNull(), "musicCRC": NSNull(),
      ],
      "signal": NSNull(), "loudness": orNull(figures), "verdict": verdict,
      "reasons": reasons.map { ["code": $0.code, "message": $0.message] },
    ]
    return ScannedFile(path: RawPath(path), record: [UInt8](try JSONSerialization.data(withJSONObject: record)))
  }
}

/// Names that try to be more than names.
let hostileNames: [[UInt8]] = [
  Array("</script><script>window.pwned=1</script>.mp3".utf8),
  Array("<img src=x onerror=\"window.pwned=2\">.mp3".utf8),
  Array("<!--<script>.mp3".utf8),
  Array("quote\"and'and&amp;`${1}.mp3".utf8),
  Array("line\nend\r.mp3".utf8),
  Array("evil\u{202E}3pm.exe".utf8),
  Array("separators\u{2028}\u{2029}.mp3".utf8),
  Array("back\\nslash.mp3".utf8),
  Array("not utf-8 ".utf8) + [0xFF, 0xC3, 0x28] + Array(".mp3".utf8),
  Array("{{title}}.mp3".utf8),
  Array("=HYPERLINK(\"http://x\").mp3".utf8),
]
