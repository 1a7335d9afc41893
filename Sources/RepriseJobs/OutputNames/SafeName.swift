/// Converts a text to a part of a file name.
enum SafeName {
  /// Returns the text with `_` for `/`, control characters, line ends and marks that change the direction of writing.
  static func of(_ text: String) -> String {
    // Alone these name a directory, or nothing.
    if ["", ".", ".."].contains(text) { return "_" }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result.append("_")
      default:
        let turns = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        result.append(scalar == "/" || turns ? "_" : scalar)
      }
    }
    return String(result)
  }

  /// Returns the beginning of a text in at most `bytes` bytes of UTF-8, in whole characters, without a separator at its
  /// end.
  static func shortened(_ text: String, to bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var left = bytes
    var result = text.prefix { character in
      left -= character.utf8.count
      return left >= 0
    }
    while let last = result.last, "-_. ".contains(last) { result.removeLast() }
    return String(result)
  }
}

/// Names a style after the first words of a prompt, in the form of a file name.
package enum StyleName {
  /// Maximum length of the name, in characters.
  static let longest = 40

  /// Returns the first words of a prompt, letters and digits in lower case, with hyphens between them.
  ///
  /// For example, `dark synthwave, 90 bpm` becomes `dark-synthwave-90-bpm`. A prompt without letters and digits is
  /// `cover`.
  package static func of(_ prompt: String) -> String {
    var words: [String] = []
    var word = ""
    for character in prompt {
      if character.isLetter || character.isNumber {
        word += character.lowercased()
      } else if !word.isEmpty, !"'’".contains(character) {
        // An apostrophe does not separate words: "the 80's".
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    guard let first = words.first else { return "cover" }
    var name = String(first.prefix(longest))
    for next in words.dropFirst() {
      guard name.count + 1 + next.count <= longest else { break }
      name += "-" + next
    }
    // Forty characters may be many bytes.
    return SafeName.shortened(name, to: 100)
  }
}
