/// The commands of a program and the options of each, decoded from the argument parser's own dump.
package struct CommandTree: Decodable, Sendable {
  /// An option, a flag or a positional argument.
  package struct Argument: Decodable, Sendable {
    /// A kind of argument.
    package enum Kind: String, Decodable, Sendable {
      case positional, option, flag
    }

    /// A name of an argument, without dashes.
    package struct Name: Decodable, Sendable, Equatable {
      /// One of `long`, `short` and `longWithSingleDash`.
      package var kind: String
      /// Letters of the name.
      package var name: String

      /// Creates a name.
      package init(kind: String, name: String) {
        self.kind = kind
        self.name = name
      }

      /// Name as typed.
      package var typed: String { (kind == "long" ? "--" : "-") + name }
    }

    /// Kind of the argument.
    package var kind: Kind
    /// Names of the argument; `nil` or empty for a positional argument.
    package var names: [Name]?
    /// Strategy by which the parser finds the value: `unconditional` takes the next argument even if it resembles an
    /// option.
    package var parsingStrategy: String?

    /// Creates an argument.
    package init(_ kind: Kind, names: [Name] = [], parsingStrategy: String? = nil) {
      self.kind = kind
      self.names = names
      self.parsingStrategy = parsingStrategy
    }
  }

  /// Name of the command as typed.
  package var commandName: String
  /// `true` if the command is shown in help.
  package var shouldDisplay: Bool?
  /// Subcommands.
  package var subcommands: [CommandTree]?
  /// Subcommand used if none is named.
  package var defaultSubcommand: String?
  /// Options, flags and positional arguments of the command.
  package var arguments: [Argument]?

  /// Creates a command.
  package init(
    _ commandName: String, subcommands: [CommandTree] = [], defaultSubcommand: String? = nil, arguments: [Argument] = []
  ) {
    self.commandName = commandName
    self.subcommands = subcommands
    self.defaultSubcommand = defaultSubcommand
    self.arguments = arguments
  }

  /// Names of the subcommands shown in help.
  var shownNames: [String] { (subcommands ?? []).filter { $0.shouldDisplay ?? true }.map(\.commandName) }

  func subcommand(_ name: String) -> CommandTree? { subcommands?.first { $0.commandName == name } }

  /// Arguments of the command and of the subcommand used if none is named.
  private var allArguments: [Argument] {
    (arguments ?? []) + (defaultSubcommand.flatMap { subcommand($0) }?.arguments ?? [])
  }

  func argument(_ typed: String) -> Argument? {
    allArguments.first { $0.names?.contains { $0.typed == typed } ?? false }
  }

  /// Returns `true` if a text is an option of the command, with or without a value after `=`.
  func isOption(_ text: String) -> Bool {
    text.hasPrefix("-") && argument(String(text.prefix { $0 != "=" })) != nil
  }

  var optionNames: [String] { allArguments.flatMap { ($0.names ?? []).map(\.typed) } }

  var hasPositionals: Bool { allArguments.contains { $0.kind == .positional } }
}

/// A fault of a command line, as far as the names in it reveal one.
package enum CommandLineFault: Equatable, Sendable {
  /// No command has this name.
  case unknownCommand(String, nearest: String?)
  /// The command has no such option.
  case unknownOption(String, nearest: String?)
  /// A file name that begins with `-` is read as options.
  case leadingDash(String)
  /// An option of the command follows `--`, after which everything is a name.
  case optionAmongNames(String)
  /// A value that begins with `-` follows an option that requires a value.
  case dashedValue(option: String, value: String)
  /// An option that requires a value has none.
  case missingValue(option: String)
  /// A value is joined to the letter of its option.
  case joinedValue(option: String, value: String)
  /// The command takes no such argument.
  case strayArgument(String)
}

