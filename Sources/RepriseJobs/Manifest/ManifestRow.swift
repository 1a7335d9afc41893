/// A run requested by a manifest.
package struct ManifestRow: Sendable, Equatable {
  /// Line on which the row begins, counted from 1.
  package let line: Int
  /// The recording: an http or https URL, or a path, which is absolute if the manifest's directory is.
  package let path: String
  /// The recording as the manifest names it.
  package let shownPath: String
  /// The style, read from its file if the row names one; nil if the row has none.
  package let prompt: String?
  /// The lyrics, read from their file if the row names one; nil if the row has none.
  package let lyrics: String?
  /// The cover's file, absolute like `path`; nil if the row leaves the name to the program.
  package let output: String?

  /// All texts of the row.
  package var texts: [String] { [path, prompt ?? "", lyrics ?? "", output ?? ""] }
}
