import ReprisePreparation
import Testing

@Suite("MD5")
struct MD5Tests {
  /// Examples of RFC 1321, appendix A.5.
  static let examples = [
    ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ]

  @Test("the digests are those of RFC 1321, in whatever pieces the bytes come", arguments: examples, [1, 7, 64, 1000])
  func digests(example: (text: String, digest: String), size: Int) {
    let bytes = Array(example.text.utf8)
    var sum = MD5()
    for start in stride(from: 0, to: bytes.count, by: size) { sum.update(Array(bytes[start...].prefix(size))) }
    let digits = sum.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    #expect(digits.joined() == example.digest)
  }

  @Test("every length around the ends of blocks is padded alike", arguments: 50...130)
  func lengths(count: Int) {
    var (whole, single) = (MD5(), MD5())
    whole.update([UInt8](repeating: 7, count: count))
    for _ in 0..<count { single.update([7]) }
    let digest = whole.finish()
    #expect(digest.count == 16 && digest == single.finish())
  }
}
