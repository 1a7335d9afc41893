import RepriseSystem

/// The paths of the command line as typed, byte by byte.
enum CommandPaths {
  /// Returns the arguments as typed, as the parser's texts have lost bytes that are not UTF-8.
  ///
  /// - Parameter texts: The texts returned by the parser.
  /// - Returns: The paths, byte by byte.
  static func raw(_ texts: [String]) -> [RawPath] {
    guard texts.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }) else { return texts.map { RawPath($0) } }
    // Several arguments may have the same text; they are distinguished by their order.
    var typed: [String: [RawPath]] = [:]
    for path in CommandContext.current.arguments where path.text.unicodeScalars.contains("\u{FFFD}") {
      typed[path.text, default: []].append(path)
    }
    var given: [String: Int] = [:]
    return texts.map { text in
      let occurrence = given[text, default: 0]
      given[text] = occurrence + 1
      guard let paths = typed[text], occurrence < paths.count else { return RawPath(text) }
      return paths[occurrence]
    }
  }
}
