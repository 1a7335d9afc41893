package import RepriseSystem

/// The paths of the command line as typed, byte by byte.
package enum CommandPaths {
  /// Returns `true` if the text of an option's value has lost nothing of the value as typed.
  ///
  /// - Parameters:
  ///   - value: The value returned by the parser.
  ///   - arguments: The arguments as typed, which hold the value alone or after the name of the option.
  /// - Returns: `true` if the value is UTF-8.
  package static func isExact(_ value: String, in arguments: [RawPath]) -> Bool {
    guard value.unicodeScalars.contains("\u{FFFD}") else { return true }
    return !arguments.contains { !$0.isText && $0.text.hasSuffix(value) && !$0.bytes.hasSuffix(value) }
  }

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

extension [UInt8] {
  /// Returns `true` if the bytes end with those of a text.
  fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
