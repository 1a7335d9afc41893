/// Scans a submission's body incrementally: the reference into a file, the small fields into memory.
package actor SubmissionScan {
  private let executor = DiskExecutor()
  private var scanner: JSONObjectScanner<ReferenceSink>

  /// The content of a body that was read to its end.
  package struct Result: Sendable {
    /// The members of interest, as JSON text.
    package var members: [String: JSONMember]
    /// The reference, if the member is there and is a string.
    package var reference: Swift.Result<Reference, ReferenceProblem>?
  }

  /// Creates a scan.
  ///
  /// - Parameters:
  ///   - path: Path of the file to create for audio.
  ///   - maximumBytes: Maximum number of bytes of audio.
  package init(referenceTo path: String, maximumBytes: Int) {
    scanner = JSONObjectScanner(
      streaming: SubmissionFields.reference, into: ReferenceSink(path: path, maximumBytes: maximumBytes),
      keeping: SubmissionFields.kept, bounds: JSONBounds())
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  /// Scans more of the body.
  ///
  /// - Throws: `JSONProblem`, or `FileError` if the reference could not be written.
  package func scan(_ bytes: [UInt8]) throws { try scanner.scan(bytes.span) }

  /// Ends the body.
  ///
  /// The reference's file is kept from here on, and the caller must remove it.
  ///
  /// - Throws: `JSONProblem`, or `FileError`.
  package func finish() throws -> Result {
    try scanner.finish()
    var result = Result(members: scanner.members)
    if scanner.members[SubmissionFields.reference] == .streamed {
      do {
        result.reference = .success(try scanner.sink.finish())
      } catch let problem as ReferenceProblem {
        result.reference = .failure(problem)
      }
    }
    return result
  }
}
