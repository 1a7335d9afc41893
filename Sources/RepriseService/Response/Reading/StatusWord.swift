/// A service's word for the status of a generation, whatever its case and separators.
///
/// An unknown word means that the generation is still pending, since services add words.
package struct StatusWord: Sendable, Equatable {
  /// The end of a generation without a cover.
  package enum Ending: Sendable, Equatable {
    /// The generation failed.
    case failed
    /// A user, or the service itself, cancelled the generation.
    case cancelled
    /// The generation was not begun, or not fetched, in time.
    case expired
    /// The service's own time limit passed.
    case timedOut
    /// The input, or the output, is not allowed.
    case rejected
  }

  /// The meaning of a word.
  package enum Meaning: Sendable, Equatable {
    /// The generation is accepted and not begun.
    case queued
    /// The generation is being made.
    case generating
    /// The generation is done.
    case completed
    /// The generation ended without a cover.
    case over(Ending)
    /// The service does not know the generation, or not yet: the equivalent of HTTP's 404.
    case notFound
    /// The generation is under way, by another word.
    case pending
    /// The word is unknown.
    case unknown
  }

  /// Meaning of the word.
  package let meaning: Meaning
  /// `true` if the word denies something, or refers to a part or to another attempt, so that a result may be
  /// unfinished.
  let isHedged: Bool

  /// `true` if the word states that there is no cover, or none yet that is known.
  var isDenial: Bool {
    switch meaning {
    case .over, .notFound: true
    default: false
    }
  }

  /// Parses a word.
  package init(_ word: String) {
    let parts = Self.parts(word)
    let whole = parts.joined()
    let isDenied = parts.contains { Self.denials.contains($0) } || whole.hasPrefix("un")
    let isPart = parts.contains { Self.pieces.contains($0) } || whole.hasPrefix("partial")
    isHedged = isDenied || isPart
    if let known = Self.meanings[whole] {
      meaning = known
      return
    }
    // TASK_STATUS_SUCCEED, job-failed, "is done": the subject is skipped.
    let core = parts.drop { Self.subjects.contains($0) }
    if parts.starts(with: ["no", "such"]) {
      meaning = .notFound
      return
    }
    if core.count < parts.count, let known = Self.meanings[core.joined()] {
      meaning = known
      return
    }
    // GENERATE_AUDIO_FAILED, "rejected by moderation": an ending counts first or last, unless it is denied or tried
    // again.
    let ending = [parts.last, parts.first].lazy.compactMap(\.self).compactMap { part -> Meaning? in
      if case .over(let ending)? = Self.meanings[part] { .over(ending) } else { nil }
    }.first
    if !isHedged, let ending {
      meaning = ending
    } else if parts.last?.hasSuffix("ing") == true || isPart {
      meaning = .pending
    } else {
      meaning = .unknown
    }
  }

  /// Returns the word's parts in lower case, split at separators, and before capitals that follow small letters.
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
  /// Parts that negate the rest.
  ///
  /// The meaning of such a word for the work is not known: "no_credits", "unprocessable".
  private static let denials: Set<String> = ["not", "non", "no", "never", "without"]
  /// Parts that refer to a piece of the work, or of another attempt, so that the work is under way.
  private static let pieces: Set<String> = [
    "retry", "retrying", "retried", "recover", "recovering", "recovered", "if",
    "partial", "partially", "first", "text", "preview", "before", "until", "pending",
  ]

  private static let meanings: [String: Meaning] = {
    var list: [String: Meaning] = ["queued": .queued, "generating": .generating]
    let completed = [
      "completed", "complete", "succeeded", "succeed", "success", "successful", "succeeds", "done", "finished",
      "finish",
      "ready", "fulfilled", "processed", "generated", "completedsuccessfully", "successfullycompleted",
    ]
    for word in completed { list[word] = .completed }
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
    for word in ["notfound", "notexist", "notexists", "doesnotexist", "nonexistent"] { list[word] = .notFound }
    for (ending, words) in endings { for word in words { list[word] = .over(ending) } }
    return list
  }()
}
