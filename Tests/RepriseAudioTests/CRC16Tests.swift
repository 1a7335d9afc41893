import RepriseAudio
import Testing

@Suite("Checksums of frames")
struct CRC16Tests {
  private static let bytes: [UInt8] = {
    var state: UInt32 = 0x2545_F491
    return (0..<64).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }()

  /// The checksum bit by bit, as RFC 9639 §9.3 defines it.
  private func reference(_ range: Range<Int>, from start: UInt16) -> UInt16 {
    Self.bytes[range].reduce(start) { crc, byte in
      (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in crc & 0x8000 != 0 ? crc << 1 ^ 0x8005 : crc << 1 }
    }
  }

  private func checksum(_ range: Range<Int>, from start: UInt16) -> UInt16 {
    unsafe CRC16.frame(Self.bytes.span.bytes, range, from: start)
  }

  @Test("are those of their bits at every length, and may be continued anywhere", arguments: 0..<50)
  func everyLength(length: Int) {
    for start: UInt16 in [0, 0xFFFF, 0x1234] {
      let range = 3..<(3 + length)
      let whole = checksum(range, from: start)
      #expect(whole == reference(range, from: start))
      for cut in range { #expect(checksum(cut..<range.upperBound, from: checksum(3..<cut, from: start)) == whole) }
    }
  }
}
