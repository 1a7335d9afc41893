/// One range of a `Range` header (RFC 9110 §14.1.2).
enum ByteRange: Equatable {
  /// The whole file: no header, or one that may be ignored (other units, several ranges, bad syntax).
  case whole
  /// The given byte range.
  case part(Range<Int>)
  /// The range contains no byte of the file.
  case unsatisfiable

  /// Parses the header for a file of `length` bytes.
  init(_ header: String?, length: Int) {
    self = .whole
    guard let header, header.lowercased().hasPrefix("bytes=") else { return }
    let bounds = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return }
    // Numbers too large for an Int lie beyond every file.
    let first = bounds[0].isEmpty ? nil : Int(bounds[0]) ?? .max
    let last = bounds[1].isEmpty ? nil : Int(bounds[1]) ?? .max
    switch (first, last) {
    case (nil, nil): return
    case (nil, let suffix?):
      self = suffix == 0 || length == 0 ? .unsatisfiable : .part(max(0, length - suffix)..<length)
    case (let first?, let last):
      if let last, last < first { return }
      guard first < length else {
        self = .unsatisfiable
        return
      }
      self = .part(first..<min(last ?? .max, length - 1) + 1)
    }
  }
}
