import ArgumentParser
import RepriseAudio
import RepriseService
import Foundation
import RepriseSystem
import ReprisePreparation

struct PrepareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract:
      "Make recordings fit the service by the least change: keep, strip, mend, unwrap, cut, flac, mp3.",
    discussion: """
      reprise prepare song.wav -o ready.flac
      reprise prepare *.wav -o ready/ --start 0:30 --end 2:00
      reprise prepare live.flac --excerpt auto --max-seconds 90 --dry-run

      One input goes to the file -o names, several into the directory it names. The sources are never changed.
      """)

  @Argument(help: "The recordings: files, http(s) URLs, or - for stdin; a directory stands for the files in it.")
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A file for one input, a directory for several. (default: NAME-ready.FORMAT here)", valueName: "path"))
  var output: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(help: "Show the plan; change nothing.")
  var dryRun = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Number of files processed at once. (default: one per core)", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Output format, whatever the source is: mp3, wav or flac.", valueName: "format"))
  var format: WantedFormat?

  @OptionGroup(title: "The change") var change: ChangeOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Limits") var fetch: FetchOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    try OutputGuard.checkNamed(output, "-o")
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
    if inputs.count == 1, let output, AudioFileName.isAudio(output) || output.lowercased().hasSuffix(".pcm"),
      OutputNames.promised(by: output).flatMap(FileFormat.init(rawValue:)) == nil, FileKind(at: output) != .directory
    {
      throw ValidationError("-o \(output): mp3, wav and flac are what can be made; choose another name")
    }
    if let format, inputs.count == 1, let promised = OutputNames.promised(by: output), promised != format.rawValue {
      throw ValidationError(
        "-o \(output ?? "") is a .\(promised), --format says \(format.rawValue); change one of them")
    }
  }

  func run() async throws {
    try await fetch.fetching(inputs, isQuiet: speech.quiet) { try await prepareAll() }
  }

  private func prepareAll() async throws {
    if !dryRun { Console.outliveReader() }
    let (listed, hadFailures) = try InputPaths.listing(inputs)
    let paths = listed.map(\.path)
    guard let first = paths.first else {
      throw CommandError(.noInput, "no files in \(inputs.map(Console.printable).joined(separator: ", "))")
    }
    let several = paths.count > 1 || paths != inputs
    let outputs = OutputNames(option: output, several: several, format: format?.fileFormat)
    let directories = NewDirectories()
    defer { directories.removeEmpty() }
    try outputs.check(paths, isDryRun: dryRun, making: directories)
    // The format must match the file's extension: WAV data in a .flac file would mislead every later reader.
    let promised = several ? nil : OutputNames.promised(by: output).flatMap { FileFormat(rawValue: $0) }
    let preparer = AudioPreparer(
      change: change, limits: try limits.limits(), format: format?.fileFormat ?? promised)
    if !several { return try await prepareOne(first, preparer, outputs) }
    try await prepareMany(listed, preparer, outputs)
    if hadFailures { throw ExitStatus.noInput }
  }

  private func prepareOne(_ path: String, _ preparer: AudioPreparer, _ outputs: OutputNames) async throws {
    let progress = Progress(quiet: speech.quiet)
    defer { progress.finish() }
    let (_, plan) = try await preparer.plan(for: path, purpose: dryRun ? .report : .execution) {
      progress.report("survey", share: $0)
    }
    if dryRun {
      progress.finish()
      return try show(plan)
    }
    // What was fetched is nowhere else yet.
    if plan.keepsFile && output == nil && !InputName.isFetched(path) {
      speech.say("\(Console.printable(path)): can be sent as it is; nothing to do")
      let kept = PreparedAudio(
        path: path, bytes: plan.predictedBytes, format: plan.format, seconds: plan.end - plan.start)
      return try record(plan, kept)
    }
    let destination = outputs.destination(for: path, format: plan.format)
    if destination == output,
      let message = OutputNames.misleading(
        destination, "the audio in it is \(plan.format.rawValue)", formats: ["mp3", "wav", "flac"])
    {
      speech.say(message)
    }
    try OutputGuard.check(destination, isNone: [path])
    let prepared = try await ReprisePreparation.prepare(plan, to: destination, replacing: force) {
      progress.report("prepare", share: $0)
    }
    progress.finish()
    report(plan, prepared)
    try record(plan, prepared)
  }

  /// Prepares files concurrently and reports on them in order; a failure affects only its own file.
  private func prepareMany(
    _ inputs: [InputPaths.Input], _ preparer: AudioPreparer, _ outputs: OutputNames
  ) async throws {
    let paths = inputs.map(\.path)
    let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    var failures = 0
    var others = 0
    let work = PreparationOfMany(preparer: preparer, outputs: outputs, inputs: paths, dryRun: dryRun, replacing: force)
    try await work.each(of: inputs, width: width) { outcome in
      switch outcome {
      case .planned(let plan): try show(plan)
      case .prepared(let plan, let prepared):
        report(plan, prepared)
        try record(plan, prepared)
      case .other: others += 1
      case .failed(let path, let error):
        failures += 1
        let message = ErrorPresentation.sentence(error, about: path)
        Console.say("reprise: \(message)")
        if speech.json { try Console.data(try Console.json(PreparationRecord(failed: path, because: message))) }
      }
    }
    let all = paths.count - others
    guard all > 0 else {
      throw CommandError(.noInput, "no audio in \(self.inputs.map(Console.printable).joined(separator: ", "))")
    }
    let left = others > 0 ? "; \(others) neither named nor shaped like audio, left alone" : ""
    speech.say("\(all - failures) of \(all) \(dryRun ? "can be prepared" : "prepared")\(left)")
    if failures > 0 { throw ExitStatus.rejected }
  }

  private func show(_ plan: Plan) throws {
    if speech.json { return try Console.data(try Console.json(PlanRecord(plan))) }
    for line in PlanText.lines(plan) { try Console.data(line) }
  }

  private func report(_ plan: Plan, _ prepared: PreparedAudio) {
    // A result that was planned as lossless but is not was made by a method other than the planned one.
    if prepared.lossless || !plan.lossless {
      for line in PlanText.remarks(plan) { speech.say("\(Console.printable(plan.path)): \(line)") }
    }
    if let remark = PreparedText.remark(prepared) {
      speech.say("\(Console.printable(plan.path)): \(Console.printable(remark))")
    }
    speech.say(
      "\(Console.printable(prepared.path)): \(prepared.format.rawValue), \(TimeText.text(prepared.seconds)),"
        + " \(Console.size(prepared.bytes)), \(prepared.lossless ? "no loss" : "with loss")")
  }

  private func record(_ plan: Plan, _ prepared: PreparedAudio) throws {
    try Console.data(speech.json ? try Console.json(PreparationRecord(plan, prepared)) : prepared.path)
  }
}

/// A format that can be made.
enum WantedFormat: String, CaseIterable, ExpressibleByArgument {
  case mp3, wav, flac

  var fileFormat: FileFormat {
    switch self {
    case .mp3: .mp3
    case .wav: .wav
    case .flac: .flac
    }
  }
}
