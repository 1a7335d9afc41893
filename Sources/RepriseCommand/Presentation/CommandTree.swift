/// The commands of a program and the options of each, as the argument parser's own dump of them lists them.
public struct CommandTree: Decodable, Sendable {
  /// An option, a flag or a positional argument.
  public struct Argument: Decodable, Sendable {
    /// What kind of argument it is.
    public enum Kind: String, Decodable, Sendable {
      case positional, option, flag
    }

    /// One of its names, without dashes.
    public struct Name: Decodable, Sendable, Equatable {
      /// `long`, `short` or `longWithSingleDash`.
      public var kind: String
      /// The letters alone.
      public var name: String

      /// A name.
      public init(kind: String, name: String) {
        self.kind = kind
        self.name = name
      }

      /// As it is typed.
      public var typed: String { (kind == "long" ? "--" : "-") + name }
    }

    /// What kind of argument it is.
    public var kind: Kind
    /// Its names; a positional argument has none.
    public var names: [Name]?
    /// How the parser finds the value: `unconditional` takes the next argument even where it looks like an option.
    public var parsingStrategy: String?

    /// An argument.
    public init(_ kind: Kind, names: [Name] = [], parsingStrategy: String? = nil) {
      self.kind = kind
      self.names = names
      self.parsingStrategy = parsingStrategy
    }
  }

  /// The name that is typed.
  public var commandName: String
  /// Whether help shows it.
  public var shouldDisplay: Bool?
  /// The commands below this one.
  public var subcommands: [CommandTree]?
  /// The command below this one that is meant where none is named.
  public var defaultSubcommand: String?
  /// Its options, flags and positional arguments.
  public var arguments: [Argument]?

  /// A command.
  public init(
    _ commandName: String, subcommands: [CommandTree] = [], defaultSubcommand: String? = nil, arguments: [Argument] = []
  ) {
    self.commandName = commandName
    self.subcommands = subcommands
    self.defaultSubcommand = defaultSubcommand
    self.arguments = arguments
  }

  /// The names of the commands below this one that help shows.
  var shownNames: [String] { (subcommands ?? []).filter { $0.shouldDisplay ?? true }.map(\.commandName) }

  func subcommand(_ name: String) -> CommandTree? { subcommands?.first { $0.commandName == name } }

  /// Its own arguments, and those of the command that is meant where none is named.
  private var allArguments: [Argument] {
    (arguments ?? []) + (defaultSubcommand.flatMap { subcommand($0) }?.arguments ?? [])
  }

  func argument(_ typed: String) -> Argument? {
    allArguments.first { $0.names?.contains { $0.typed == typed } ?? false }
  }

  /// Whether a text is one of its options, with a value behind `=` or without.
  func isOption(_ text: String) -> Bool {
    text.hasPrefix("-") && argument(String(text.prefix { $0 != "=" })) != nil
  }

  var optionNames: [String] { allArguments.flatMap { ($0.names ?? []).map(\.typed) } }

  var hasPositionals: Bool { allArguments.contains { $0.kind == .positional } }
}

/// What is wrong with a command line, as far as the names in it tell.
public enum CommandLineFault: Equatable, Sendable {
  /// No command has this name.
  case unknownCommand(String, nearest: String?)
  /// The command has no such option.
  case unknownOption(String, nearest: String?)
  /// A name that begins with `-` is read as options.
  case leadingDash(String)
  /// An option of the command stands behind `--`, where everything is a name.
  case optionAmongNames(String)
  /// A value that begins with `-` stands behind an option that wants one.
  case dashedValue(option: String, value: String)
  /// An option that wants a value has none.
  case missingValue(option: String)
  /// A value is joined to the letter of its option.
  case joinedValue(option: String, value: String)
  /// An argument that the command has no place for.
  case strayArgument(String)
}

extension CommandTree {
  /// The first fault in the arguments of this program, nil where all names are known.
  ///
  /// - Parameter isFile: whether a file has this name; one that begins with `-` was meant as a file then.
  public func fault(in arguments: [String], isFile: (String) -> Bool = { _ in false }) -> CommandLineFault? {
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

  /// `help` is followed by the names of commands.
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
    // All but the last of a cluster are flags.
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

  /// Whether a text looks like the name of a file rather than of options.
  private static func looksLikePath(_ text: String) -> Bool {
    text.contains { $0 == "." || $0 == "/" || $0 == " " || !$0.isASCII }
  }
}
