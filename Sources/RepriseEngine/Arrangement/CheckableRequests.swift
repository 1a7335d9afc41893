/// The requests of a prompt that can be checked in a cover, as far as its words are known.
package struct CheckableRequests: Sendable, Equatable {
  /// A requested key.
  package struct Key: Sendable, Equatable {
    /// Pitch class of the tonic: 0 is C, 11 is B.
    package var tonic: Int
    /// `true` for minor, `false` for major; `nil` if neither is named.
    package var isMinor: Bool?

    /// Creates a key.
    package init(tonic: Int, isMinor: Bool?) {
      self.tonic = tonic
      self.isMinor = isMinor
    }
  }

  /// The requested tempos in beats per minute: "120 bpm", "100-110 bpm".
  package let beatsPerMinute: ClosedRange<Double>?
  /// `true` for a higher tempo than the recording's, `false` for a lower one: "faster", "slower".
  package let isFaster: Bool?
  /// The requested key: "F# minor", "in the key of Bb".
  package let key: Key?
  /// The requested transposition in semitones upwards: "two semitones down".
  package let transposition: Int?
  /// The requested duration in seconds: "2 minutes long".
  package let seconds: Double?
  /// `true` if the cover is to be instrumental: "instrumental", "no vocals".
  package let isInstrumental: Bool

  /// Parses a prompt.
  package init(prompt: String) {
    let words = PromptWords(prompt)
    beatsPerMinute = words.tempo
    isFaster = words.has(["faster"]) ? true : words.has(["slower", "slowed"]) ? false : nil
    key = words.key
    transposition = words.transposition
    seconds = words.duration
    isInstrumental = words.isInstrumental
  }
}

/// The words of a prompt in order, hyphens as spaces; a comma or the end of a sentence is a word of its own.
private struct PromptWords {
  private let written: [String]
  private let words: [String]

  init(_ prompt: String) {
    var found: [String] = []
    var word = ""
    func end() {
      // The point of a number stays, that of a sentence does not.
      while word.last == "." || word.last == ":" { word.removeLast() }
      if !word.isEmpty { found.append(word) }
      word = ""
    }
    for character in prompt {
      let next: Bool
      switch character {
      case ",", ";", "!", "?", "(", ")", "\n": next = true
      default: next = false
      }
      if character.isLetter || character.isNumber || "#♯♭.:'".contains(character) {
        word.append(character)
      } else {
        let isSentence = word.last == "."
        end()
        if next || isSentence { found.append(",") }
      }
    }
    end()
    written = found
    words = found.map { $0.lowercased() }
  }

  /// Returns the word at an index; an empty one before the first and after the last.
  private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

  /// Returns whether one of some words is there and not refused.
  func has(_ wanted: Set<String>) -> Bool {
    words.indices.contains { wanted.contains(words[$0]) && !Self.refusals.contains(word($0 - 1)) }
  }

  private static let refusals: Set<String> = ["no", "not", "non", "without", "don't", "never"]

  /// The tempos named; those outside of the range of music do not count.
  var tempo: ClosedRange<Double>? {
    for index in words.indices where words[index].hasSuffix("bpm") {
      var at = index
      var values: [Double] = []
      if words[index] != "bpm" { values = Double(words[index].dropLast(3)).map { [$0] } ?? [] } else { at -= 1 }
      if values.isEmpty, let value = Double(word(at)) { values = [value] }
      let isRange = word(at - 1) == "to"
      if let other = Double(word(at - (isRange ? 2 : 1))) { values.append(other) }
      guard let low = values.min(), let high = values.max(), low >= 30, high <= 300 else { continue }
      return low...high
    }
    return nil
  }

  var key: CheckableRequests.Key? {
    for index in words.indices {
      guard let (tonic, length) = tonic(at: index) else { continue }
      let mode = Self.modes[word(index + length)]
      if mode == nil, word(index - 1) == "of", word(index - 2) == "key" { return .init(tonic: tonic, isMinor: nil) }
      guard let mode, isName(at: index, next: word(index + length + 1)) else { continue }
      return .init(tonic: tonic, isMinor: mode)
    }
    return nil
  }

