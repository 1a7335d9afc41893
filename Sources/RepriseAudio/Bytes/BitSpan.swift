/// Access to the bits of a file's bytes, most significant first; bits beyond the end read as 0.
extension RawSpan {
  /// Returns the 64 bits from `bit` on: at least 57 of them are the file's, the rest is 0.
  @inline(__always)
  func bits64(at bit: Int) -> UInt64 {
    let byte = bit >> 3
    guard byte >= 0, byte &+ 8 <= byteCount else { return bits64AtEnd(bit) }
    return unsafe unsafeLoadUnaligned(fromByteOffset: byte, as: UInt64.self).bigEndian << UInt64(bit & 7)
  }

  @inline(never)
  private func bits64AtEnd(_ bit: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in bit >> 3..<bit >> 3 + 8 { word = word << 8 | UInt64(byte(index)) }
    return word << UInt64(bit & 7)
  }

  /// Returns one byte; 0 beyond the end.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 {
    offset >= 0 && offset < byteCount ? unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
  }
}
