import RepriseSystem

/// Arguments that are words of a prompt where recordings are named.
enum MisplacedWords {
  /// What to say about arguments that name nothing that is there and look like words; nil where there are none such.
  ///
  /// - Parameters:
  ///   - prompt: what --prompt says, where it is given: its first word alone, then, the rest of it being here for want of
  ///     quotes.
  static func explanation(_ inputs: [String], prompt: String?) -> String? {
    let words = inputs.filter(isLikeWords)
    guard let first = words.first else { return nil }
    let said = "'\(Console.printable(first))'"
    let text = words.joined(separator: " ")
    guard let prompt else {
      let recording = inputs.first { !words.contains($0) } ?? "RECORDING"
      return "\(said) is no file and looks like a prompt; say it by --prompt: reprise cover"
        + " \(Console.printable(recording == "RECORDING" ? recording : shellWord(recording))) --prompt"
        + " \(Console.printable(shellWord(text)))"
    }
    // The only recording may be a name that is mistyped.
    guard inputs.count > words.count || words.count > 1 || first.contains(" ") else { return nil }
    return "\(said) is no file; if it belongs to the prompt, put all of that in quotes: --prompt"
      + " \(Console.printable(shellWord(prompt + " " + text)))"
  }

  /// Whether an argument names nothing that is there and does not look like a file's name either.
  private static func isLikeWords(_ argument: String) -> Bool {
    guard FileKind(at: argument) == .nothing, !argument.isEmpty, !argument.contains("/") else { return false }
    guard let dot = argument.lastIndex(of: ".") else { return true }
    let suffix = argument[argument.index(after: dot)...]
    return !(1...5).contains(suffix.count) || suffix.contains { !$0.isLetter && !$0.isNumber }
  }
}
