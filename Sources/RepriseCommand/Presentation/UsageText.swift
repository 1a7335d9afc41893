import ArgumentParser
import RepriseService
import Foundation
import RepriseSystem

/// The text for invalid command lines: a sentence and a reference to help.
enum UsageText {
  /// Returns a fault found in the names of the arguments before parsing, as the parser would treat some mistakes as
  /// requests for help.
  static func faultBeforeParsing(_ arguments: [String]) -> CommandLineFault? {
    guard let first = arguments.first else { return nil }
    let names = Reprise.configuration.subcommands.map { $0.configuration.commandName }
    let isUnknown = !first.hasPrefix("-") && !names.contains(first)
    // The argument "-dash.m4a" contains an "h".
    let cluster = arguments.prefix { $0 != "--" }.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.count > 2 }
    // After "--" the parser treats an option as a name.
    return isUnknown || cluster || arguments.contains("--") ? fault(in: arguments) : nil
  }

  /// Returns the first fault found in the names of the arguments.
  static func fault(in arguments: [String]) -> CommandLineFault? {
    tree?.fault(in: arguments) { FileKind(at: $0) != .nothing }
  }

  /// The same for every line: read once in a process.
  private static let tree: CommandTree? = {
    struct Dump: Decodable { let command: CommandTree }
    return try? JSONDecoder().decode(Dump.self, from: Data(Reprise._dumpHelp().utf8)).command
  }()

  /// Returns the sentence for an error of the parser.
  static func sentence(for error: any Error, in arguments: [String]) -> String {
    if let fault = fault(in: arguments) { return sentence(fault, in: arguments) }
    var message = Reprise.message(for: error).split(separator: "\n").joined(separator: " ")
    if let advice = ValueAdvice(message),
      let sentence = advice.sentence(values: advice.kind == "format" ? formats(of: arguments.first) : [])
    {
      return Console.printable(sentence)
    }
    // The parser's messages begin with a capital letter; the name of an option or a path stays unchanged.
    if let first = message.first, first.isUppercase, message.dropFirst().first?.isLowercase ?? false {
      message = first.lowercased() + message.dropFirst()
    }
    if message.hasSuffix(".") { message.removeLast() }
    // By far the most common unexpected argument is the prompt.
    if message.hasPrefix("unexpected argument"), arguments.first == "request", !arguments.contains("--prompt") {
      message += "; --prompt describes the cover"
    }
    return Console.printable(message)
  }

  /// Returns the formats accepted by a command's `--format`.
  private static func formats(of command: String?) -> [String] {
    switch command {
    case "cover", "request": Contract.AudioSetting.Format.allCases.map(\.rawValue)
    case "verify": ["mp3", "wav", "flac", "pcm"]
    default: WantedFormat.allCases.map(\.rawValue)
    }
  }

  /// Returns the sentence for a fault.
  static func sentence(_ fault: CommandLineFault, in arguments: [String]) -> String {
    func shown(_ text: String) -> String { Console.printable(text) }
    return switch fault {
    case .unknownCommand(let name, let nearest):
      "there is no command '\(shown(name))'" + suggestion(nearest)
    case .unknownOption(let name, let nearest):
      "unknown option '\(shown(name))'" + suggestion(nearest)
    case .leadingDash(let name):
      "'\(shown(name))' begins with '-', so it is read as options; a file of that name is './\(shown(name))', or goes after '--'"
        + " and all options: \(shown(Self.endingIn(name, arguments)))"
    case .optionAmongNames(let name):
      "'\(shown(name))' comes after '--', where everything is a name; options go before '--'"
    case .dashedValue(let option, let value):
      "'\(shown(value))' after \(option) begins with '-', so it is read as an option; as a value it is '\(option)"
        + "\(option.hasPrefix("--") ? "=" : " ./")\(shown(value))'"
    case .missingValue(let option): "\(option) requires a value"
    case .joinedValue(let option, let value):
      "'\(option)\(shown(value))': a value is separated from its option: '\(option) \(shown(value))'"
    case .strayArgument(let text): "unexpected argument '\(shown(text))'"
    }
  }

  /// Returns the command line with a name moved behind `--`.
  private static func endingIn(_ name: String, _ arguments: [String]) -> String {
    var parts = arguments
    if let index = parts.firstIndex(of: name) { parts.remove(at: index) }
    let typed = parts.map { $0.hasPrefix("-") ? $0 : shellWord($0) }.joined(separator: " ")
    let begin = typed.count <= 80 ? typed : "\(arguments.first ?? "") …"
    // After "--" a leading hyphen needs no escape.
    return "reprise \(begin) -- '\(name.replacing("'", with: "'\\''"))'"
  }

  private static func suggestion(_ name: String?) -> String { name.map { "; did you mean '\($0)'?" } ?? "" }

  /// Returns the line that refers to the help of the named command.
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
