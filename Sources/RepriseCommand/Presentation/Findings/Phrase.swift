/// A fact in words.
package enum Phrase: Equatable {
  /// What stands by itself: "it ends early".
  case clause(String)
  /// What is said of a subject: "is silent".
  case predicate(String)

  /// The words, without a subject in front.
  package var text: String {
    switch self {
    case .clause(let text), .predicate(let text): text
    }
  }

  /// The words as a sentence that begins with its subject where it needs one.
  package func text(of subject: String) -> String {
    switch self {
    case .clause(let text): text
    case .predicate(let text): "\(subject) \(text)"
    }
  }
}
