import Foundation

/// Facts known about a partly downloaded result: the state to which the bytes belong, and the length.
struct PartialNotes: Sendable, Equatable, Codable {
  /// Entity tag of that state.
  var etag: String?
  /// Value of `Last-Modified`, as the host sent it.
  var lastModified: String?
  /// Length of the whole in bytes.
  var total: Int?
  /// Media type.
  var contentType: String?

  /// Creates notes from the header fields of a response that holds the whole.
  ///
  /// - Parameter headers: The header fields of a 200 response.
  init(_ headers: HTTPHeaders) {
    etag = headers["etag"].flatMap { Self.isStrong($0) ? $0 : nil }
    if let changed = headers["last-modified"], Self.isStrong(date: changed, at: headers["date"]) {
      lastModified = changed
    }
    total = headers.contentLength
    contentType = headers["content-type"].map { printable($0, limit: 100) }
  }

  /// Creates empty notes.
  init() {}

  /// Reads the notes kept in a file; fails if there are none, or they are malformed.
  init?(at path: String) {
    guard let data = FileManager.default.contents(atPath: path), data.count < 65_536,
      var notes = try? JSONDecoder().decode(PartialNotes.self, from: data), notes.total ?? 0 >= 0
    else { return nil }
    // The values are sent in a request's header fields.
    notes.etag = notes.etag.flatMap { Self.isStrong($0) ? $0 : nil }
    notes.lastModified = notes.lastModified.flatMap { Self.isPlain($0) ? $0 : nil }
    self = notes
  }

  /// Value of `If-Range` (RFC 9110, section 13.1.5); `nil` if bytes cannot be joined safely.
  var validator: String? { etag ?? lastModified }

  /// `true` if a 206 response is of the state that `If-Range` named.
  ///
  /// The response has to repeat the ETag (RFC 9110, section 15.3.7), or the modification date if that was the
  /// validator. A host that ignores `If-Range` is detected by this.
  func isRepeated(by headers: HTTPHeaders) -> Bool {
    if let etag { return headers["etag"] == etag }
    return lastModified != nil && headers["last-modified"] == lastModified
  }

  /// `true` if an entity tag is strong (RFC 9110, section 8.8.3): not `W/"…"`.
  static func isStrong(_ etag: String) -> Bool {
    let inner = etag.utf8.dropFirst().dropLast()
    return etag.utf8.count >= 2 && etag.utf8.count <= 1024 && etag.hasPrefix("\"") && etag.hasSuffix("\"")
      && inner.allSatisfy { $0 == 0x21 || (0x23...0x7E).contains($0) }
  }

  /// `true` if a modification date is a strong validator (RFC 9110, section 8.8.2.2).
  ///
  /// The response must have been made at least a second after that date, so that two changes within one second cannot
  /// have the same date.
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

/// The treatment of the kept bytes, by the status and header fields of the response; pure.
enum PartialStep: Equatable {
  /// The response holds the rest: these bytes, of a whole of `total` bytes.
  case join(ClosedRange<Int>, total: Int)
  /// The response holds the whole.
  case anew(PartialNotes)
  /// There is no rest.
  case whole
  /// The response does not match the kept bytes, which are dropped.
  case mismatch
  /// The response states nothing about the bytes.
  case other

  /// Determines the treatment.
  ///
  /// - Parameters:
  ///   - status: The status of the response.
  ///   - headers: The header fields of the response.
  ///   - asked: The offset of the first byte that was requested; `nil` if all of them were.
  ///   - notes: The notes on the kept bytes.
  init(status: Int, _ headers: HTTPHeaders, asked: Int?, notes: PartialNotes) {
    let range = ContentRange(headers["content-range"])
    switch status {
    case 200: self = .anew(PartialNotes(headers))
    case 206 where asked == nil:
      // An unrequested part; one that is the whole is as good as a 200.
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
