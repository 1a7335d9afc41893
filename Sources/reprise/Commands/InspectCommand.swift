import ArgumentParser
import AudioFiles
import CoverService

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what files truly are: format, length and how it is known, damage, and whether they can be sent.",
    discussion: """
      Content decides, never the extension. A folder stands for every file in it. Exits with 1 if some files are \
      rejected, with 66 if some can't be read.
      """)

  @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
  var paths: [String]

  @Flag(help: "Decode everything: finds damage, silence and clipping that the structure does not show.")
  var deep = false

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup var speech: OutputOptions

  func run() async throws {
    let (inputs, hadFailures) = try InputPaths.expanding(paths)
    var worst = hadFailures ? ExitStatus.noInput : .fine
    let limits = try limits.limits()
    var table = InspectionTable()
    for path in inputs {
      let inspection = await inspect(path: path, limits: limits, deep: deep)
      try Task.checkCancellation()
      if speech.json {
        try Console.data(try Console.json(inspection))
      } else {
        for line in table.lines(for: inspection) { try Console.data(line) }
      }
      worst = Self.worse(worst, Self.status(of: inspection))
    }
    if inputs.isEmpty { speech.say("no files in \(paths.map(Console.printable).joined(separator: ", "))") }
    if worst != .fine { throw worst }
  }

  /// What one file does to the exit code.
  static func status(of inspection: Inspection) -> ExitStatus {
    switch inspection.failure {
    case .missing, .isFolder, .notRegular, .notPermitted: .noInput
    case .io, .diskFull: .inputOutput
    case .cancelled: .interrupted
    case .empty, .notAudio, .unsupportedFormat, .corrupt, .truncated, nil:
      inspection.verdict == .rejected ? .rejected : .fine
    }
  }

  private static func worse(_ one: ExitStatus, _ other: ExitStatus) -> ExitStatus {
    one.rawValue >= other.rawValue ? one : other
  }
}
