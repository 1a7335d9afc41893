import Foundation

/// A text given as it is, or as `@FILE` (UTF-8), or as `@-` for stdin.
enum TextArgument {
  /// A text a hundred times longer than any service takes is a mistake, such as `@song.wav`.
  private static let largest = 300_000

  static func read(_ argument: String, option: String) throws(Trouble) -> String {
    guard argument.hasPrefix("@") else { return argument }
    let path = String(argument.dropFirst())
    let name = path == "-" ? "stdin" : path
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      guard let opened = FileHandle(forReadingAtPath: path) else {
        throw Trouble(
          .noInput, "\(name): can't be read for \(option); check the path, or give the text itself without '@'")
      }
      handle = opened
    }
    let data: Data
    do {
      data = try handle.read(upToCount: largest + 1) ?? Data()
    } catch {
      throw Trouble(.noInput, "\(name): can't be read for \(option); check that it is a text file")
    }
    guard data.count <= largest else {
      throw Trouble(.usage, "\(name): is over \(largest) bytes, too long for \(option); is it the right file?")
    }
    guard var text = String(data: data, encoding: .utf8) else {
      throw Trouble(.usage, "\(name): is not UTF-8 text; \(option) takes UTF-8 only")
    }
    // Editors end a file with a line end, and some begin it with a byte order mark; neither is part of the text.
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }
}
