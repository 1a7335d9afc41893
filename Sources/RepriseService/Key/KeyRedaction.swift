import Foundation
import Synchronization

/// The removal of keys from everything that leaves this process for a person, a log or the disk.
///
/// Every `APIKey` is registered here from its creation on. The function is applied to an error's message
/// (`ServiceError`), a foreign text that is made printable, a row of the ledger and the files beside it, and all output
/// of the command to stdout and stderr.
package enum KeyRedaction {
  private static let known = Mutex<[String: KeyPattern]>([:])

  /// Text that replaces a key.
  package static let mark = "[key]"

  /// Registers a key.
  static func learn(_ secret: String) {
    guard let pattern = KeyPattern(secret) else { return }
    known.withLock { $0[secret] = pattern }
  }

  /// Returns `text` without any key, in whatever form it occurs there.
  package static func apply(to text: String) -> String {
    let patterns = known.withLock { Array($0.values) }
    guard !patterns.isEmpty else { return text }
    let bytes = Array(text.utf8)
    let clean = apply(patterns, to: bytes)
    return clean.count == bytes.count && clean == bytes ? text : String(decoding: clean, as: UTF8.self)
  }

  /// Returns bytes, which need not be text, without any key.
  package static func apply(to bytes: [UInt8]) -> [UInt8] {
    let patterns = known.withLock { Array($0.values) }
    return apply(patterns, to: bytes)
  }

  private static func apply(_ patterns: [KeyPattern], to bytes: [UInt8]) -> [UInt8] {
    guard !patterns.isEmpty else { return bytes }
    // Whole keys first: of two with the same beginning one must not be taken for a piece of the other.
    let clean = patterns.reduce(bytes) { replace($1.ranges(in: $0, isWhole: true), in: $0) }
    return patterns.reduce(clean) { replace($1.ranges(in: $0, isWhole: false), in: $0) }
  }

  private static func replace(_ ranges: [Range<Int>], in bytes: [UInt8]) -> [UInt8] {
    guard !ranges.isEmpty else { return bytes }
    var clean: [UInt8] = []
    var end = 0
    for range in ranges {
      clean += bytes[end..<range.lowerBound]
      clean += Array(mark.utf8)
      end = range.upperBound
    }
    return clean + bytes[end...]
  }
}
