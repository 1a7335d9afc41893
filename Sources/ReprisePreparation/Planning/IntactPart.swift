import RepriseAudio

extension Inspection {
  /// Distance in seconds that a part keeps from damage: two frames at the lowest sample rate, whose transforms overlap.
  private static let margin = 0.2

  /// Returns `true` if a damaged mp3 may hold the requested part undamaged: if the places of all damage are known.
  ///
  /// A part has to be asked for: nobody is to send the intact half of a recording without knowing.
  func mayHoldIntactPart(_ options: PreparationOptions) -> Bool {
    guard format == .mp3, options.start != nil || options.end != nil, duration != nil else { return false }
    let isAllKnown = !integrity.problems.contains { if case .mp3(.moreGaps) = $0 { true } else { false } }
    guard isAllKnown else { return false }
    let fatal = reasons.filter { [.truncated, .corrupt, .silent, .tooShort, .notAudio, .unreadable].contains($0.code) }
    return !fatal.isEmpty
      && fatal.allSatisfy { reason in
        switch reason.finding {
        case .mp3(.truncated), .mp3(.zerosBehind): true
        case .mp3(.garbageBetween), .mp3(.zerosBetween), .mp3(.audioLost), .mp3(.damagedFrames):
          integrity.damage.count < 100 && !integrity.damage.isEmpty
        default: false
        }
      }
  }

  /// Throws if a part is damaged, or lies next to damage.
  func refuseDamage(from start: Double, to end: Double) throws(PreparationError) {
    let spans = integrity.damage.filter { $0.end > start - Self.margin && $0.start < end + Self.margin }
    guard let first = spans.first else { return }
    throw PreparationError(.damaged(places: spans.count, first: first), path: path)
  }
}
