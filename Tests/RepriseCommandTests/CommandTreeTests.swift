import RepriseCommand
import Testing

private typealias Argument = CommandTree.Argument

private func option(_ long: String, _ short: String? = nil, parsing: String? = nil) -> CommandTree.Argument {
  Argument(.option, names: names(long, short), parsingStrategy: parsing)
}

private func flag(_ long: String, _ short: String? = nil) -> CommandTree.Argument {
  Argument(.flag, names: names(long, short))
}

private func names(_ long: String, _ short: String?) -> [CommandTree.Argument.Name] {
  [Argument.Name(kind: "long", name: long)] + (short.map { [Argument.Name(kind: "short", name: $0)] } ?? [])
}

@Suite("Faults of a command line")
struct CommandTreeTests {
  private static let help = flag("help", "h")
  private static let tree = CommandTree(
    "reprise",
    subcommands: [
      CommandTree(
        "inspect",
        arguments: [Argument(.positional), flag("deep"), flag("quiet", "q"), option("jobs", "j"), help]),
      CommandTree(
        "cover",
        arguments: [
          Argument(.positional), option("prompt"), option("output", "o"), option("start"),
          option("silence-level", parsing: "unconditional"), flag("force"), flag("quiet", "q"), help,
        ]),
      CommandTree(
        "jobs", subcommands: [CommandTree("list", arguments: [option("since"), help]), CommandTree("show")],
        defaultSubcommand: "list", arguments: [help]),
    ], arguments: [help])

  static let faults: [([String], CommandLineFault)] = [
    (["covr"], .unknownCommand("covr", nearest: "cover")),
    (["frobnicate", "--help"], .unknownCommand("frobnicate", nearest: nil)),
    (["help", "covr"], .unknownCommand("covr", nearest: "cover")),
    (["help", "jobs", "shwo"], .unknownCommand("shwo", nearest: "show")),
    (["jobs", "lits"], .unknownCommand("lits", nearest: "list")),
    (["cover", "a.wav", "--promt", "x"], .unknownOption("--promt", nearest: "--prompt")),
    (["cover", "--promt=x"], .unknownOption("--promt", nearest: "--prompt")),
    (["jobs", "--sinse", "3d"], .unknownOption("--sinse", nearest: "--since")),
    (["inspect", "--nonsense"], .unknownOption("--nonsense", nearest: nil)),
    (["inspect", "-x"], .unknownOption("-x", nearest: nil)),
    (["inspect", "-deep"], .unknownOption("-deep", nearest: "--deep")),
    (["cover", "-prompt", "x"], .unknownOption("-prompt", nearest: "--prompt")),
    // "-h" is in it, which the parser takes for a cry for help.
    (["inspect", "-dash.m4a"], .leadingDash("-dash.m4a")),
    (["inspect", "-name.mp3"], .leadingDash("-name.mp3")),
    (["inspect", "-q", "-dir/a.wav"], .leadingDash("-dir/a.wav")),
    (["inspect", "--name.mp3"], .leadingDash("--name.mp3")),
    (["cover", "a.wav", "--start", "-1"], .dashedValue(option: "--start", value: "-1")),
    (["cover", "a.wav", "-o", "-c.mp3"], .dashedValue(option: "-o", value: "-c.mp3")),
    (["cover", "a.wav", "--start", "--force"], .missingValue(option: "--start")),
    (["cover", "a.wav", "--prompt"], .missingValue(option: "--prompt")),
    (["inspect", "-j4", "a.wav"], .joinedValue(option: "-j", value: "4")),
    (["cover", "a.wav", "-oc.mp3"], .joinedValue(option: "-o", value: "c.mp3")),
  ]

  @Test("an option of the command behind -- is reported, a name or a file is none")
  func behindTerminator() {
    let arguments = ["cover", "--", "-dash song.mp3", "--prompt", "jazz", "-q"]
    #expect(Self.tree.fault(in: arguments) == .optionAmongNames("--prompt"))
    #expect(Self.tree.fault(in: ["cover", "--", "a.wav", "--prompt=jazz"]) == .optionAmongNames("--prompt=jazz"))
    #expect(Self.tree.fault(in: ["cover", "--", "--prompt"]) { $0 == "--prompt" } == nil)
    #expect(Self.tree.fault(in: ["cover", "--prompt", "jazz", "--", "-dash song.mp3"]) == nil)
  }

  @Test("the first fault is found", arguments: faults)
  func fault(arguments: [String], wanted: CommandLineFault) {
    #expect(Self.tree.fault(in: arguments) == wanted, "\(arguments)")
  }

  @Test(
    "what makes sense has none",
    arguments: [
      [], ["help"], ["help", "cover"], ["--help"], ["inspect", "a.wav", "-q", "-j", "4"], ["inspect", "-j=4", "a"],
      ["inspect", "--", "-dash.m4a", "--promt"], ["cover", "a.wav", "--prompt", "covr", "--start=-1"],
      ["cover", "a.wav", "--silence-level", "-60"], ["cover", "a", "-o", "-"], ["inspect", "-hq"], ["inspect", "-"],
      ["jobs", "--since", "3d"], ["jobs", "show"],
    ])
  func noFault(arguments: [String]) {
    #expect(Self.tree.fault(in: arguments) == nil)
  }

  @Test("a file that is there was meant, whatever option its name is like")
  func file() {
    #expect(Self.tree.fault(in: ["inspect", "-deep"]) { $0 == "-deep" } == .leadingDash("-deep"))
    #expect(Self.tree.fault(in: ["inspect", "--dep"]) { $0 == "--dep" } == .leadingDash("--dep"))
  }
}
