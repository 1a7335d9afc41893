package import RepriseAudio
import RepriseSystem

/// The text of the tags of a result.
package enum TagsText {
  /// Returns what is carried over and what is not; `nil` if there is nothing to tell.
  package static func text(_ tags: CarriedTags) -> String? {
    let lost = lost(tags)
    let carried = carried(tags)
    switch (carried, lost) {
    case (nil, nil): return nil
    case (let carried?, nil): return "\(carried), carried over"
    case (nil, let lost?): return "not carried over: \(lost)"
    case (let carried?, let lost?): return "\(carried), carried over; not carried over: \(lost)"
    }
  }

  private static func carried(_ tags: CarriedTags) -> String? {
    let parts = [
      (tags.fields, "text"), (tags.pictures, "picture"), (tags.chapters, "chapter"), (tags.cuePoints, "cue point"),
      (tags.others, "other block"),
    ].filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
    return parts.isEmpty ? nil : parts.joined(separator: ", ") + " (\(Console.size(tags.byteCount)))"
  }

  /// Largest number of losses that are told one by one.
  private static let mostLosses = 12

  /// Returns what is not carried over, and why; `nil` if all is.
  ///
  /// - Parameters:
  ///   - tags: The tags.
  ///   - derived: `true` to tell of seek tables and lengths as well, which a program can make of the audio at any time.
  /// - Returns: The text.
  package static func lost(_ tags: CarriedTags, derived: Bool = true) -> String? {
    let losses = tags.losses.filter { derived || ![.seekTable, .text("LENGTH")].contains($0.what) }
    guard !losses.isEmpty else { return nil }
    let told = losses.prefix(mostLosses).map(text)
    let rest = losses.count - told.count
    return (told + (rest > 0 ? ["\(rest) more"] : [])).joined(separator: "; ")
  }

  private static func text(_ loss: TagLoss) -> String {
    let size = loss.bytes > 0 ? " (\(Console.size(loss.bytes)))" : ""
    return subject(loss) + size + ", " + text(loss.why)
  }

  private static func subject(_ loss: TagLoss) -> String {
    let times = loss.count > 1 ? "\(loss.count) × " : ""
    return switch loss.what {
    case .text(""): counted(loss.count, "text")
    case .text(let name): times + "the text \(name)"
    case .picture: counted(loss.count, "picture")
    case .chapter: counted(loss.count, "chapter")
    case .cuePoint: counted(loss.count, "cue point")
    case .seekTable: "the seek table"
    case .cueSheet: "the cue sheet"
    case .block(""): counted(loss.count, "other block")
    case .block(let name): times + "the block \(name)"
    case .tag(let kind): times + "a tag of the kind \(kind)"
    }
  }

  private static func text(_ why: TagLoss.Why) -> String {
    switch why {
    case .unreadable: "which cannot be read"
    case .noPlace: "for which the format has no place"
    case .blockSize(let most): "more than the \(Console.size(most)) that a block of the format holds"
    case .noRoom(let most): "with which the file would exceed \(Console.size(most))"
    case .outside: "outside the part"
    case .positions: "true only of the recording as a whole"
    case .otherAudio: "true only of the audio as it was"
    }
  }
}