extension CommandTree {
  /// Returns the first fault in the arguments of this program.
  ///
  /// - Parameters:
  ///   - arguments: The arguments.
  ///   - isFile: A closure that returns `true` if a file has the name; an argument that begins with `-` was then meant
  ///     as a file.
  /// - Returns: The fault; `nil` if all names are known.
  package func fault(in arguments: [String], isFile: (String) -> Bool = { _ in false }) -> CommandLineFault? {
    var node = self
    var rest = arguments[...]
    if rest.first == "help" { return helpFault(Array(rest.dropFirst())) }
    while let argument = rest.popFirst() {
      if argument == "--" {
        guard node.hasPositionals else { return rest.first.map { .strayArgument($0) } }
        return rest.first { node.isOption($0) && !isFile($0) }.map { .optionAmongNames($0) }
      }
      if argument.hasPrefix("--") {
        let name = String(argument.prefix { $0 != "=" })
        guard let known = node.argument(name) else { return node.unknown(argument, name, isFile) }
        guard known.kind == .option, name == argument else { continue }
        if let fault = node.takeValue(of: name, known, from: &rest) { return fault }
      } else if argument.hasPrefix("-"), argument.count > 1 {
        if let fault = node.shortFault(argument, &rest, isFile) { return fault }
      } else if !node.hasPositionals {
        guard let next = node.subcommand(argument) else {
          guard !node.shownNames.isEmpty else { return .strayArgument(argument) }
          return .unknownCommand(argument, nearest: EditDistance.nearest(to: argument, among: node.shownNames))
        }
        node = next
      }
    }
    return nil
  }

  /// Returns the fault in the arguments of `help`, which are names of commands.
  private func helpFault(_ names: [String]) -> CommandLineFault? {
    var node = self
    for name in names where !name.hasPrefix("-") {
      guard let next = node.subcommand(name) else {
        return .unknownCommand(name, nearest: EditDistance.nearest(to: name, among: node.shownNames))
      }
      node = next
    }
    return nil
  }

  private func unknown(_ argument: String, _ name: String, _ isFile: (String) -> Bool) -> CommandLineFault {
    if isFile(argument) { return .leadingDash(argument) }
    if let nearest = EditDistance.nearest(to: name, among: optionNames.filter { $0.hasPrefix("--") }) {
      return .unknownOption(name, nearest: nearest)
    }
    return Self.looksLikePath(argument) ? .leadingDash(argument) : .unknownOption(name, nearest: nil)
  }

  private func takeValue(
    of name: String, _ option: Argument, from rest: inout ArraySlice<String>
  ) -> CommandLineFault? {
    guard let value = rest.first else { return .missingValue(option: name) }
    guard option.parsingStrategy != "unconditional", value.hasPrefix("-"), value != "-" else {
      rest.removeFirst()
      return nil
    }
    let typed = String(value.prefix { $0 != "=" })
    let isOption = value == "--" || argument(typed) != nil
    return isOption ? .missingValue(option: name) : .dashedValue(option: name, value: value)
  }

  private func shortFault(
    _ argument: String, _ rest: inout ArraySlice<String>, _ isFile: (String) -> Bool
  ) -> CommandLineFault? {
    let name = String(argument.prefix { $0 != "=" })
    if let known = self.argument(name) {
      return known.kind == .option && name == argument ? takeValue(of: name, known, from: &rest) : nil
    }
    if isFile(argument) { return .leadingDash(argument) }
    let letters = argument.dropFirst().map { self.argument("-\($0)") }
    if letters.allSatisfy({ $0?.kind == .flag }) { return nil }
    // All but the last letter of a cluster are flags.
    if letters.dropLast().allSatisfy({ $0?.kind == .flag }), let last = letters.last ?? nil, let letter = argument.last
    {
      return takeValue(of: "-\(letter)", last, from: &rest)
    }
    if letters[0]?.kind == .option, !Self.looksLikePath(argument) || argument.hasPrefix("-o") {
      return .joinedValue(option: String(argument.prefix(2)), value: String(argument.dropFirst(2)))
    }
    if Self.looksLikePath(argument) { return .leadingDash(argument) }
    let long = optionNames.filter { $0.hasPrefix("--") }
    return .unknownOption(
      name, nearest: name.count > 2 ? EditDistance.nearest(to: "-" + name, among: long) : nil)
  }

  /// Returns `true` if a text resembles the name of a file rather than options.
  private static func looksLikePath(_ text: String) -> Bool {
    text.contains { $0 == "." || $0 == "/" || $0 == " " || !$0.isASCII }
  }
}
