package import RepriseAudio
internal import Foundation

/// What a worker says of a file: the record, the lines that people read, and what a scan needs of them without reading
/// the record again.
package struct CheckAnswer: Sendable, Equatable {
  /// `reprise.inspection.v1`, without its line end.
  package var record: [UInt8]
  /// What people read, lines with their ends.
  package var words: [UInt8]
  package var verdict: Inspection.Verdict
  package var format: FileFormat
  /// Codec, sample rate and channels: bytes of audio that agree mean the same only where these do too.
  package var sound = ""
  /// Why the file could not be used at all.
  package var failure: AudioFileError.Code?
  /// The file's size.
  package var bytes: Int?
  package var seconds: Double?
  package var frames: Int?
  package var audioBytes: Int?
  /// Where its audio begins and ends, in bytes.
  package var audioRange: Range<Int>?
  /// Whether it is not the file that was looked at in vain, but the checker that did not come back from it.
  package var isCrash = false
  /// SHA-256 of all its bytes, where everything was decoded.
  package var content: [UInt8] = []

  /// The answer for a file that was looked at, or could not be.
  ///
  /// - Parameter rendered: the record and the rows that were made of it.
  package init(_ inspection: Inspection, rendered: (record: [UInt8], rows: String)) {
    record = rendered.record
    words = Array(rendered.rows.utf8)
    verdict = inspection.verdict
    format = inspection.format
    failure = inspection.failure?.code
    bytes = inspection.bytes
    sound = "\(inspection.codec) \(inspection.sampleRate ?? 0) \(inspection.channels ?? 0)"
    seconds = inspection.duration?.seconds
    frames = inspection.duration?.frames
    audioBytes = inspection.audioBytes
    audioRange = inspection.notes.audioRange
  }

  /// The answer that `encoded` made bytes of; nil of any others.
  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    guard let verdict = reader.text().flatMap(Inspection.Verdict.init(rawValue:)),
      let format = reader.text().flatMap(FileFormat.init(rawValue:)), let failure = reader.text(),
      let sound = reader.text(),
      let size = reader.optionalInt(), let seconds = reader.double(), let frames = reader.optionalInt(),
      let audioBytes = reader.optionalInt(), let start = reader.optionalInt(), let end = reader.optionalInt(),
      let isCrash = reader.number(), let content = reader.bytes(), let record = reader.bytes(),
      let words = reader.bytes()
    else { return nil }
    // The bytes may come from a cache that others can write: whoever counts with these need not ask again.
    guard [size, frames, audioBytes].allSatisfy({ ($0 ?? 0) >= 0 }), seconds.isNaN || (0...1e20).contains(seconds),
      (start == nil) == (end == nil), (start ?? 0) >= 0, (start ?? 0) <= (end ?? 0)
    else { return nil }
    self.record = record
    self.words = words
    self.verdict = verdict
    self.format = format
    self.failure = failure.isEmpty ? nil : AudioFileError.Code(rawValue: failure) ?? .io
    self.sound = sound
    self.bytes = size
    self.seconds = seconds.isNaN ? nil : seconds
    self.frames = frames
    self.audioBytes = audioBytes
    if let start, let end { audioRange = start..<end }
    self.isCrash = isCrash != 0
    self.content = content
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.put(verdict.rawValue)
    writer.put(format.rawValue)
    writer.put(failure?.rawValue ?? "")
    writer.put(sound)
    writer.put(bytes)
    writer.put(seconds ?? .nan)
    writer.put(frames)
    writer.put(audioBytes)
    writer.put(audioRange?.lowerBound)
    writer.put(audioRange?.upperBound)
    writer.put(Int64(isCrash ? 1 : 0))
    writer.put(content)
    writer.put(record)
    writer.put(words)
    return writer.bytes
  }
}
