import Foundation
import RepriseAnalysis
import RepriseSystem
package import RepriseVerification

/// The text of a comparison of a cover with its reference.
package enum LikenessText {
  /// Returns a sentence or a few that sum a likeness up.
  package static func sentence(_ likeness: Likeness) -> String {
    var parts: [String] = []
    if likeness.referenceMusic.verdict == .fail { parts.append("There seems to be no music in the reference.") }
    if likeness.music.verdict == .fail { parts.append("There seems to be no music in it.") }
    guard let alignment = likeness.alignment else {
      if let returned = likeness.returned, returned.verdict == .fail {
        parts.append(Self.returned)
      } else if likeness.music.verdict != .fail, likeness.referenceMusic.verdict != .fail {
        let finding =
          likeness.samePiece.verdict == .fail ? "Not the same piece" : "Too short to tell if it is the same piece"
        parts.append(
          "\(finding): \(percent(likeness.samePiece.value)) of it matches in order, and by chance"
            + " \(percent(likeness.samePiece.chance)) would.")
      }
      parts += unmet(likeness)
      return parts.joined(separator: " ")
    }
    if let returned = likeness.returned, returned.verdict == .fail { parts.append(Self.returned) }
    guard likeness.isSamePiece else { return parts.joined(separator: " ") }
    parts.append(likeness.samePiece.verdict == .pass ? "Same piece." : "Probably the same piece.")
    parts.append(position(alignment))
    if let tune = tune(alignment) { parts.append(tune) }
    if let harmony = alignment.harmony, harmony.verdict != .pass { parts.append("Other chords than the reference's.") }
    parts += changes(alignment) + unmet(likeness)
    return parts.joined(separator: " ")
  }

  private static let returned = "It is the reference itself."

  private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

  private static func clock(_ seconds: Double) -> String { TimeText.clock(.seconds(max(0, seconds.rounded()))) }

  private static func position(_ alignment: Likeness.Alignment) -> String {
    let semitones = abs(alignment.transposition)
    let key =
      semitones == 0
      ? "Same key" : "\(counted(semitones, "semitone")) \(alignment.transposition > 0 ? "up" : "down")"
    return "\(key), \(tempo(alignment.tempoRatio))."
  }

  /// Returns the text of a tempo ratio, such as `6 % slower`.
  static func tempo(_ ratio: Double) -> String {
    let change = (100 * abs(ratio - 1)).rounded()
    return change < 2 ? "same tempo" : "\(Int(change)) % \(ratio > 1 ? "faster" : "slower")"
  }

  /// Returns the line on what carries the melody.
  static func voice(_ voice: Likeness.Voice) -> String {
    switch voice {
    case .played: "melody: seems played"
    case .unclear: "melody: can't tell whether it is sung or played"
    }
  }

  private static func tune(_ alignment: Likeness.Alignment) -> String? {
    guard let melody = alignment.melody else { return nil }
    let heard = alignment.sections.filter { $0.melody != nil }
    let lost = heard.filter { $0.melody?.verdict != .pass }
    if melody.verdict == .pass && lost.isEmpty { return "Tune kept." }
    let place = lost.compactMap(\.coverStart).first.map { ": listen at \(clock($0))" } ?? ""
    if melody.verdict != .pass {
      return "Tune \(alignment.isTuneLost ? "lost" : "partly kept")\(place)."
    }
    let names = named(alignment.sections, where: { section in lost.contains(section) })
    return "Tune kept, but not in \(names)\(place)."
  }

  private static func unmet(_ likeness: Likeness) -> [String] {
    likeness.wishes.filter { $0.verdict == .warn }.map { "Not as wished: \(WishText.sentence($0))." }
  }

  private static func changes(_ alignment: Likeness.Alignment) -> [String] {
    var parts: [String] = []
    for (state, word) in [(Likeness.Section.State.missing, "missing"), (.moved, "moved"), (.repeated, "repeated")] {
      let those = alignment.sections.filter { $0.state == state }
      guard !those.isEmpty else { continue }
      let spans = those.map { "\(clock($0.start))–\(clock($0.end))" }.joined(separator: ", ")
      let names = named(alignment.sections, where: { $0.state == state })
      let verb = those.count > 1 ? "are" : "is"
      parts.append("\(names.prefix(1).uppercased())\(names.dropFirst()) \(verb) \(word) (\(spans) of the reference).")
    }
    if !alignment.added.isEmpty {
      let spans = alignment.added.map { "\(clock($0.lowerBound))–\(clock($0.upperBound))" }.joined(separator: ", ")
      parts.append("Added: \(spans).")
    }
    return parts
  }

  /// Returns the names of some of the sections, such as `the second chorus and C`.
  private static func named(
    _ sections: [Likeness.Section], where isMeant: (Likeness.Section) -> Bool
  ) -> String {
    var indices: [String: [Int]] = [:]
    for section in sections where indices[section.name]?.last != section.index {
      indices[section.name, default: []].append(section.index)
    }
    var names: [String] = []
    for index in Set(sections.filter(isMeant).map(\.index)).sorted() {
      let parts = sections.filter { $0.index == index }
      guard let section = parts.first, let alike = indices[section.name] else { continue }
      let place = alike.firstIndex(of: index).map { ordinal($0 + 1) } ?? ""
      let whole = alike.count > 1 ? "the \(place) \(section.name)" : section.isChorus ? "the chorus" : section.name
      names.append(parts.allSatisfy(isMeant) ? whole : "part of \(whole)")
    }
    guard let last = names.last else { return "" }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func ordinal(_ number: Int) -> String {
    let words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
    return number <= words.count ? words[number - 1] : "\(number)th"
  }

  /// Returns the table of the sections, a line each under a heading.
  package static func table(_ alignment: Likeness.Alignment) -> [String] {
    let rows = alignment.sections.map { section in
      [
        section.isChorus ? section.label + " chorus" : section.label, "\(clock(section.start))–\(clock(section.end))",
        section.state.rawValue,
        both(section.coverStart, section.coverEnd).map { "\(clock($0))–\(clock($1))" } ?? "",
        section.melody.map { "\(percent($0.value)), chance \(percent($0.chance))" } ?? "",
      ]
    }
    let heading = ["section", "reference", "state", "cover", "tune"]
    let widths = heading.indices.map { column in ([heading] + rows).map { $0[column].count }.max() ?? 0 }
    return ([heading] + rows).map { row in
      let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      return "  " + cells.joined(separator: "  ").trimmingSuffix(" ")
    }
  }

  /// Returns the reason why nothing was compared.
  package static func reason(_ obstacle: Comparison.Obstacle) -> String {
    switch obstacle {
    case .noReference: "there is no reference to compare with"
    case .cover: "it does not decode in full"
    case .coverNotHeard(let error): "it cannot be followed: \(EngineErrorText.sentence(error))"
    case .referenceNotHeard(let error): "the reference cannot be followed: \(EngineErrorText.sentence(error))"
    case .noMusicInReference(let music):
      "there seems to be no music in the reference (probability \(String(format: "%.2f", music)))"
    case .unsupportedAudio: "the sample rate cannot be converted for the analysis"
    }
  }

  /// Returns the lines of a comparison: the sentence and the table, or the reason why there is none.
  package static func lines(_ comparison: Comparison) -> [String] {
    switch comparison {
    case .compared(let likeness):
      [sentence(likeness)] + (likeness.alignment.map { $0.sections.count > 1 ? table($0) : [] } ?? [])
        + (likeness.alignment == nil ? [] : [voice(likeness.voice)])
    // The reason is among the checks.
    case .notCompared: []
    }
  }
}

extension Likeness.Section {
  /// The name of the section, which others that repeat it share.
  fileprivate var name: String { isChorus ? "chorus" : label }
}

private func both(_ one: Double?, _ other: Double?) -> (Double, Double)? {
  guard let one, let other else { return nil }
  return (one, other)
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return String(text)
  }
}
