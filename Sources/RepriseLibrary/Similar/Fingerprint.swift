internal import Foundation

/// An acoustic fingerprint as Chromaprint makes it: 32 bits for about every eighth of a second.
///
/// The bits describe the rise and fall of the twelve pitch classes' energy over 2.6 seconds. Coding, loudness and
/// sampling rate hardly change them.
package struct Fingerprint: Sendable, Equatable {
  /// Sub-fingerprints, 11025 / 1365 = 8.08 a second.
  package let values: [UInt32]
  /// The whole file's length in seconds, if known.
  package let seconds: Double?

  /// Creates a fingerprint of these values.
  package init(values: [UInt32], seconds: Double?) {
    self.values = values
    self.seconds = seconds
  }

  /// Reads the fingerprint in the output of `fpcalc -raw`; `nil` if there is none.
  package init?(printed text: String) {
    var (values, seconds): ([UInt32]?, Double?)
    for line in text.split(whereSeparator: \.isNewline) {
      if let rest = line.wholeMatch(prefix: "FINGERPRINT=") {
        let numbers = rest.split(separator: ",").map { UInt32($0) }
        guard !numbers.contains(nil) else { return nil }
        values = numbers.compactMap(\.self)
      } else if let rest = line.wholeMatch(prefix: "DURATION=") {
        seconds = Double(rest)
      }
    }
    guard let values, !values.isEmpty else { return nil }
    self.init(values: values, seconds: seconds)
  }

  /// Decodes a fingerprint that `encoded` encoded; `nil` for other bytes.
  package init?(_ bytes: [UInt8], seconds: Double?) {
    guard !bytes.isEmpty, bytes.count.isMultiple(of: 4) else { return nil }
    self.init(
      values: stride(from: 0, to: bytes.count, by: 4).map { index in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index + $1]) << (8 * UInt32($1)) }
      }, seconds: seconds)
  }

  /// The sub-fingerprints, four bytes each, the lowest first.
  package var encoded: [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }

  /// Returns `true` if the sub-fingerprint at an index differs from the one before.
  ///
  /// Silence and steady tones have one value throughout, and agree with all others of their kind.
  package func changes(at index: Int) -> Bool { index == 0 || values[index] != values[index - 1] }

  /// The values under which the index stores the fingerprint: one in four of all, chosen by value, so that two files
  /// with a value in common either both have it there or neither.
  package var keys: Set<UInt32> {
    var keys: Set<UInt32> = []
    for index in values.indices where changes(at: index) {
      // Knuth's multiplicative hash: neighbouring values are not chosen together.
      if (values[index] &* 2_654_435_761) >> 30 == 0 { keys.insert(values[index]) }
    }
    return keys
  }
}

extension Substring {
  fileprivate func wholeMatch(prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
