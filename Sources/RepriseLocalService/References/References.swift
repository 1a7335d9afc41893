/// Checks audio included in a submission as its reference.
package protocol ReferenceInspecting: Sendable {
  /// Returns the reasons for which the file is unsuitable as a reference, as phrases such as "is 5.2 s long, under …";
  /// empty if it is suitable.
  ///
  /// The function never throws and never traps: a file from an untrusted source is judged by its content.
  func problems(of path: String) async -> [String]
}

/// Fetches references given as links.
package protocol ReferenceFetcher: Sendable {
  /// Downloads `url` to a new file at `path`.
  ///
  /// Only http and https are supported, also after redirects; the download stops once more than `maximumBytes` have
  /// arrived, or after `timeout`.
  ///
  /// - Throws: Any error; its description becomes the error message of the generation.
  func fetch(_ url: String, to path: String, maximumBytes: Int, timeout: Duration) async throws
}
