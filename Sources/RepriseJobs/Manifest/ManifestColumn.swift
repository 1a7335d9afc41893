/// What a manifest may say about a run.
enum ManifestColumn: String, CaseIterable {
  case path, prompt, lyrics, output

  /// What a name in a header or a key in an object means.
  enum Meaning {
    case column(ManifestColumn)
    /// Begins with an underscore: for the manifest's author only.
    case comment
    case unknown
  }

  /// Takes names as people type them into spreadsheets: in any case, with spaces around.
  static func meaning(of name: String) -> Meaning {
    let plain = name.drop(while: \.isWhitespace)
    if plain.hasPrefix("_") { return .comment }
    let end = plain.lastIndex { !$0.isWhitespace }.map { plain.index(after: $0) } ?? plain.startIndex
    return ManifestColumn(rawValue: plain[..<end].lowercased()).map { .column($0) } ?? .unknown
  }

  /// The known names, for messages.
  static var known: String {
    "known are " + allCases.map(\.rawValue).joined(separator: ", ") + ", and any that begins with an underscore"
  }
}

/// What a row says before it is understood: texts with their places.
struct RawRow {
  var line: Int
  var fields: [ManifestColumn: DelimitedText.Field] = [:]
  /// Columns of which it was told already that they say nothing that can be understood.
  var faulty: Set<ManifestColumn> = []
}
