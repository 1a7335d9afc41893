/// Judges audio that was sent as the reference.
public protocol ReferenceInspecting: Sendable {
  /// What makes the file unfit to be a reference, in words such as "is 5.2 s long, under …"; empty if
  /// it will do.
  ///
  /// Never throws and never traps: a file from a stranger is judged by its content.
  func problems(of path: String) async -> [String]
}

/// Fetches references that were given as links.
public protocol ReferenceFetcher: Sendable {
  /// Downloads `url` to a new file at `path`.
  ///
  /// It speaks http and https only, also after redirects; stops reading once more than `maximumBytes` have come; and
  /// gives up after `timeout`.
  ///
  /// - Throws: whatever went wrong; its description becomes the generation's error message.
  func fetch(_ url: String, to path: String, maximumBytes: Int, timeout: Duration) async throws
}
