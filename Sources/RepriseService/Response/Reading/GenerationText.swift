extension Contract.Generation {
  /// End of the generation without a cover, as the service reported it.
  package var end: ServiceError.GenerationProblem.End {
    let ending = if case .over(let ending) = StatusWord(statusWord).meaning { ending } else { StatusWord.Ending.failed }
    return ServiceError.GenerationProblem.End(ending, word: printable(statusWord, limit: 40), said: error?.summary)
  }
}

extension Contract.Generation.Failure {
  /// Class and message in one line; `nil` if there is neither.
  var summary: String? {
    let parts = [name, message].compactMap(\.self).filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: ": ")
  }
}

/// The messages of a service beside a status that means waiting, each reported once.
struct Remarks {
  private var reported: Set<String> = []
  /// Maximum number of messages, in case the service sends another one every time.
  private static let most = 5

  /// Returns the message of a response to report, or `nil` if there is nothing new.
  mutating func new(of generation: Contract.Generation) -> CoverProgress? {
    guard !generation.status.isFinal, let said = generation.error?.summary, reported.count < Self.most,
      reported.insert(said).inserted
    else { return nil }
    return .remark(status: printable(generation.statusWord, limit: 40), said: said)
  }
}

/// A detector of results beside an unknown status word that are complete.
struct SettledResult {
  private var last: (word: String, url: String)?
  private var count = 0
  /// Number of consecutive responses with equal word and URL after which the result counts as complete.
  private static let enough = 3

  /// `true` if the response can be taken for a completed one.
  mutating func take(_ generation: Contract.Generation) -> Bool {
    let word = StatusWord(generation.statusWord)
    guard word.meaning == .unknown, !word.isHedged, let url = generation.audioFile?.url else {
      (last, count) = (nil, 0)
      return false
    }
    let isSame = last.map { $0 == (generation.statusWord, url) } ?? false
    count = isSame ? count + 1 : 1
    last = (generation.statusWord, url)
    return count >= Self.enough
  }
}
