package import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Reads a prompt or lyrics from a file: UTF-8, without the characters that editors add around a text.
package enum TextFile {
  /// Maximum size in bytes: a text a hundred times longer than any service takes is a mistake, such as `@song.wav`.
  package static let largest = 300_000

  /// The reason for which there is no text.
  package enum Fault: Error, Equatable {
    /// The file cannot be read.
    case unreadable(FileError)
    /// The file has more than `largest` bytes.
    case tooLong
    /// The file is not UTF-8.
    case notUTF8
  }

  /// Returns the text in a file, or in a pipe up to its end.
  ///
  /// - Parameter path: Path of the file; `nil` for stdin.
  /// - Returns: The text.
  /// - Throws: `Fault`.
  package static func text(at path: String?) throws(Fault) -> String {
    let name = path ?? "stdin"
    let descriptor = if let path { unsafe open(path, O_RDONLY | O_CLOEXEC) } else { STDIN_FILENO }
    guard descriptor >= 0 else { throw .unreadable(FileError(errno: errno, path: name, doing: "read")) }
    defer { if path != nil { close(descriptor) } }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= largest {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unreadable(FileError(errno: errno, path: name, doing: "read")) }
      bytes += piece[..<count]
    }
    guard bytes.count <= largest else { throw .tooLong }
    guard var text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    // Editors end a file with a line end, and some begin it with a byte order mark; neither is part of the text.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }
}
