/// A service's word for how far a generation is, whatever its case and separators.
///
/// A word that is in no list means that the generation is still pending: services add words.
package struct StatusWord: Sendable, Equatable {
  /// How a generation ended without a cover.
  package enum Ending: Sendable, Equatable {
    /// It went wrong.
    case failed
    /// Somebody, or the service itself, called it off.
    case cancelled
    /// It was not begun, or not fetched, in time.
    case expired
    /// The service's own time limit passed.
    case timedOut
    /// What was sent, or what was made, is not allowed.
    case rejected
  }

  /// What a word means.
  package enum Meaning: Sendable, Equatable {
    /// Accepted, not begun.
    case queued
    /// Being made.
    case generating
    /// Done.
    case completed
    /// Over, without a cover.
    case over(Ending)
    /// The service does not know the generation, or not yet: what HTTP says by 404.
    case notFound
    /// Under way by another word.
    case pending
    /// In no list.
    case unknown
  }

  /// What the word means.
  package let meaning: Meaning
  /// Whether the word denies something, tells of a part, or of another attempt: a result beside it may be an unfinished
  /// one.
  let isHedged: Bool

  /// Whether the word says that there is no cover, or none yet that is known.
  var isDenial: Bool {
    switch meaning {
    case .over, .notFound: true
    default: false
    }
  }

  /// Reads a word.
  package init(_ word: String) {
    let parts = Self.parts(word)
    let whole = parts.joined()
    let isDenied = parts.contains { Self.denials.contains($0) } || whole.hasPrefix("un")
    let isPart = parts.contains { Self.pieces.contains($0) } || whole.hasPrefix("partial")
    isHedged = isDenied || isPart
    if let known = Self.words[whole] {
      meaning = known
      return
    }
    // TASK_STATUS_SUCCEED, job-failed, "is done": what is told of is left out.
    let core = parts.drop { Self.subjects.contains($0) }
    if parts.starts(with: ["no", "such"]) {
      meaning = .notFound
      return
    }
    if core.count < parts.count, let known = Self.words[core.joined()] {
      meaning = known
      return
    }
    // GENERATE_AUDIO_FAILED, "rejected by moderation": an ending is one wherever it stands, unless it is denied or
    // tried again.
    let ending = [parts.last, parts.first].lazy.compactMap(\.self).compactMap { part -> Meaning? in
      if case .over(let ending)? = Self.words[part] { .over(ending) } else { nil }
    }.first
    if !isHedged, let ending {
      meaning = ending
    } else if parts.last?.hasSuffix("ing") == true || isPart {
      meaning = .pending
    } else {
      meaning = .unknown
    }
  }

  /// The word's parts in lower case: at separators, and where small letters are followed by a capital.
  private static func parts(_ word: String) -> [String] {
    var parts: [String] = [""]
    var wasLower = false
    for character in word.prefix(100) {
      guard character.isLetter || character.isNumber else {
        if parts.last != "" { parts.append("") }
        wasLower = false
        continue
      }
      if character.isUppercase, wasLower { parts.append("") }
      parts[parts.count - 1] += character.lowercased()
      wasLower = character.isLowercase
    }
    return parts.filter { !$0.isEmpty }
  }

  private static let subjects: Set<String> = [
    "task", "job", "status", "state", "generation", "request", "prediction", "result", "is", "has", "been", "all",
  ]
  /// Parts that turn the rest into its opposite. What such a word means for the work is not known: "no_credits",
  /// "unprocessable".
  private static let denials: Set<String> = ["not", "non", "no", "never", "without"]
  /// Parts that tell of a piece of the work, or of one more attempt: it is under way.
  private static let pieces: Set<String> = [
    "retry", "retrying", "retried", "recover", "recovering", "recovered", "if",
    "partial", "partially", "first", "text", "preview", "before", "until", "pending",
  ]

  private static let words: [String: Meaning] = {
    var words: [String: Meaning] = ["queued": .queued, "generating": .generating]
    let completed = [
      "completed", "complete", "succeeded", "succeed", "success", "successful", "succeeds", "done", "finished",
      "finish",
      "ready", "fulfilled", "processed", "generated", "completedsuccessfully", "successfullycompleted",
    ]
    for word in completed { words[word] = .completed }
    let endings: [Ending: [String]] = [
      .failed: [
        "error", "errored", "failed", "failure", "fail", "fails", "exception", "crashed", "invalid", "unsuccessful",
        "fatal",
        "dead", "lost",
      ],
      .cancelled: [
        "canceled", "cancelled", "cancel", "aborted", "abort", "terminated", "killed", "stopped", "interrupted",
        "revoked",
        "deleted", "discarded", "abandoned", "usercanceled", "usercancelled",
      ],
      .expired: ["expired", "outdated"],
      .timedOut: ["timeout", "timedout", "deadlineexceeded", "timelimitexceeded"],
      .rejected: [
        "rejected", "reject", "refused", "denied", "moderated", "moderation", "blocked", "flagged", "banned",
        "censored",
        "nsfw", "sensitive", "contentpolicyviolation", "policyviolation", "forbidden",
      ],
    ]
    for word in ["notfound", "notexist", "notexists", "doesnotexist", "nonexistent"] { words[word] = .notFound }
    for (ending, list) in endings { for word in list { words[word] = .over(ending) } }
    return words
  }()
}
