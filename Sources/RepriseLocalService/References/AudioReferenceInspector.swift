internal import RepriseAudio

/// Judges references as `reprise inspect` judges files: by what is in them, within the service's limits.
public struct AudioReferenceInspector: ReferenceInspecting {
  private let limits: AudioLimits

  /// An inspector with the service's limits: 6–360 s of mp3, wav or flac.
  ///
  /// - Parameter maximumBytes: the largest file.
  public init(maximumBytes: Int) { limits = AudioLimits(maximumBytes: maximumBytes) }

  /// Every reason why the file cannot be used as it is; everything is decoded, as making the cover would.
  public func problems(of path: String) async -> [String] {
    let inspection = await inspect(path: path, limits: limits, deep: true)
    guard inspection.verdict != .ready else { return [] }
    return inspection.reasons.map(\.description)
  }
}
