import Foundation

/// What is known of a half-fetched result: which state of it the bytes are of, and how long it is.
struct PartialNotes: Sendable, Equatable, Codable {
  /// The host's own name for that state.
  var etag: String?
  /// When it last changed, in the host's words.
  var lastModified: String?
  /// The whole's length in bytes.
  var total: Int?
  /// The media type.
  var contentType: String?

  /// What a response with the whole tells.
  ///
  /// - Parameter headers: of a 200.
  init(_ headers: HTTPHeaders) {
    etag = headers["etag"].flatMap { Self.isStrong($0) ? $0 : nil }
    if let changed = headers["last-modified"], Self.isStrong(date: changed, at: headers["date"]) {
      lastModified = changed
    }
    total = headers.contentLength
    contentType = headers["content-type"].map { printable($0, limit: 100) }
  }

  /// Nothing is known.
  init() {}

  /// The notes kept in a file; `nil` if there are none that make sense.
  init?(at path: String) {
    guard let data = FileManager.default.contents(atPath: path), data.count < 65_536,
      var notes = try? JSONDecoder().decode(PartialNotes.self, from: data), notes.total ?? 0 >= 0
    else { return nil }
    // They go into a request's head.
    notes.etag = notes.etag.flatMap { Self.isStrong($0) ? $0 : nil }
    notes.lastModified = notes.lastModified.flatMap { Self.isPlain($0) ? $0 : nil }
    self = notes
  }

  /// What `If-Range` may hold (RFC 9110, section 13.1.5): `nil` means that nothing can be joined safely.
  var validator: String? { etag ?? lastModified }

  /// Whether a 206 is of the state that `If-Range` named: it has to repeat the ETag (RFC 9110, section 15.3.7), and
  /// where the date of change was the validator, that. A host that takes no notice of `If-Range` is found out by this.
  func isRepeated(by headers: HTTPHeaders) -> Bool {
    if let etag { return headers["etag"] == etag }
    return lastModified != nil && headers["last-modified"] == lastModified
  }

  /// Whether an entity tag promises the same bytes (RFC 9110, section 8.8.3): not `W/"…"`.
  static func isStrong(_ etag: String) -> Bool {
    let inner = etag.utf8.dropFirst().dropLast()
    return etag.utf8.count >= 2 && etag.utf8.count <= 1024 && etag.hasPrefix("\"") && etag.hasSuffix("\"")
      && inner.allSatisfy { $0 == 0x21 || (0x23...0x7E).contains($0) }
  }

  /// Whether a date of change is a strong validator (RFC 9110, section 8.8.2.2): the response was made at least a
  /// second later, so that two changes within one second can't go by the same date.
  private static func isStrong(date: String, at now: String?) -> Bool {
    guard isPlain(date), let changed = RetryAfter.time(date), let now = now.flatMap(RetryAfter.time) else {
      return false
    }
    return now - changed >= 1
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.count <= 64 && !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }
}

/// What becomes of the bytes that are there, by the head of the response. Pure.
enum PartialStep: Equatable {
  /// The rest comes: these bytes, of a whole of so many.
  case join(ClosedRange<Int>, total: Int)
  /// The whole comes.
  case anew(PartialNotes)
  /// There is no rest.
  case whole
  /// What comes does not fit to what is there, which is dropped.
  case mismatch
  /// The response says nothing about the bytes.
  case other

  /// - Parameters:
  ///   - status: of the response, as its headers.
  ///   - asked: the first byte that was asked for; `nil` if all of them were.
  ///   - notes: on the bytes that are there.
  init(status: Int, _ headers: HTTPHeaders, asked: Int?, notes: PartialNotes) {
    let range = ContentRange(headers["content-range"])
    switch status {
    case 200: self = .anew(PartialNotes(headers))
    case 206 where asked == nil:
      // Nobody asked for a part; one that is all of it is as good as a 200.
      guard let range, let part = range.part, let total = range.total, part == 0...(total - 1) else {
        self = .mismatch
        return
      }
      var whole = PartialNotes(headers)
      whole.total = total
      self = .anew(whole)
    case 206:
      guard let asked, notes.isRepeated(by: headers), let range, let part = range.part, part.lowerBound == asked,
        let total = notes.total ?? range.total, range.total ?? total == total, part.upperBound < total
      else {
        self = .mismatch
        return
      }
      self = .join(part, total: total)
    case 416:
      let isOther = notes.etag != nil && headers["etag"] != nil && headers["etag"] != notes.etag
      let isWhole = asked != nil && !isOther && range?.total == asked && notes.total ?? asked == asked
      self = isWhole ? .whole : .mismatch
    default: self = .other
    }
  }
}
