import RepriseSystem

/// The paths on the command line as they were typed, byte by byte.
enum CommandPaths {
  /// The parser's texts have lost what is not UTF-8; the arguments as they were typed have not.
  ///
  /// - Parameter texts: as the parser read them.
  static func raw(_ texts: [String]) -> [RawPath] {
    guard texts.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }) else { return texts.map { RawPath($0) } }
    // Several may look alike as texts; they are told apart by their order.
    var typed: [String: [RawPath]] = [:]
    for path in CommandContext.current.arguments where path.text.unicodeScalars.contains("\u{FFFD}") {
      typed[path.text, default: []].append(path)
    }
    var given: [String: Int] = [:]
    return texts.map { text in
      let place = given[text, default: 0]
      given[text] = place + 1
      guard let paths = typed[text], place < paths.count else { return RawPath(text) }
      return paths[place]
    }
  }
}
