/// Fixed-width numbers in the bytes of a file; `nil` out of bounds, never a trap.
extension Array where Element == UInt8 {
  /// Returns one byte.
  func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? self[offset] : nil
  }

  /// Returns a big-endian number of `width` (at most 7) bytes.
  func big(at offset: Int, width: Int) -> Int? {
    guard offset >= 0, offset <= count - width else { return nil }
    return self[offset..<offset + width].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Returns a little-endian number of `width` (at most 7) bytes.
  func little(at offset: Int, width: Int) -> Int? {
    guard offset >= 0, offset <= count - width else { return nil }
    return self[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Returns a little-endian 64-bit number; `Int.max` if the value exceeds it.
  func little64(at offset: Int) -> Int? {
    guard offset >= 0, offset <= count - 8 else { return nil }
    let value = self[offset..<offset + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: value)
  }

  /// Returns `true` if the ASCII text is at `offset`.
  func has(_ text: String, at offset: Int = 0) -> Bool {
    let wanted = text.utf8
    guard offset >= 0, offset <= count - wanted.count else { return false }
    return self[offset..<offset + wanted.count].elementsEqual(wanted)
  }
}
