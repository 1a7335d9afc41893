extension Finding {
  /// `true` for damage and missing audio whose places `Integrity.damage` tells, so that the rest of the file is whole.
  package var isLocated: Bool {
    switch self {
    case .wave(.truncated), .wave(.notNumbers), .wave(.severalWaves): true
    case .flac(.damage), .flac(.truncated), .flac(.lastFrameCut), .flac(.severalStreams): true
    case .mp3(.damagedFrames), .mp3(.garbageBetween), .mp3(.zerosBetween), .mp3(.audioLost), .mp3(.truncated),
      .mp3(.zerosBehind), .mp3(.lastFrameCut):
      true
    default: false
    }
  }

  /// `true` if audio is missing at the end, or another file follows there.
  package var concernsEnd: Bool {
    switch self {
    case .wave(.truncated), .wave(.severalWaves), .flac(.truncated), .flac(.lastFrameCut), .flac(.severalStreams),
      .mp3(.truncated), .mp3(.zerosBehind), .mp3(.lastFrameCut):
      true
    default: false
    }
  }
}
