/// A path as the system has it: bytes, none of them zero, that need not be UTF-8.
///
/// Paths are ordered by their bytes, so that lists of them come out the same on every machine, whatever its language.
public struct RawPath: Sendable, Hashable, Comparable, Codable {
  /// The bytes, without an end mark.
  public let bytes: [UInt8]

  /// A path of these bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The path that a text names.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// The path as a text, for records and people: what is not UTF-8 is replaced by U+FFFD. Control characters are kept.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether `text` says it all.
  public var isText: Bool { bytes.elementsEqual(text.utf8) }

  /// The last part: `a/b.wav` → `b.wav`.
  public var name: [UInt8] {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes }
    return Array(bytes[(slash + 1)...])
  }

  /// The path of something in the folder that this is the path of.
  public func appending(_ name: some Sequence<UInt8>) -> RawPath {
    var all = bytes
    if let last = all.last, last != UInt8(ascii: "/") { all.append(UInt8(ascii: "/")) }
    all += name
    return RawPath(all)
  }

  /// By bytes, whatever the language.
  public static func < (one: RawPath, other: RawPath) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }

  /// Calls `body` with the path as C takes it.
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
