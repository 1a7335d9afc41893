import RepriseSystem

/// Arguments that are words of a prompt in the position of recordings.
enum MisplacedPrompt {
  /// Returns a message on arguments that name no existing file and resemble words; `nil` if there are none.
  ///
  /// - Parameters:
  ///   - inputs: The arguments.
  ///   - prompt: The value of --prompt; `nil` if absent. For want of quotes the value may be only the first word of the
  ///     prompt, with the rest among the arguments.
  /// - Returns: The message; `nil` if there are no such arguments.
  static func explanation(_ inputs: [String], prompt: String?) -> String? {
    let words = inputs.filter(resemblesPrompt)
    guard let first = words.first else { return nil }
    let said = "'\(Console.printable(first))'"
    let text = words.joined(separator: " ")
    guard let prompt else {
      let recording = inputs.first { !words.contains($0) } ?? "RECORDING"
      return "\(said) is not a file and looks like a prompt; say it by --prompt: reprise cover"
        + " \(Console.printable(recording == "RECORDING" ? recording : shellWord(recording))) --prompt"
        + " \(Console.printable(shellWord(text)))"
    }
    // The only recording may be a mistyped name.
    guard inputs.count > words.count || words.count > 1 || first.contains(" ") else { return nil }
    return "\(said) is not a file; if it belongs to the prompt, put all of that in quotes: --prompt"
      + " \(Console.printable(shellWord(prompt + " " + text)))"
  }

  /// Returns `true` if an argument names no existing file and does not resemble a file name either.
  private static func resemblesPrompt(_ argument: String) -> Bool {
    guard FileKind(at: argument) == .nothing, !argument.isEmpty, !argument.contains("/") else { return false }
    guard let dot = argument.lastIndex(of: ".") else { return true }
    let suffix = argument[argument.index(after: dot)...]
    return !(1...5).contains(suffix.count) || suffix.contains { !$0.isLetter && !$0.isNumber }
  }
}
