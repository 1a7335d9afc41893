package import RepriseAudio

/// The response to a file's check: its record, the displayed rows, and the facts that a scan needs without decoding the
/// record.
package struct CheckResponse: Sendable, Equatable {
  /// The file's record, `reprise.inspection.v1`, without its line end.
  package var record: [UInt8]
  /// The rows of a displayed table, each with its line end.
  package var rows: [UInt8]
  /// The verdict: if the file can be sent.
  package var verdict: Inspection.Verdict
  /// The file's format, by its content.
  package var format: FileFormat
  /// Codec, sample rate and channels: only files that agree in these can hold the same audio in equal bytes.
  package var sound = ""
  /// The reason why the file could not be used at all.
  package var failure: AudioFileError.Code?
  /// The file's size in bytes.
  package var bytes: Int?
  /// The file's length in seconds.
  package var seconds: Double?
  /// The file's length in frames.
  package var frames: Int?
  /// Number of bytes of audio, without tags and pictures.
  package var audioBytes: Int?
  /// The range of the file's audio, in bytes.
  package var audioRange: Range<Int>?
  /// `true` if the file was skimmed: not every frame was located.
  package var isSkimmed = false
  /// `true` if the worker crashed or timed out on this file instead of reporting a result.
  package var isLost = false
  /// SHA-256 of all the file's bytes, if everything was decoded; else empty.
  package var content: [UInt8] = []
  /// The whole inspection as ``InspectionTransport`` encodes it, if it was requested; else empty.
  var inspection: [UInt8] = []

  /// Creates the response for a file that was inspected, or could not be.
  ///
  /// - Parameters:
  ///   - inspection: The inspection.
  ///   - rendered: The record and the rows of the inspection.
  package init(_ inspection: Inspection, rendered: (record: [UInt8], rows: String)) {
    record = rendered.record
    rows = Array(rendered.rows.utf8)
    verdict = inspection.verdict
    format = inspection.format
    failure = inspection.failure?.code
    bytes = inspection.bytes
    sound = "\(inspection.codec) \(inspection.sampleRate ?? 0) \(inspection.channels ?? 0)"
    seconds = inspection.duration?.seconds
    frames = inspection.duration?.frames
    audioBytes = inspection.audioBytes
    // The range of a wrapped stream is not one of the file.
    audioRange = inspection.notes.unwrapping == nil ? inspection.notes.audioRange : nil
    isSkimmed = inspection.integrity.checked == .skim
  }
}

extension CheckResponse: WireValue {
  init?(from reader: inout ByteReader) {
    guard let verdict = reader.text().flatMap(Inspection.Verdict.init(rawValue:)),
      let format = reader.text().flatMap(FileFormat.init(rawValue:)), let failure = reader.text(),
      let sound = reader.text(),
      let size = reader.optionalInt(), let seconds = reader.double(), let frames = reader.optionalInt(),
      let audioBytes = reader.optionalInt(), let start = reader.optionalInt(), let end = reader.optionalInt(),
      let isSkimmed = reader.flag(), let isLost = reader.flag(), let content = reader.bytes(),
      let record = reader.bytes(),
      let rows = reader.bytes(), let inspection = reader.bytes()
    else { return nil }
    // The bytes may come from a cache that others can write: validated here, so that callers need not do so.
    guard [size, frames, audioBytes].allSatisfy({ ($0 ?? 0) >= 0 }), seconds.isNaN || (0...1e20).contains(seconds),
      (start == nil) == (end == nil), (start ?? 0) >= 0, (start ?? 0) <= (end ?? 0)
    else { return nil }
    self.record = record
    self.rows = rows
    self.verdict = verdict
    self.format = format
    self.failure = failure.isEmpty ? nil : AudioFileError.Code(rawValue: failure) ?? .io
    self.sound = sound
    self.bytes = size
    self.seconds = seconds.isNaN ? nil : seconds
    self.frames = frames
    self.audioBytes = audioBytes
    if let start, let end { audioRange = start..<end }
    self.isSkimmed = isSkimmed
    self.isLost = isLost
    self.content = content
    self.inspection = inspection
  }

  func write(to writer: inout ByteWriter) {
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
    writer.put(isSkimmed)
    writer.put(isLost)
    writer.put(content)
    writer.put(record)
    writer.put(rows)
    writer.put(inspection)
  }
}
