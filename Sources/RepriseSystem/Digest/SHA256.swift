#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The reason why the system's cryptographic library can't be used.
package enum DigestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The library could not be loaded, for the loader's reason.
  case missing(reason: String)
  /// The library could not start a digest.
  case notStarted
  /// The library has no SHA-256, or may not use it.
  case unsupported
  /// The library failed within a digest.
  case failed

  /// A short description of the failure.
  package var description: String {
    switch self {
    case .missing(let reason): "libcrypto could not be loaded (\(reason)), so nothing can be hashed"
    case .notStarted: "libcrypto could not start a SHA-256"
    case .unsupported: "this libcrypto has no SHA-256, or its settings forbid it"
    case .failed: "libcrypto failed in the middle of a SHA-256"
    }
  }
}

/// SHA-256 (FIPS 180-4), by the system's own library: libcrypto, or CommonCrypto on macOS.
package struct SHA256: ~Copyable {
  /// The length of a digest in bytes.
  package static let byteCount = 32

  private var handle: DigestHandle

  /// Creates a digest of no bytes.
  ///
  /// - Throws: `DigestError` if the library is missing.
  package init() throws(DigestError) { handle = try DigestHandle() }

  /// Adds bytes to the digest.
  package mutating func update(_ bytes: RawSpan) { handle.update(bytes) }

  /// Adds bytes to the digest.
  package mutating func update(_ bytes: [UInt8]) { unsafe handle.update(bytes.span.bytes) }

  /// Adds a text's UTF-8 to the digest.
  package mutating func update(_ text: String) { update(Array(text.utf8)) }

  /// Returns the digest of all bytes that were added: 32 bytes.
  ///
  /// - Throws: `DigestError` if the library failed at any step.
  package consuming func finish() throws(DigestError) -> [UInt8] { try handle.finish() }

  /// Returns the digest in the form of sha256sum: 64 hexadecimal digits in lower case.
  ///
  /// - Throws: `DigestError` if the library failed at any step.
  package consuming func finishHex() throws(DigestError) -> String { Self.hex(try handle.finish()) }

  /// Returns the digest of a text's UTF-8, as 64 hexadecimal digits in lower case.
  ///
  /// - Throws: `DigestError` if the library is missing.
  package static func hex(of text: String) throws(DigestError) -> String {
    var digest = try SHA256()
    digest.update(text)
    return try digest.finishHex()
  }

  /// Returns the digest of a file's bytes, as 64 hexadecimal digits in lower case.
  ///
  /// Holds one block of the file in memory at a time. Blocks: call the method inside `offPool`.
  ///
  /// - Parameters:
  ///   - path: A regular file.
  ///   - cancellation: A token that is checked before every block.
  /// - Returns: The digest as 64 hexadecimal digits in lower case.
  /// - Throws: `FileError` if the file is missing, not a file or not readable; `DigestError`; `CancellationError`.
  package static func hex(ofFileAt path: String, cancellation: Cancellation = Cancellation()) throws -> String {
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

  /// Returns the digest that `hex(ofFileAt:cancellation:)` does, off the cooperative pool; the task's cancellation
  /// stops the work.
  package static func hexOffPool(ofFileAt path: String) async throws -> String {
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
