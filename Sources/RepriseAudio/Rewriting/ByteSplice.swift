/// The bytes of a file that is made of ranges of another one and of literal bytes, such as a new header.
///
/// Mending and unwrapping are splices: the audio's bytes are copied, never encoded.
package struct ByteSplice: Sendable, Equatable {
  /// A run of bytes of the result.
  package enum Piece: Sendable, Equatable {
    /// Bytes that are not in the source.
    case bytes([UInt8])
    /// A range of the source's bytes.
    case source(Range<Int>)

    /// Number of bytes.
    package var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .source(let range): range.count
      }
    }
  }

  /// Pieces in the order of the result; none is empty, and adjacent ranges of the source are one piece.
  package private(set) var pieces: [Piece] = []
  /// Size of the result in bytes.
  package private(set) var byteCount = 0

  /// Creates an empty splice.
  package init() {}

  /// Appends literal bytes.
  package mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    byteCount += bytes.count
    if case .bytes(let before)? = pieces.last {
      pieces[pieces.count - 1] = .bytes(before + bytes)
    } else {
      pieces.append(.bytes(bytes))
    }
  }

  /// Returns the offset in the source of a byte of the result; for a literal byte, that of the next one that is not.
  ///
  /// - Parameter offset: The offset in the result; that of the end becomes the end of the last range.
  /// - Returns: The offset in the source; 0 if no byte is of the source.
  package func sourceOffset(of offset: Int) -> Int {
    var (start, last) = (0, 0)
    for piece in pieces {
      if case .source(let range) = piece {
        if offset < start + range.count { return range.lowerBound + max(offset - start, 0) }
        last = range.upperBound
      }
      start += piece.count
    }
    return last
  }

  /// Appends a range of the source's bytes.
  package mutating func append(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    byteCount += range.count
    if case .source(let before)? = pieces.last, before.upperBound == range.lowerBound {
      pieces[pieces.count - 1] = .source(before.lowerBound..<range.upperBound)
    } else {
      pieces.append(.source(range))
    }
  }
}
