import Foundation
import Synchronization

/// The one place where keys are taken out of what leaves this process for a person, a log or the disk.
///
/// Every `APIKey` that is made is known here from then on. What leaves is an error's message (`ServiceError`), a
/// foreign text that is made printable, a row of the ledger and what is kept beside it, and whatever the command writes
/// to stdout or stderr.
public enum KeyRedaction {
  private static let known = Mutex<[String: KeyPattern]>([:])

  /// What stands in a text for a key.
  public static let mark = "[key]"

  /// Makes a key known.
  static func learn(_ secret: String) {
    guard let pattern = KeyPattern(secret) else { return }
    known.withLock { $0[secret] = pattern }
  }

  /// `text` without any key, in whatever form it stands there.
  public static func apply(to text: String) -> String {
    let patterns = known.withLock { Array($0.values) }
    guard !patterns.isEmpty else { return text }
    let bytes = Array(text.utf8)
    let clean = apply(patterns, to: bytes)
    return clean.count == bytes.count && clean == bytes ? text : String(decoding: clean, as: UTF8.self)
  }

  /// The same of bytes, which need not be text.
  public static func apply(to bytes: [UInt8]) -> [UInt8] {
    let patterns = known.withLock { Array($0.values) }
    return apply(patterns, to: bytes)
  }

  private static func apply(_ patterns: [KeyPattern], to bytes: [UInt8]) -> [UInt8] {
    guard !patterns.isEmpty else { return bytes }
    // Whole keys first: of two that begin alike one must not be taken for a piece of the other.
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
