import Foundation
import RepriseJobs

/// A text given literally, or as `@FILE` (UTF-8), or as `@-` for stdin; `@@` stands for a literal `@` at the beginning.
enum TextArgument {
  static func read(_ argument: String, option: String) throws(CommandError) -> String {
    guard argument.hasPrefix("@") else { return argument }
    let path = String(argument.dropFirst())
    if path.hasPrefix("@") { return path }
    let name = path == "-" ? "stdin" : path
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      guard let opened = FileHandle(forReadingAtPath: path) else {
        throw CommandError(
          .noInput, "\(name): can't be read for \(option); check the path, or give the text itself without '@'")
      }
      handle = opened
    }
    do {
      return try TextFile.text(of: handle)
    } catch {
      switch error {
      case .unreadable:
        throw CommandError(.noInput, "\(name): can't be read for \(option); check that it is a text file")
      case .tooLong:
        throw CommandError(
          .usage, "\(name): is over \(TextFile.largest) bytes, too long for \(option); is it the right file?")
      case .notUTF8:
        throw CommandError(.usage, "\(name): is not UTF-8 text; \(option) takes UTF-8 only")
      }
    }
  }
}
