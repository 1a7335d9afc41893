package import RepriseAnalysis

extension Likeness {
  /// A request and what was found of it in the cover.
  package struct WishOutcome: Sendable, Equatable {
    /// A request with the value found; the value is `nil` where it is unknown.
    package enum Finding: Sendable, Equatable {
      /// Tempos in beats per minute; the one found is at the metrical level nearest to the request.
      case tempo(wanted: ClosedRange<Double>, found: Double?)
      /// A change of the reference's tempo, and the cover's tempo divided by the reference's.
      case pace(isFaster: Bool, ratio: Double?)
      /// A key: the pitch class of its tonic, and its mode if one was requested.
      case key(tonic: Int, isMinor: Bool?, found: Triad?)
      /// A transposition in semitones upwards.
      case transposition(wanted: Int, found: Int?)
      /// Durations in seconds.
      case duration(wanted: Double, found: Double)
      /// A cover without singing.
      case instrumental(found: Voice)
    }

    /// The request and the value found.
    package var finding: Finding
    /// The verdict: a request that was not met is a warning; `nil` where that is unknown.
    package var verdict: VerificationReport.Verdict?

    /// Name of the property that the request is about, such as `tempo`.
    package var name: String {
      switch finding {
      case .tempo, .pace: "tempo"
      case .key, .transposition: "key"
      case .duration: "duration"
      case .instrumental: "instrumental"
      }
    }

    /// Creates an outcome, judged by the thresholds.
    package init(_ finding: Finding, _ thresholds: LikenessThresholds = .init()) {
      self.finding = finding
      verdict = thresholds.isMet(finding).map { $0 ? .pass : .warn }
    }
  }
}

extension LikenessThresholds {
  /// Returns whether a request is met; `nil` if that is unknown.
  fileprivate func isMet(_ finding: Likeness.WishOutcome.Finding) -> Bool? {
    switch finding {
    case .tempo(let wanted, let found):
      found.map { $0 >= wanted.lowerBound * (1 - wishTolerance) && $0 <= wanted.upperBound * (1 + wishTolerance) }
    case .pace(let isFaster, let ratio): ratio.map { isFaster ? $0 > 1 + leastPaceChange : $0 < 1 - leastPaceChange }
    case .key(let tonic, let isMinor, let found):
      found.map { $0.root == tonic && (isMinor == nil || isMinor == $0.isMinor) }
    case .transposition(let wanted, let found): found.map { ($0 - wanted).isMultiple(of: 12) }
    case .duration(let wanted, let found): abs(found - wanted) <= max(wishedSecondsTolerance, wishTolerance * wanted)
    case .instrumental(let found): found == .unclear ? nil : found == .played
    }
  }
}

extension Wishes {
  /// Checks each request.
  ///
  /// - Parameters:
  ///   - cover: The cover as heard.
  ///   - reference: The reference as heard.
  ///   - alignment: How they lie to each other; `nil` if they are not the same piece.
  ///   - voice: Whether the cover's melody is sung.
  ///   - thresholds: The bounds of the verdicts.
  /// - Returns: The outcome of each.
  func outcomes(
    of cover: Analysis, to reference: Analysis, _ alignment: Likeness.Alignment?, _ voice: Likeness.Voice,
    _ thresholds: LikenessThresholds
  ) -> [Likeness.WishOutcome] {
    var findings: [Likeness.WishOutcome.Finding] = []
    switch tempo {
    case .beatsPerMinute(let range):
      findings.append(.tempo(wanted: range, found: cover.tempo(nearest: range, thresholds)))
    case .faster, .slower: findings.append(.pace(isFaster: tempo == .faster, ratio: alignment?.tempoRatio))
    case nil: break
    }
    switch key {
    case .tonic(let tonic, let isMinor):
      findings.append(.key(tonic: tonic, isMinor: isMinor, found: cover.key(tonic, reference, alignment, thresholds)))
    case .transposition(let wanted):
      findings.append(.transposition(wanted: wanted, found: alignment?.transposition))
    case nil: break
    }
    if let seconds { findings.append(.duration(wanted: seconds, found: cover.seconds)) }
    if isInstrumental { findings.append(.instrumental(found: voice)) }
    return findings.map { Likeness.WishOutcome($0, thresholds) }
  }
}

extension Analysis {
  /// Returns the tempo, halved or doubled if that is nearer to a range; `nil` if the beats are uncertain.
  fileprivate func tempo(nearest range: ClosedRange<Double>, _ thresholds: LikenessThresholds) -> Double? {
    guard confidence.beats >= thresholds.leastConfidence, tempo > 0 else { return nil }
    func distance(_ tempo: Double) -> Double { max(range.lowerBound / tempo, tempo / range.upperBound, 1) }
    return [tempo, tempo / 2, tempo * 2].min { distance($0) < distance($1) }
  }

  /// Returns the key of a cover; `nil` if it is uncertain.
  ///
  /// The key is heard in the cover and, transposed, in its reference. Where the two differ, as a major key and its
  /// relative minor are easily mistaken for each other, the one with the requested tonic counts.
  fileprivate func key(
    _ tonic: Int, _ reference: Analysis, _ alignment: Likeness.Alignment?, _ thresholds: LikenessThresholds
  ) -> Triad? {
    var heard = confidence.key >= thresholds.leastConfidence ? [key] : []
    if let alignment, reference.confidence.key >= thresholds.leastConfidence {
      heard.append(Triad(root: reference.key.root + alignment.transposition, isMinor: reference.key.isMinor))
    }
    return heard.first { $0.root == tonic } ?? heard.first
  }
}
