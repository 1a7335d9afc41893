internal import Foundation

/// A request to a worker to prepare a recording.
struct PrepareRequest: WireValue {
  /// The recording's path.
  var source: [UInt8]
  /// The path that the result is written to, without its extension.
  var staged: String
  /// The output's final path, without its extension, as named by errors.
  var shown: String
  /// Extensions of files that exist at the final path and may not be replaced.
  var taken: [String]
  /// `true` if a recording that needs no change is copied.
  var copies: Bool

  init(source: [UInt8], staged: String, shown: String, taken: [String], copies: Bool) {
    self.source = source
    self.staged = staged
    self.shown = shown
    self.taken = taken
    self.copies = copies
  }

  init?(from reader: inout ByteReader) {
    guard let source = reader.bytes(), let staged = reader.text(), let shown = reader.text(),
      let taken = reader.text(), let copies = reader.flag()
    else { return nil }
    self.init(
      source: source, staged: staged, shown: shown, taken: taken.split(separator: ",").map(String.init), copies: copies)
  }

  func write(to writer: inout ByteWriter) {
    writer.put(source)
    writer.put(staged)
    writer.put(shown)
    writer.put(taken.joined(separator: ","))
    writer.put(copies)
  }
}

/// A worker's response to a request to prepare a recording.
enum PrepareResponse: WireValue {
  /// A file that was made.
  struct Made: Sendable {
    /// The file's path.
    var path: String
    /// SHA-256 of the file's bytes.
    var digest: [UInt8]
    /// The file's format, which is its extension.
    var format: String
    /// ``PreparedFacts`` in the form that the record of the directory keeps: JSON.
    var facts: [UInt8]
  }

  case made(Made)
  /// The recording needed no change.
  case kept
  /// The output could not be made, for a reason of some kind; the worker's presentation made the message.
  case failed(PreparationFailure.Kind, message: String)

  init?(from reader: inout ByteReader) {
    switch reader.number() {
    case 0:
      guard let path = reader.text(), let digest = reader.bytes(), let format = reader.text(),
        let facts = reader.bytes()
      else { return nil }
      self = .made(Made(path: path, digest: digest, format: format, facts: facts))
    case 1: self = .kept
    case 2:
      guard let kind = reader.text().flatMap(PreparationFailure.Kind.init(rawValue:)), let message = reader.text()
      else { return nil }
      self = .failed(kind, message: message)
    default: return nil
    }
  }

  func write(to writer: inout ByteWriter) {
    switch self {
    case .made(let made):
      writer.put(Int64(0))
      writer.put(made.path)
      writer.put(made.digest)
      writer.put(made.format)
      writer.put(made.facts)
    case .kept: writer.put(Int64(1))
    case .failed(let kind, let message):
      writer.put(Int64(2))
      writer.put(kind.rawValue)
      writer.put(message)
    }
  }
}

/// The facts of a prepared recording: the fields of `reprise.prepared.v1` other than the names.
package struct PreparedFacts: Codable, Sendable {
  /// One change.
  package struct Step: Codable, Sendable {
    /// The name of the action: keep, strip, cut, convert or copy.
    package var action: String
    /// A description of the change and its reason.
    package var detail: String
    /// `true` if every sample that stays is unchanged.
    package var lossless: Bool

    /// Creates a change.
    package init(action: String, detail: String, lossless: Bool) {
      self.action = action
      self.detail = detail
      self.lossless = lossless
    }
  }

  /// A stretch of the recording that the output leaves out.
  package struct Lost: Codable, Sendable {
    /// Start in the recording, in seconds.
    package var start: Double
    /// End in the recording, in seconds.
    package var end: Double
    /// A description of what is left out.
    package var what: String

    /// Creates a stretch.
    package init(start: Double, end: Double, what: String) {
      self.start = start
      self.end = end
      self.what = what
    }
  }

  /// The changes, in order.
  package var steps: [Step]
  /// Start of the output in the recording, in seconds.
  package var start: Double
  /// End of the output in the recording, in seconds.
  package var end: Double
  /// The output's format: mp3, wav or flac.
  package var format: String
  /// The output's size in bytes.
  package var bytes: Int
  /// The output's length in seconds.
  package var seconds: Double
  /// `true` if every sample that stays is unchanged.
  package var lossless: Bool
  /// A note on changes that were not made as planned.
  package var remark: String?
  /// The stretches inside the part that are left out; `nil` in facts of earlier versions.
  package var lost: [Lost]?
  /// Change of the level in dB; `nil` for none.
  package var gain: Double?
  /// Tags of the output; `nil` if the recording has none, or its own stay as they are.
  package var tags: PreparedTags?

  /// Creates facts.
  package init(
    steps: [Step], start: Double, end: Double, format: String, bytes: Int, seconds: Double, lossless: Bool,
    remark: String?, lost: [Lost] = [], gain: Double? = nil, tags: PreparedTags? = nil
  ) {
    self.steps = steps
    self.start = start
    self.end = end
    self.format = format
    self.bytes = bytes
    self.seconds = seconds
    self.lossless = lossless
    self.remark = remark
    self.lost = lost
    self.gain = gain
    self.tags = tags
  }
}
