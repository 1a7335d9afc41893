/// The warning on recordings that are not there, given before the first of many covers is begun.
package enum MissingRecordings {
  /// Number of paths that the warning names.
  private static let shown = 3

  /// Returns the warning.
  ///
  /// - Parameters:
  ///   - paths: The paths of the missing recordings, as named by the user.
  ///   - count: The number of all recordings.
  /// - Returns: The warning; `nil` if none is missing.
  package static func warning(_ paths: [String], of count: Int) -> String? {
    guard !paths.isEmpty else { return nil }
    let names = paths.prefix(shown).map(Console.printable).joined(separator: ", ")
    let more = paths.count > shown ? " and \(paths.count - shown) more" : ""
    return "reprise: warning: \(paths.count) of \(count) recordings \(paths.count == 1 ? "is" : "are") missing: "
      + "\(names)\(more); no cover of \(paths.count == 1 ? "it" : "them") can be made, and the others are"
  }
}
