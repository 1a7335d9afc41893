import ArgumentParser
import RepriseAudio
import RepriseService
import RepriseSystem
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Report what files are: format, length and its basis, damage, and whether they can be sent.",
    discussion: """
      Content decides, never the extension. A directory stands for every file in it; files in it that are neither named \
      nor shaped like audio are only counted. Exits with 1 if some files are rejected, with 66 if some can't be read.
      """)

  @Argument(help: ArgumentHelp("Files, directories and http(s) URLs; - is stdin.", valueName: "path"))
  var paths: [String]

  @Flag(help: "Decode everything: damage, silence, clipping and DC offset, with times.")
  var deep = false

  @Flag(help: "Measure loudness and true peak as well (EBU R 128); takes longer, and implies --deep.")
  var loudness = false

  @Flag(
    help: "Decode with ffmpeg, libsndfile, libmpg123 and libFLAC as they are on this machine too, and compare samples.")
  var decoders = false

  @Flag(help: "List files in directories that are neither named nor shaped like audio as well.")
  var all = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Number of files processed at once. (default: one per core)", valueName: "n"))
  var jobs: Int?

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Limits") var fetch: FetchOptions
  @OptionGroup var speech: OutputOptions

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
  }

  func run() async throws {
    try await fetch.fetching(paths, isQuiet: speech.quiet) { try await inspectAll() }
  }

  private func inspectAll() async throws {
    let (inputs, hadFailures) = try InputPaths.listing(paths)
    var worst = hadFailures ? ExitStatus.noInput : .fine
    let limits = try limits.limits()
    let (deep, loudness) = (deep, loudness)
    var table = InspectionTable(
      window: Terminal.window(CommandContext.current.output), isColoured: Console.mayColourData)
    var others = 0
    let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let outside = decoders ? try await offPool("inspect.decoders") { _ in OutsideDecoders() } : nil
    try await InOrder.each(of: inputs, width: width) { input in
      let inspection = await inspect(path: input.path, limits: limits, deep: deep, loudness: loudness)
      guard let outside, inspection.failure == nil || inspection.format == .other else {
        return (input, inspection, [DecoderReading]?.none)
      }
      return (input, inspection, await decoderReadings(of: input.path, by: outside))
    } then: { input, inspection, readings in
      let isOther = !input.isNamed && inspection.isOtherFile
      if isOther { others += 1 }
      if isOther && !all { return }
      if speech.json {
        try Console.data(try InspectionRecord(inspection, decoders: readings).line())
      } else {
        let decoders = DecoderText.lines(readings ?? []).map { "            " + Console.printable($0) }
        for line in table.lines(for: inspection, isOther: isOther, then: decoders) { try Console.data(line) }
      }
      if !isOther { worst = Self.worse(worst, Self.status(of: inspection)) }
    }
    let names = paths.map(Console.printable).joined(separator: ", ")
    if inputs.count == others {
      worst = Self.worse(worst, .noInput)
      speech.say(inputs.isEmpty ? "no files in \(names)" : "no audio in \(names)")
    }
    if others > 0 && !all {
      let are = others == 1 ? "file is" : "files are"
      speech.say(
        "\(others) other \(are) neither named nor shaped like audio; --all lists \(others == 1 ? "it" : "them")")
    }
    if worst != .fine { throw worst }
  }

  /// Returns the exit code for one file.
  static func status(of inspection: Inspection) -> ExitStatus {
    switch inspection.failure?.code {
    case .missing, .isDirectory, .notRegular, .notPermitted: .noInput
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
