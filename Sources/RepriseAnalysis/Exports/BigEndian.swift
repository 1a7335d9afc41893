/// Numbers as bytes, the highest first, as MIDI and PNG store them.
enum BigEndian {
  /// Returns the lowest `count` bytes of a number.
  static func bytes(_ number: Int, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
