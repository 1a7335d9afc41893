internal import RepriseSystem

/// A pattern for the paths of covers, such as `covers/{name}-{style}.{ext}`.
///
/// The value of a placeholder contains no `/` and no control character, and every component of a path stays within the
/// length of file names. `{{` and `}}` are literal braces.
package struct OutputTemplate: Sendable, Equatable {
  /// A placeholder in a template.
  package enum Placeholder: String, Sendable, CaseIterable {
    /// The recording's name without its extension.
    case name
    /// The style, made from the prompt.
    case style
    /// The extension of the cover's format.
    case ext
    /// The number of the cover among those of this recording in this style, from 1.
    case take
    /// The cover's number in its run, from 1, with as many digits as the run's last.
    case number = "n"
  }

  /// The reason for which a text is not a template.
  package enum Fault: Error, Equatable {
    /// Braces around an unknown word.
    case unknown(String)
    /// A `{` without its `}`.
    case unclosed
    /// A `}` without its `{`.
    case unopened
    /// The text ends in `/`, so that it names no file.
    case nameless
  }

  /// The values of the placeholders.
  package struct Values: Sendable, Equatable {
    /// The recording's name without its extension.
    package var name: String
    /// The prompt, from which the style's name is made.
    package var prompt: String
    /// The extension, without a dot.
    package var ext: String
    /// The cover's number in its run, and the number of covers in the run.
    package var number: Int, count: Int

    /// Creates the values for one cover.
    package init(name: String, prompt: String, ext: String, number: Int = 1, count: Int = 1) {
      self.name = name
      self.prompt = prompt
      self.ext = ext
      self.number = number
      self.count = count
    }
  }

  private enum Part: Equatable {
    case text(String)
    case placeholder(Placeholder)
  }

  /// Maximum length of a file name, in bytes: NAME_MAX of the file systems in use.
  static let longestName = 255
  /// Length of `-999`, kept free in every name, so that all takes of a cover are shortened alike.
  private static let takeRoom = 4

  /// The parts of every component of the path.
  private let components: [[Part]]

  /// Parses a template.
  package init(_ text: String) throws(Fault) {
    var components: [[Part]] = [[]]
    var literal = ""
    func flush() {
      if !literal.isEmpty { components[components.count - 1].append(.text(literal)) }
      literal = ""
    }
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "{", "}":
        if rest.first == character {
          rest.removeFirst()
          literal.append(character)
          continue
        }
        guard character == "{" else { throw .unopened }
        guard let end = rest.firstIndex(of: "}") else { throw .unclosed }
        let word = String(rest[..<end])
        guard let placeholder = Placeholder(rawValue: word) else { throw .unknown(word) }
        flush()
        components[components.count - 1].append(.placeholder(placeholder))
        rest = rest[rest.index(after: end)...]
      case "/":
        flush()
        components.append([])
      default: literal.append(character)
      }
    }
    flush()
    guard components.last?.isEmpty == false else { throw .nameless }
    self.components = components
  }

  /// Creates the template `{name}-{style}.{ext}` in a directory, or in the current directory.
  package init(in directory: String?) {
    var components: [[Part]] = []
    if let directory {
      let path = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
      // Literal: braces in the directory are part of its name.
      components.append(path.isEmpty ? [] : [.text(path)])
    }
    components.append([
      .placeholder(.name), .text("-"), .placeholder(.style), .text("."), .placeholder(.ext),
    ])
    self.components = components
  }

  /// Returns `true` if a text must be parsed as a template.
  package static func isOne(_ text: String) -> Bool { text.contains("{") || text.contains("}") }

  /// The literal extension of the template, in lower case; nil if the format determines the extension.
  package var literalExtension: String? {
    guard case .text(let text)? = components.last?.last, let dot = text.lastIndex(of: ".") else { return nil }
    let suffix = text[text.index(after: dot)...].lowercased()
    return suffix.isEmpty ? nil : suffix
  }

  /// Returns the path of a take.
  ///
  /// Without `{take}` in the template the second and later takes have `-2` and so on before their extension.
  package func path(of values: Values, take: Int) -> String {
    var parts = components.dropLast().map { text(of: $0, values, take: take, room: Self.longestName) }
    let last = components.last ?? []
    let includesTake = last.contains(.placeholder(.take)) || components.contains { $0.contains(.placeholder(.take)) }
    var name = text(of: last, values, take: take, room: Self.longestName - Self.takeRoom)
    if take > 1, !includesTake { name = Self.marked(name, take: take, ext: values.ext) }
    parts.append(name)
    return parts.joined(separator: "/")
  }

  private static func marked(_ name: String, take: Int, ext: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
      [ext, "mp3", "wav", "flac", "pcm"].contains(name[name.index(after: dot)...].lowercased())
    else { return name + "-\(take)" }
    return name[..<dot] + "-\(take)" + name[dot...]
  }

  /// Returns a component with all placeholders replaced; the style and then the name are shortened if it would be too
  /// long.
  private func text(of parts: [Part], _ values: Values, take: Int, room: Int) -> String {
    var texts: [Placeholder: String] = [
      .name: SafeName.of(values.name), .style: StyleName.of(values.prompt), .ext: values.ext, .take: String(take),
      .number: Self.padded(values.number, of: values.count),
    ]
    func joined() -> String {
      parts.map { part in
        switch part {
        case .text(let text): text
        case .placeholder(let placeholder): texts[placeholder] ?? ""
        }
      }.joined()
    }
    // A directory that was given as a whole contains no placeholder.
    for (placeholder, least) in [(Placeholder.style, 16), (.name, 16), (.style, 1), (.name, 1)] {
      let times = parts.count { $0 == .placeholder(placeholder) }
      let over = joined().utf8.count - room
      guard times > 0, over > 0, let text = texts[placeholder] else { continue }
      texts[placeholder] = SafeName.shortened(text, to: max(least, text.utf8.count - (over + times - 1) / times))
    }
    return joined()
  }

  private static func padded(_ number: Int, of count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, String(count).count - digits.count)) + digits
  }
}