  private static let modes = ["major": false, "maj": false, "minor": true, "min": true]
  private static let naturals: [Character: Int] = ["c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11]
  private static let accidentals = ["": 0, "#": 1, "♯": 1, "b": -1, "♭": -1]

  // The pitch class of a name, which has one word or two, and the number of its words.
  private func tonic(at index: Int) -> (Int, Int)? {
    guard let letter = words[index].first, let natural = Self.naturals[letter],
      let accidental = Self.accidentals[String(words[index].dropFirst())]
    else { return nil }
    let after = ["sharp": 1, "flat": -1][word(index + 1)]
    return ((natural + accidental + (after ?? 0) + 12) % 12, after == nil ? 1 : 2)
  }

  // "A minor" is a key, "a minor change" and "in a minor key" are not.
  private func isName(at index: Int, next: String) -> Bool {
    guard words[index] == "a" else { return true }
    if ["key", "chord", "scale", "mode"].contains(next) { return false }
    return (written[index] == "A" && index > 0) || ["", ",", "and", "at", "with"].contains(next)
  }

  private static let counts = [
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "half": 1, "whole": 1,
  ]
  private static let intervals = [
    "semitone": 1, "semitones": 1, "tone": 2, "tones": 2, "octave": 12, "octaves": 12, "fourth": 5, "fifth": 7,
  ]
  private static let directions = ["up": 1, "higher": 1, "down": -1, "lower": -1]

  var transposition: Int? {
    for index in words.indices {
      var size = Self.intervals[words[index]]
      var first = index - 1
      if ["step", "steps"].contains(words[index]), ["half", "whole"].contains(word(first)) {
        size = word(first) == "half" ? 1 : 2
        first -= 1
      } else if ["whole", "full", "perfect"].contains(word(first)) {
        first -= 1
      }
      guard let size, let count = Int(word(first)) ?? Self.counts[word(first)] else { continue }
      let before = word(first - 1) == "by" ? word(first - 2) : word(first - 1)
      if let sign = Self.directions[word(index + 1)] ?? Self.directions[before] { return sign * count * size }
    }
    return nil
  }

  private static let units = [
    "s": 1.0, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
  ]

  // Durations of the whole only: not "a 10 second intro".
  var duration: Double? {
    for index in words.indices {
      guard let (seconds, length) = time(at: index), seconds > 0 else { continue }
      var before = index - 1
      while ["of", "about", "around", "is"].contains(word(before)) { before -= 1 }
      if word(index + length) == "long" || ["duration", "length"].contains(word(before)) { return seconds }
    }
    return nil
  }

  // Seconds named at an index, and the number of words: "1:30", "90 seconds", "1 minute 30 seconds", "90s".
  private func time(at index: Int) -> (Double, Int)? {
    let parts = words[index].split(separator: ":")
    if parts.count == 2, let minutes = Double(parts[0]), let seconds = Double(parts[1]), seconds < 60 {
      return (60 * minutes + seconds, Self.units[word(index + 1)] == 60 ? 2 : 1)
    }
    if words[index].hasSuffix("s"), let seconds = Double(words[index].dropLast()) { return (seconds, 1) }
    let number = Double(words[index]) ?? Self.counts[words[index]].map(Double.init)
    guard let number, let unit = Self.units[word(index + 1)] else { return nil }
    let next = word(index + 2) == "and" ? index + 3 : index + 2
    if unit == 60, let seconds = Double(word(next)), Self.units[word(next + 1)] == 1 {
      return (60 * number + seconds, next + 2 - index)
    }
    return (number * unit, 2)
  }

  var isInstrumental: Bool {
    let parts: Set<String> = ["intro", "outro", "break", "solo", "section", "bridge", "interlude", "part", "passage"]
    let voices: Set<String> = ["vocal", "vocals", "voice", "voices", "singing", "singer", "singers"]
    return words.indices.contains { index in
      if words[index] == "instrumental" {
        return !parts.contains(word(index + 1)) && !Self.refusals.contains(word(index - 1))
      }
      guard voices.contains(words[index]) else { return false }
      let article = ["any", "a", "the", "lead"].contains(word(index - 1)) ? 1 : 0
      return ["no", "without"].contains(word(index - 1 - article))
    }
  }
}
