package import Foundation

/// Reads a prompt or lyrics from a file: UTF-8, without the characters that editors add around a text.
package enum TextFile {
  /// Maximum size in bytes: a text a hundred times longer than any service takes is a mistake, such as `@song.wav`.
  package static let largest = 300_000

  /// The reason for which there is no text.
  package enum Fault: Error {
    /// The file cannot be read.
    case unreadable
    /// The file has more than `largest` bytes.
    case tooLong
    /// The file is not UTF-8.
    case notUTF8
  }

  /// Returns the text read from a handle to its end.
  package static func text(of handle: FileHandle) throws(Fault) -> String {
    let data: Data
    // At the end of an empty file there are no bytes, which is not an error.
    do { data = try handle.read(upToCount: largest + 1) ?? Data() } catch { throw .unreadable }
    guard data.count <= largest else { throw .tooLong }
    guard var text = String(data: data, encoding: .utf8) else { throw .notUTF8 }
    // Editors end a file with a line end, and some begin it with a byte order mark; neither is part of the text.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }
}
