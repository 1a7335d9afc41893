import Foundation

/// The encoding of values as JSON for a request's body.
enum JSONText {
  /// Returns `value` as JSON; Foundation escapes quotes, backslashes and control characters, and here not `/`.
  static func of(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    // Strings and plain structs of numbers and strings always encode.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }
}
