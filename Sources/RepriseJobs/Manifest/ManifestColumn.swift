/// A column of a manifest.
enum ManifestColumn: String, CaseIterable {
  case path, prompt, lyrics, output

  /// The meaning of a name in a header or a key in an object.
  enum Meaning {
    case column(ManifestColumn)
    /// Begins with an underscore: for the manifest's author only.
    case comment
    case unknown
  }

  /// Returns the meaning of a name as people type names into spreadsheets: in any case, with spaces around.
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

/// A row before validation: texts with their positions.
struct RawRow {
  var line: Int
  var fields: [ManifestColumn: DelimitedText.Field] = [:]
  /// Columns for which a problem was reported already.
  var faulty: Set<ManifestColumn> = []
}
