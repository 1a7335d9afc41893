import RepriseSystem
import Testing

@Suite("Compression")
struct DeflateTests {
  @Test("what is compressed is read back the same", arguments: [0, 1, 3, 258, 300, 70_000])
  func roundTrip(_ count: Int) throws {
    let noise = (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 0x9E37_79B1) >> 13) }
    let rows = (0..<count).map { UInt8($0 % 2401 / 60) }
    for bytes in [noise, rows] {
      let packed = try Deflate.zlib(bytes)
      var rest: [UInt8]? = packed
      var result: [UInt8] = []
      try Inflate.run(
        from: {
          defer { rest = nil }
          return rest ?? []
        }, limit: count, to: { result += $0 })
      #expect(result == bytes)
    }
    if count == 70_000 { #expect(try Deflate.zlib(rows).count < 2000) }
  }

  /// The check value of the catalogue of CRC algorithms (CRC-32/ISO-HDLC), and chunks of PNG's own specification.
  @Test("CRC-32 is the standard's", arguments: [("", 0), ("123456789", 0xCBF4_3926), ("IEND", 0xAE42_6082)])
  func crc(_ text: String, _ value: Int) throws {
    #expect(try Int(Deflate.crc32(Array(text.utf8))) == value)
  }
}
