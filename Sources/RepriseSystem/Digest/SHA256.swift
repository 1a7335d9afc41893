#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The system's cryptographic library can't be used.
public enum DigestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It could not be loaded, for the loader's reason.
  case missing(reason: String)
  /// It could not start a digest.
  case notStarted
  /// It has no SHA-256, or may not use it.
  case unsupported
  /// It failed within a digest.
  case failed

  /// The fact.
  public var description: String {
    switch self {
    case .missing(let reason): "libcrypto could not be loaded (\(reason)), so nothing can be hashed"
    case .notStarted: "libcrypto could not start a SHA-256"
    case .unsupported: "this libcrypto has no SHA-256, or its settings forbid it"
    case .failed: "libcrypto failed in the middle of a SHA-256"
    }
  }
}

/// SHA-256 (FIPS 180-4), by the system's own library: libcrypto, or CommonCrypto on macOS.
public struct SHA256: ~Copyable {
  /// The length of a digest in bytes.
  public static let byteCount = 32

  private var handle: DigestHandle

  /// A digest of nothing so far.
  ///
  /// - Throws: `DigestError` if the library is missing.
  public init() throws(DigestError) { handle = try DigestHandle() }

  /// Takes bytes.
  public mutating func update(_ bytes: RawSpan) { handle.update(bytes) }

  /// Takes bytes.
  public mutating func update(_ bytes: [UInt8]) { unsafe handle.update(bytes.span.bytes) }

  /// Takes a text as UTF-8.
  public mutating func update(_ text: String) { update(Array(text.utf8)) }

  /// The digest of all that was taken: 32 bytes.
  ///
  /// - Throws: `DigestError` if the library failed on the way.
  public consuming func finish() throws(DigestError) -> [UInt8] { try handle.finish() }

  /// The digest as sha256sum writes it: 64 digits in lower case.
  ///
  /// - Throws: `DigestError` if the library failed on the way.
  public consuming func finishHex() throws(DigestError) -> String { Self.hex(try handle.finish()) }

  /// The digest of a text's UTF-8, as 64 hexadecimal digits in lower case.
  ///
  /// - Throws: `DigestError` if the library is missing.
  public static func hex(of text: String) throws(DigestError) -> String {
    var digest = try SHA256()
    digest.update(text)
    return try digest.finishHex()
  }

  /// The digest of a file's bytes, as 64 hexadecimal digits in lower case; of the file no more than a block is in memory.
  /// Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - path: a regular file.
  ///   - cancellation: asked before every block.
  /// - Throws: `FileError` if it is missing, not a file or not readable; `DigestError`; `CancellationError`.
  public static func hex(ofFileAt path: String, cancellation: Cancellation = Cancellation()) throws -> String {
    let file = try OwnedFile(reading: path)
    var digest = try SHA256()
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      try cancellation.check()
      let count = try file.fill(&block)
      if count == 0 { return try digest.finishHex() }
      unsafe digest.update(block.span.extracting(first: count).bytes)
    }
  }

  /// As `hex(ofFileAt:cancellation:)`, off the cooperative pool; the task's cancellation ends it.
  public static func hexOffPool(ofFileAt path: String) async throws -> String {
    try await offPool("reprise.hash") { try hex(ofFileAt: path, cancellation: $0) }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
