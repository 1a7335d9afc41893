/// Files that are read in place of names that are not those of files: what was fetched from stdin or a URL, under the
/// name that a person gave.
///
/// Whoever opens a file by such a name reads the fetched one, and errors and records name what the person named.
package enum StandIns {
  /// What became of a name: the path of the file that stands in for it, or why there is none.
  package typealias Outcome = Result<String, FetchProblem>

  @TaskLocal private static var outcomes: [String: Outcome] = [:]

  /// Returns the path of the file that is read for a name: the name itself, unless another file stands in for it.
  package static func path(for name: String) -> String {
    if case .success(let path)? = outcomes[name] { path } else { name }
  }

  /// Returns the reason for which nothing stands in for a name that is not a file's; `nil` for other names.
  package static func problem(for name: String) -> FetchProblem? {
    if case .failure(let problem)? = outcomes[name] { problem } else { nil }
  }

  /// Returns `true` if a name is not a file's.
  package static func has(_ name: String) -> Bool { outcomes[name] != nil }

  /// Calls `work`, on any threads, with files that stand in for names.
  ///
  /// - Parameters:
  ///   - outcomes: What became of the names.
  ///   - work: The closure to be called.
  /// - Returns: The value returned by `work`.
  /// - Throws: Any error thrown by `work`.
  package static func using<Value>(
    _ outcomes: [String: Outcome], _ work: () async throws -> Value
  ) async rethrows -> Value {
    try await $outcomes.withValue(outcomes) {
      try await CarriedValues.adding({ work in $outcomes.withValue(outcomes) { work() } }, work)
    }
  }
}
