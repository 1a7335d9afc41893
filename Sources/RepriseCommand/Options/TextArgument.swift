import ArgumentParser
import RepriseJobs
import RepriseSystem

/// A text given literally, or as `@FILE` (UTF-8), or as `@-` for stdin; `@@` stands for a literal `@` at the beginning.
enum TextArgument {
  static func read(_ argument: String, option: String) throws(CommandError) -> String {
    guard argument.hasPrefix("@") else { return argument }
    let path = String(argument.dropFirst())
    if path.hasPrefix("@") { return path }
    let name = Console.printable(path == "-" ? "stdin" : path)
    if path.isEmpty { throw CommandError(.usage, "\(option) @: names no file; a text that begins with '@' is '@@…'") }
    do {
      return try TextFile.text(at: path == "-" ? nil : path)
    } catch {
      switch error {
      case .unreadable(let error):
        let hint = error.code == .missing ? "; check the path, or give the text itself without '@'" : ""
        throw CommandError(
          ErrorPresentation.status(of: error),
          "\(Console.printable(FileErrorText.sentence(error))) (\(option) takes its text from it)\(hint)", path: path)
      case .tooLong:
        throw CommandError(
          .usage, "\(name): is over \(TextFile.largest) bytes, too long for \(option); is it the right file?")
      case .notUTF8:
        throw CommandError(.usage, "\(name): is not UTF-8 text; \(option) takes UTF-8 only")
      }
    }
  }
}
