import RepriseCommand
import Testing

@Suite("Numbers with units")
struct QuantityTests {
  @Test(
    "bit rates",
    arguments: [
      ("256000", 256_000), ("256k", 256_000), ("256K", 256_000), ("256kbps", 256_000), ("256 kbit/s", 256_000),
      ("256kb/s", 256_000), ("0.256M", 256_000), ("64kbit", 64_000), ("320", 320), ("", nil), ("k", nil), ("256x", nil),
      ("-256k", nil), ("1e5", nil), ("256kHz", nil), ("2.56.0k", nil), ("0x10", nil), ("0.0001", nil),
    ])
  func bitRates(text: String, wanted: Int?) { #expect(Quantity.bitRate(text) == wanted) }

  @Test(
    "sample rates",
    arguments: [
      ("44100", 44_100), ("44.1k", 44_100), ("44.1kHz", 44_100), ("44.1 KHZ", 44_100), ("22.05k", 22_050),
      ("48k", 48_000), ("44100Hz", 44_100), ("44.1", nil), ("44,1k", nil), ("44.1kbps", nil),
    ])
  func sampleRates(text: String, wanted: Int?) { #expect(Quantity.sampleRate(text) == wanted) }

  @Test(
    "sizes",
    arguments: [
      ("50000000", 50_000_000), ("50M", 50_000_000), ("50MB", 50_000_000), ("50 mb", 50_000_000),
      ("1.5G", 1_500_000_000),
      ("5MiB", 5_242_880), ("5Mi", 5_242_880), ("500k", 500_000), ("1KiB", 1024), ("50_000_000", 50_000_000),
      ("900B", 900), ("0.5B", nil), ("50Mbit", nil), ("fifty", nil), ("99999999999999999999", nil),
    ])
  func sizes(text: String, wanted: Int?) { #expect(Quantity.bytes(text) == wanted) }
}
