import RepriseAudio

/// The text of changes that leave the audio as it is.
enum RepairText {
  /// Returns the changes as text.
  static func text(_ repairs: [Repair]) -> String {
    let changes = repairs.map { repair in
      switch repair {
      case .wave(let repair): text(repair)
      case .flac(let repair): text(repair)
      case .mp3(let repair): text(repair)
      }
    }
    return changes.joined(separator: "; ") + "; the audio's bytes stay"
  }

  private static func text(_ repair: WaveRepair) -> String {
    switch repair {
    case .header: "a header that every decoder reads is written"
    }
  }

  private static func text(_ repair: FLACRepair) -> String {
    switch repair {
    case .metadata: "the metadata are written anew"
    }
  }

  private static func text(_ repair: MP3Repair) -> String {
    switch repair {
    case .header: "a header with the counted number of frames is written in front"
    }
  }
}
