extension Contract.Generation {
  /// How the service ended the generation without a cover.
  package var end: ServiceError.GenerationProblem.End {
    let ending = if case .over(let ending) = StatusWord(statusWord).meaning { ending } else { StatusWord.Ending.failed }
    return ServiceError.GenerationProblem.End(ending, word: printable(statusWord, limit: 40), said: error?.words)
  }
}

extension Contract.Generation.Failure {
  /// Class and message in one line; `nil` if there is neither.
  var words: String? {
    let words = [name, message].compactMap(\.self).filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: ": ")
  }
}

/// What a service says beside a status that means waiting, each thing once.
struct Remarks {
  private var told: Set<String> = []
  /// A service that says something else every time is not listened to for ever.
  private static let most = 5

  /// What the person is to be told of a response; `nil` if nothing is new.
  mutating func new(of generation: Contract.Generation) -> CoverProgress? {
    guard !generation.status.isFinal, let said = generation.error?.words, told.count < Self.most,
      told.insert(said).inserted
    else { return nil }
    return .remark(status: printable(generation.statusWord, limit: 40), said: said)
  }
}

/// Tells a result beside a status that nobody knows from one that is still being made.
struct SettledResult {
  private var last: (word: String, url: String)?
  private var count = 0
  /// So many responses in a row with the same word and URL.
  private static let enough = 3

  /// Whether the response may be taken for a completed one.
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
