#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Fixed-width numbers in mapped bytes; `nil` out of bounds, never a trap.
extension RawSpan {
  /// Returns one byte.
  func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < byteCount ? unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) : nil
  }

  /// Returns four bytes as a big-endian number.
  func big32(at offset: Int) -> UInt32? {
    guard offset >= 0, offset <= byteCount - 4 else { return nil }
    return UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Returns four bytes as a little-endian number.
  func little32(at offset: Int) -> UInt32? { big32(at: offset)?.byteSwapped }

  /// Returns `true` if the ASCII text is at `offset`.
  func has(_ text: StaticString, at offset: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset >= 0, offset <= byteCount - count else { return false }
    return text.withUTF8Buffer { wanted in
      for index in 0..<count
      where unsafe wanted[index] != unsafeLoad(fromByteOffset: offset + index, as: UInt8.self) {
        return false
      }
      return true
    }
  }

  /// Returns a copy of up to `count` bytes from `offset`.
  func copy(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, offset < byteCount, count > 0 else { return [] }
    let part = extracting(offset..<min(offset + min(count, byteCount), byteCount))
    return unsafe part.withUnsafeBytes { unsafe Array($0) }
  }

  /// Returns the offset of the first byte of `value` in `offset..<end`.
  func first(_ value: UInt8, from offset: Int, to end: Int) -> Int? {
    let position = max(offset, 0)
    let stop = min(end, byteCount)
    guard position < stop else { return nil }
    return unsafe extracting(position..<stop).withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress, let found = unsafe memchr(base, CInt(value), bytes.count) else { return nil }
      return unsafe position + (UnsafeRawPointer(found) - base)
    }
  }

  /// Returns the number of consecutive zero bytes from `offset` on, up to `end`.
  func zeros(from offset: Int, to end: Int) -> Int {
    var position = max(offset, 0)
    let stop = min(end, byteCount)
    while position <= stop - 8, unsafe unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self) == 0 {
      position += 8
    }
    while position < stop, unsafe unsafeLoad(fromByteOffset: position, as: UInt8.self) == 0 { position += 1 }
    return max(position - max(offset, 0), 0)
  }
}
