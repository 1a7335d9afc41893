/// Numbers with units as typed by users.
package enum Quantity {
  /// Parses a bit rate in bit/s: `256000`, `256k`, `256kbps`, `256 kbit/s`, `0.256M`.
  package static func bitRate(_ text: String) -> Int? {
    whole(text, units: ["bps", "bit/s", "bits/s", "b/s", "bit", ""], prefixes: decimal)
  }

  /// Parses a sample rate in Hz: `44100`, `44.1k`, `44.1kHz`.
  package static func sampleRate(_ text: String) -> Int? {
    whole(text, units: ["hz", ""], prefixes: decimal)
  }

  /// Parses a size in bytes: `50000000`, `50M`, `50MB`, `1.5 GB` in powers of 1000; `5MiB`, `5Mi` in powers of 1024.
  package static func bytes(_ text: String) -> Int? {
    whole(text, units: ["b", "bytes", ""], prefixes: decimal + binary)
  }

  private static let decimal: [(String, Double)] = [("", 1), ("k", 1e3), ("m", 1e6), ("g", 1e9)]
  private static let binary: [(String, Double)] = [("ki", 1024), ("mi", 1_048_576), ("gi", 1_073_741_824)]

  /// Returns the whole number that a text represents; `nil` for any other text.
  private static func whole(_ text: String, units: [String], prefixes: [(String, Double)]) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." || $0 == "_" }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard !digits.isEmpty, let count = Double(digits.filter { $0 != "_" }), count < 1e15 else { return nil }
    for (prefix, factor) in prefixes where units.contains(where: { prefix + $0 == unit }) {
      let value = count * factor
      // In binary floating point, 44.1 × 1000 is 44100.000000000007.
      let nearest = value.rounded()
      return nearest < 1e15 && abs(value - nearest) <= abs(value) * 1e-12 ? Int(nearest) : nil
    }
    return nil
  }
}
