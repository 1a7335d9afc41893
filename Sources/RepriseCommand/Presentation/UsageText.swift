import ArgumentParser
import RepriseService
import Foundation
import RepriseSystem

/// What to say of a command line that makes no sense: a sentence, and where to read on.
enum UsageText {
  /// What the names in the arguments tell before the parser is asked, which would take some mistakes for a request for help.
  static func faultBeforeParsing(_ arguments: [String]) -> CommandLineFault? {
    guard let first = arguments.first else { return nil }
    let names = Reprise.configuration.subcommands.map { $0.configuration.commandName }
    let isUnknown = !first.hasPrefix("-") && !names.contains(first)
    // "-dash.m4a" holds an "h".
    let cluster = arguments.prefix { $0 != "--" }.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.count > 2 }
    // Behind "--" the parser takes an option for a name.
    return isUnknown || cluster || arguments.contains("--") ? fault(in: arguments) : nil
  }

  /// The first fault that the names in the arguments tell.
  static func fault(in arguments: [String]) -> CommandLineFault? {
    tree?.fault(in: arguments) { FileKind(at: $0) != .nothing }
  }

  private static var tree: CommandTree? {
    struct Dump: Decodable { let command: CommandTree }
    return try? JSONDecoder().decode(Dump.self, from: Data(Reprise._dumpHelp().utf8)).command
  }

  /// The sentence for an error of the parser.
  static func sentence(for error: any Error, in arguments: [String]) -> String {
    if let fault = fault(in: arguments) { return sentence(fault, in: arguments) }
    var words = Reprise.message(for: error).split(separator: "\n").joined(separator: " ")
    if let advice = ValueAdvice(words),
      let sentence = advice.sentence(words: advice.kind == "format" ? formats(of: arguments.first) : [])
    {
      return Console.printable(sentence)
    }
    // The parser begins with a capital; an option's name or a path keeps what it is.
    if let first = words.first, first.isUppercase, words.dropFirst().first?.isLowercase ?? false {
      words = first.lowercased() + words.dropFirst()
    }
    if words.hasSuffix(".") { words.removeLast() }
    // The commonest stray argument by far is the prompt.
    if words.hasPrefix("unexpected argument"), arguments.first == "request", !arguments.contains("--prompt") {
      words += "; what the cover should be stands behind --prompt"
    }
    return Console.printable(words)
  }

  /// The formats that a command's `--format` takes.
  private static func formats(of command: String?) -> [String] {
    switch command {
    case "cover", "request": Contract.AudioSetting.Format.allCases.map(\.rawValue)
    case "verify": ["mp3", "wav", "flac", "pcm"]
    default: WantedFormat.allCases.map(\.rawValue)
    }
  }

  /// The sentence for a fault.
  static func sentence(_ fault: CommandLineFault, in arguments: [String]) -> String {
    func shown(_ text: String) -> String { Console.printable(text) }
    return switch fault {
    case .unknownCommand(let name, let nearest):
      "there is no command '\(shown(name))'" + suggestion(nearest)
    case .unknownOption(let name, let nearest):
      "unknown option '\(shown(name))'" + suggestion(nearest)
    case .leadingDash(let name):
      "'\(shown(name))' begins with '-', so it is read as options; a file of that name is './\(shown(name))', or stands behind '--'"
        + " and all options: \(shown(Self.endingIn(name, arguments)))"
    case .optionAmongNames(let name):
      "'\(shown(name))' stands behind '--', where everything is a name; options stand before '--'"
    case .dashedValue(let option, let value):
      "'\(shown(value))' after \(option) begins with '-', so it is read as an option; as a value it is '\(option)"
        + "\(option.hasPrefix("--") ? "=" : " ./")\(shown(value))'"
    case .missingValue(let option): "\(option) wants a value behind it"
    case .joinedValue(let option, let value):
      "'\(option)\(shown(value))': a value stands apart from its option: '\(option) \(shown(value))'"
    case .strayArgument(let text): "unexpected argument '\(shown(text))'"
    }
  }

  /// The same command line with a name behind `--`.
  private static func endingIn(_ name: String, _ arguments: [String]) -> String {
    var words = arguments
    if let place = words.firstIndex(of: name) { words.remove(at: place) }
    let typed = words.map { $0.hasPrefix("-") ? $0 : shellWord($0) }.joined(separator: " ")
    let begin = typed.count <= 80 ? typed : "\(arguments.first ?? "") …"
    // Behind "--" a name needs nothing before its hyphen.
    return "reprise \(begin) -- '\(name.replacing("'", with: "'\\''"))'"
  }

  private static func suggestion(_ name: String?) -> String { name.map { "; did you mean '\($0)'?" } ?? "" }

  /// The line that points to the help of the command that was named.
  static func pointer(_ arguments: [String]) -> String {
    var names: [String] = []
    var commands = Reprise.configuration.subcommands
    for argument in arguments.first == "help" ? arguments.dropFirst() : arguments[...] {
      guard let command = commands.first(where: { $0.configuration.commandName == argument }) else { break }
      names.append(argument)
      commands = command.configuration.subcommands
    }
    return "see 'reprise help\(names.map { " " + $0 }.joined())'"
  }
}
