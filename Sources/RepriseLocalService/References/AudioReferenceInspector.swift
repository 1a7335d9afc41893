internal import RepriseAudio

/// Checks references as `reprise inspect` checks files: by their content, against the limits of the service.
package struct AudioReferenceInspector: ReferenceInspecting {
  private let limits: AudioLimits

  /// Creates an inspector with the limits of the service: 6–360 s of mp3, wav or flac.
  ///
  /// - Parameter maximumBytes: Maximum size of a file, in bytes.
  package init(maximumBytes: Int) { limits = AudioLimits(maximumBytes: maximumBytes) }

  /// Returns every reason for which the file cannot be used unchanged; everything is decoded, as for a cover.
  package func problems(of path: String) async -> [String] {
    let inspection = await inspect(path: path, limits: limits, deep: true)
    guard inspection.verdict != .ready else { return [] }
    return inspection.reasons.map(\.description)
  }
}
