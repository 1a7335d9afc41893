/// One run that a manifest asks for.
public struct ManifestRow: Sendable, Equatable {
  /// The line on which it begins, counted from 1.
  public let line: Int
  /// The recording, absolute where the manifest's folder is.
  public let path: String
  /// The recording as the manifest names it.
  public let shownPath: String
  /// The style, read from its file where it stands in one; nil where the row gives none.
  public let prompt: String?
  /// The words to be sung, likewise.
  public let lyrics: String?
  /// The cover's file, absolute like `path`; nil where the row leaves the name to the program.
  public let output: String?

  /// All that the row says.
  public var texts: [String] { [path, prompt ?? "", lyrics ?? "", output ?? ""] }
}
