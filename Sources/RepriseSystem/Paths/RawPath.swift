/// A path as the system has it: bytes, none of them zero, that need not be UTF-8.
///
/// Paths are ordered by their bytes, so that lists of them come out the same on every machine, whatever its language.
package struct RawPath: Sendable, Hashable, Comparable, Codable {
  /// The bytes, without a terminating zero.
  package let bytes: [UInt8]

  /// Creates a path of these bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Creates the path that a text names.
  package init(_ text: String) { bytes = Array(text.utf8) }

  /// The path as a text, for records and display: bytes that are not UTF-8 are replaced by U+FFFD.
  ///
  /// Control characters are kept.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// `true` if the path is UTF-8, so that `text` stands for it without loss.
  package var isText: Bool { bytes.elementsEqual(text.utf8) }

  /// The last component: `a/b.wav` → `b.wav`.
  package var name: [UInt8] {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes }
    return Array(bytes[(slash + 1)...])
  }

  /// Returns the path of an item in the directory that this path leads to.
  package func appending(_ name: some Sequence<UInt8>) -> RawPath {
    var all = bytes
    if let last = all.last, last != UInt8(ascii: "/") { all.append(UInt8(ascii: "/")) }
    all += name
    return RawPath(all)
  }

  /// Compares paths by their bytes, independent of the locale.
  package static func < (one: RawPath, other: RawPath) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }

  /// Calls `body` with the path as a C string.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    var bytes = bytes
    bytes.append(0)
    return try unsafe bytes.withUnsafeBytes { raw in
      try unsafe raw.withMemoryRebound(to: CChar.self) { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a path has at least its end mark") }
        return try unsafe body(start)
      }
    }
  }
}
