/// A fact as text.
package enum Phrase: Equatable {
  /// A complete clause: "it ends early".
  case clause(String)
  /// A predicate that needs a subject: "is silent".
  case predicate(String)

  /// Text without a subject.
  package var text: String {
    switch self {
    case .clause(let text), .predicate(let text): text
    }
  }

  /// Returns the text as a sentence, with a subject in front where required.
  package func text(of subject: String) -> String {
    switch self {
    case .clause(let text): text
    case .predicate(let text): "\(subject) \(text)"
    }
  }
}
