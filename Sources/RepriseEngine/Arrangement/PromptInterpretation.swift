import Foundation

/// The requests of a prompt, as far as its words are known.
struct PromptInterpretation: Sendable {
  /// The style requested, or the default.
  let style: Style
  /// The words that chose the style; empty if none is known and the default applies.
  let because: [String]
  /// Tempo in beats per minute, where the prompt says `NNN bpm`; the middle of a range.
  let beatsPerMinute: Double?
  /// Ratio of cover time to reference time requested by words like "slow"; 1 if there are none.
  let pace: Double
  /// The lead instrument requested, and the word for it.
  let lead: (program: Int, word: String)?
  /// `true` if the prompt refuses drums.
  let noDrums: Bool

  /// Parses a prompt.
  ///
  /// Whole words count, in any case; "no X" and "without X" do not count for X.
  init(prompt: String) {
    let text = Self.plain(prompt)
    var best: (style: Style, score: Double, first: Int, keywords: [String])?
    for style in StyleBook.all {
      var score = 0.0
      var found: [(position: Int, word: String)] = []
      for (word, weight) in style.keywords {
        guard let position = Self.position(of: word, in: text) else { continue }
        score += weight
        found.append((position, word))
      }
      found.sort { $0.position < $1.position }
      guard let first = found.first?.position else { continue }
      // Among equals the one named first wins.
      if let rival = best, (rival.score, -rival.first) >= (score, -first) { continue }
      best = (style, score, first, found.map(\.word))
    }
    style = best?.style ?? StyleBook.fallback
    because = best?.keywords ?? []
    beatsPerMinute = CheckableRequests(prompt: prompt).beatsPerMinute.map { ($0.lowerBound + $0.upperBound) / 2 }
    pace = Self.pace(in: text)
    noDrums = ["no drums", "without drums", "drumless", "no percussion"].contains { text.contains(" \($0) ") }
    let asked = Self.instruments.compactMap { entry -> (position: Int, word: String, program: Int)? in
      Self.position(of: entry.key, in: text).map { ($0, entry.key, entry.value) }
    }
    lead = asked.min { ($0.position, $1.word.count) < ($1.position, $0.word.count) }.map { ($0.program, $0.word) }
  }

  /// Instruments that can carry a melody, by their usual names, with General MIDI programs.
  static let instruments = [
    "piano": 0, "electric piano": 4, "rhodes": 4, "harpsichord": 6, "celesta": 8, "music box": 10, "vibraphone": 11,
    "marimba": 12, "organ": 19, "accordion": 21, "harmonica": 22, "violin": 40, "fiddle": 40, "viola": 41, "cello": 42,
    "trumpet": 56, "trombone": 57, "french horn": 60, "saxophone": 66, "sax": 66, "oboe": 68, "clarinet": 71,
    "flute": 73,
    "recorder": 74, "pan flute": 75, "whistle": 78, "sitar": 104, "banjo": 105, "electric guitar": 29,
    "nylon guitar": 24, "bagpipe": 109, "kalimba": 108, "choir": 52,
  ]

  // Lower case, with everything but letters, digits and in-word punctuation replaced by a space.
  private static func plain(_ prompt: String) -> String {
    let kept = prompt.lowercased().map { character -> Character in
      character.isLetter || character.isNumber || "-&.".contains(character) ? character : " "
    }
    let words = String(kept).split(separator: " ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".-&")) }
    return " " + words.filter { !$0.isEmpty }.joined(separator: " ") + " "
  }

  // The position at which a word or phrase first occurs, unless it is refused there.
  private static func position(of word: String, in text: String) -> Int? {
    var from = text.startIndex
    while let range = text.range(of: " \(word) ", range: from..<text.endIndex) {
      let before = text[..<range.lowerBound].split(separator: " ").suffix(2)
      let refused =
        before.last == "no" || before.last == "without" || before.last == "not"
        || before.elementsEqual(["without", "any"])
      if !refused { return text.distance(from: text.startIndex, to: range.lowerBound) }
      from = text.index(after: range.lowerBound)
    }
    return nil
  }

  private static func pace(in text: String) -> Double {
    func has(_ words: [String]) -> Bool { words.contains { position(of: $0, in: text) != nil } }
    if has(["slow", "slower", "slowed"]) { return 1.12 }
    if has(["fast", "faster", "upbeat", "uptempo", "up-tempo"]) { return 0.9 }
    return 1
  }
}
