import ArgumentParser
import AudioFiles
import CoverService
import Foundation

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

  @Flag(help: "Decode everything: damage, silence, clipping and DC offset, with times.")
  var deep = false

  @Flag(help: "Measure loudness and true peak as well (EBU R 128); takes longer, and implies --deep.")
  var loudness = false

  @Option(name: .shortAndLong, help: ArgumentHelp("How many files at once. (default: one a core)", valueName: "n"))
  var jobs: Int?

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup var speech: OutputOptions

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
  }

  func run() async throws {
    let (inputs, hadFailures) = try InputPaths.expanding(paths)
    var worst = hadFailures ? ExitStatus.noInput : .fine
    let limits = try limits.limits()
    let (deep, loudness) = (deep, loudness)
    var table = InspectionTable()
    let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    try await InOrder.each(of: inputs, width: width) { path in
      await inspect(path: path, limits: limits, deep: deep, loudness: loudness)
    } then: { inspection in
      if speech.json {
        try Console.data(try Console.json(inspection))
      } else {
        for line in table.lines(for: inspection) { try Console.data(line) }
      }
      worst = Self.worse(worst, Self.status(of: inspection))
    }
    if inputs.isEmpty {
      worst = Self.worse(worst, .noInput)
      speech.say("no files in \(paths.map(Console.printable).joined(separator: ", "))")
    }
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
