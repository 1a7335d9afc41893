public import Foundation

/// A prompt or lyrics in a file: UTF-8, without what editors put around a text.
public enum WordsFile {
  /// A text a hundred times longer than any service takes is a mistake, such as `@song.wav`.
  public static let largest = 300_000

  /// Why there is no text.
  public enum Fault: Error {
    /// It can't be read.
    case unreadable
    /// It is over `largest` bytes.
    case tooLong
    /// It is not UTF-8.
    case notUTF8
  }

  /// The text that a handle gives until its end.
  public static func text(of handle: FileHandle) throws(Fault) -> String {
    let data: Data
    // At the end of an empty file there is nothing, which is no fault.
    do { data = try handle.read(upToCount: largest + 1) ?? Data() } catch { throw .unreadable }
    guard data.count <= largest else { throw .tooLong }
    guard var text = String(data: data, encoding: .utf8) else { throw .notUTF8 }
    // Editors end a file with a line end, and some begin it with a byte order mark; neither is part of the text.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }
}
