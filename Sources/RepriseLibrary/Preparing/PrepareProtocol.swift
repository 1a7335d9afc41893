internal import Foundation

/// What a worker is asked to prepare.
struct PrepareRequest: WireValue {
  /// The recording's path.
  var source: [UInt8]
  /// Where the result goes, without its extension.
  var staged: String
  /// Where it will be in the end, without its extension: what errors call it.
  var shown: String
  /// Extensions of files that are there and may not be replaced.
  var taken: [String]
  /// Whether a recording that needs no change is copied.
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

/// What became of a recording that a worker was asked to prepare.
enum PrepareResponse: WireValue {
  /// A file that was made.
  struct Made: Sendable {
    /// Where it is.
    var path: String
    /// SHA-256 of its bytes.
    var digest: [UInt8]
    /// Its format, which is its extension.
    var format: String
    /// ``PreparedFacts`` as the record of the directory keeps them: JSON.
    var facts: [UInt8]
  }

  case made(Made)
  /// Nothing was to be changed.
  case kept
  /// It could not be made, for a reason of some kind; the message is what the worker's presentation made of it.
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

/// What was done to a recording: the fields of `reprise.prepared.v1` beside the names.
package struct PreparedFacts: Codable, Sendable {
  /// One change.
  package struct Step: Codable, Sendable {
    /// keep, strip, cut, convert or copy.
    package var action: String
    /// What and why.
    package var detail: String
    /// Whether every sample that stays is what it was.
    package var lossless: Bool

    /// A change.
    package init(action: String, detail: String, lossless: Bool) {
      self.action = action
      self.detail = detail
      self.lossless = lossless
    }
  }

  /// The changes, in order.
  package var steps: [Step]
  /// Where it begins in the recording, in seconds.
  package var start: Double
  /// Where it ends.
  package var end: Double
  /// mp3, wav or flac.
  package var format: String
  /// Its size.
  package var bytes: Int
  /// Its length.
  package var seconds: Double
  /// Whether every sample that stayed is what it was.
  package var lossless: Bool
  /// What was done other than planned.
  package var remark: String?

  /// Facts.
  package init(
    steps: [Step], start: Double, end: Double, format: String, bytes: Int, seconds: Double, lossless: Bool,
    remark: String?
  ) {
    self.steps = steps
    self.start = start
    self.end = end
    self.format = format
    self.bytes = bytes
    self.seconds = seconds
    self.lossless = lossless
    self.remark = remark
  }
}
