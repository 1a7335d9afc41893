import ArgumentParser
import ReprisePreparation
import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem

struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a whole library: which files can be sent, which after what change, which are broken.",
    discussion: """
      Every file below the directories is examined, by content, on all cores; links to directories are followed once. Hidden \
      files are left out unless they are named. A file that crashes or hangs a decoder does not end the scan. What was found is \
      kept (see 'reprise cache'), so that an interrupted scan continues where it stopped. Exits with 0 if all files \
      are ready, 1 if some are not, 66 if something named can't be read.

      reprise validate music/ --prepare-to ready/

      prepares what can be prepared, keeping the tree, and writes ready/manifest.csv; sources are never changed. The same \
      command continues after any interruption, and keeps outputs that are up to date. Exits with 0 if all files are \
      ready or prepared, 74 if some could not be read, written or replaced.
      """)

  @Argument(help: ArgumentHelp("Files and directories.", valueName: "path"))
  var paths: [String] = []

  @Option(
    name: .customLong("files0-from"),
    help: ArgumentHelp(
      "A list of files and directories, each ending with a zero byte, as find -print0 writes it; - for stdin.",
      valueName: "file"))
  var lists: [String] = []

  @Option(help: ArgumentHelp("Below directories, only files whose name or path fits, as *.mp3.", valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Below directories, leave out files and directories that fit.", valueName: "glob"))
  var exclude: [String] = []

  @Flag(help: "Decode everything: damage, silence, clipping and DC offset, with times.")
  var deep = false

  @Flag(help: "Measure loudness and true peak as well (EBU R 128); takes longer, and implies --deep.")
  var loudness = false

  @Flag(
    help: ArgumentHelp(
      "Read both ends and a few places of each file only, at most 160 kB: for terabytes on a network. Lengths are as "
        + "claimed, damage is not sought, and files with the same audio neither."))
  var skim = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Number of files processed at once. (default: one per core)", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Time limit for a file, in the check and again in the preparation. (default: 60, with --deep and to "
        + "prepare 600)", valueName: "seconds"))
  var timeout: Double?

  @Flag(name: .customLong("no-cache"), help: "Neither use nor keep the results of other scans.")
  var noCache = false

  @Flag(name: .customLong("no-duplicates"), help: "Don't look for files with the same audio.")
  var noDuplicates = false

  @Flag(
    help: "Look for nearly the same audio as well, by Chromaprint's fpcalc: other formats, bit rates, loudness, cuts.")
  var near = false

  @Flag(help: "In the table, only files that are not ready.")
  var problems = false

  @Flag(help: "List files that are neither named nor shaped like audio as well; else they are only counted.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "Write a page for browsers: counts, histograms, every file, where it is damaged, the same audio.",
      valueName: "file.html"))
  var report: String?

  @Option(help: ArgumentHelp("Write a table for spreadsheets.", valueName: "file.csv"))
  var csv: String?

  @Flag(help: "Replace the report and the table if they exist, and outputs that are not ours or were changed.")
  var force = false

  @OptionGroup(title: "Preparing") var preparing: PrepareToOptions
  @OptionGroup(title: "The change") var change: ChangeOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup var speech: OutputOptions

  func validate() throws {
    try OutputGuard.checkNamed(report, "--report")
    try OutputGuard.checkNamed(csv, "--csv")
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
    if let timeout, !(0.1...1e6).contains(timeout) {
      throw ValidationError("--timeout takes 0.1 to 1000000 seconds, not \(NumberText.plain(timeout))")
    }
    if skim, let other = deepOption {
      throw ValidationError("--skim reads too little for \(other); leave one of them out")
    }
    try preparing.check(change)
    if paths.isEmpty && lists.isEmpty {
      throw ValidationError("name files or directories, or a list with --files0-from")
    }
    if lists.count(where: { $0 == "-" }) > 1 { throw ValidationError("stdin can be read as a list but once") }
  }

  /// Option that requires all of each file to be read; `nil` if there is none.
  private var deepOption: String? {
    if deep { return "--deep" }
    if loudness { return "--loudness" }
    if near { return "--near" }
    return preparing.prepareTo == nil ? nil : "--prepare-to"
  }

  /// Depth of the checks.
  private var depth: Inspection.Depth { skim ? .skim : loudness ? .loudness : deep ? .samples : .structure }

  func run() async throws {
    if report != nil || csv != nil || preparing.prepareTo != nil { Console.outliveReader() }
    for path in paths { try InputPaths.checkInPlace(path) }
    let options = ScanOptions(
      limits: try limits.limits(), depth: depth)
    var scan = LibraryValidation(
      paths: CommandPaths.raw(paths), options: options,
      width: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      timeout: .seconds(timeout ?? (options.depth <= .structure ? 60 : 600)), worker: ValidateWorkerCommand.invocation)
    scan.lists = lists
    scan.rules.included = include
    scan.rules.excluded = exclude
    // Comparing audio reads it.
    scan.findsDuplicates = !noDuplicates && !skim
    if near {
      let directories = CommandContext.current.variables["PATH"] ?? ""
      scan.fingerprinter = try Fingerprinter(in: directories, timeout: scan.timeout)
    }
    if !noCache { scan.cache = openCache() }
    let preparation = try preparation(of: scan)
    defer { preparation?.close() }
    if let preparation { scan.leftOut = [preparation.leftOut] }

    let (progress, began) = (ScanProgress(), ContinuousClock.now)
    let view = ValidationProgressView(progress, quiet: speech.quiet)
    let reports = try ValidationReports(
      page: report, table: csv, roots: scan.paths, lists: lists, limits: options.limits, replacing: force,
      takesAll: include.isEmpty && exclude.isEmpty)
    let output = ValidationOutput(json: speech.json, onlyProblems: problems, showsOthers: all, view: view)
    let showsOthers = all
    let showing = Task { [scan] in await view.show(of: scan) }
    let outcome: ScanOutcome
    do {
      defer { showing.cancel() }
      outcome = try await scan.run(progress: progress, rendering: ValidateWorkerCommand.rendering) { remark in
        view.interject(ScanErrorText.line(remark))
      } each: { file, response in
        try output.add(file, response)
        if !file.isOther || showsOthers { try reports.add(file) }
        try preparation?.add(file, response)
      }
    } catch {
      try? output.flush()
      view.finish()
      throw (error is CancellationError ? preparation?.interrupted : nil) ?? error
    }
    view.finish()
    try output.end(outcome)
    try reports.finish(outcome.reportGroups)
    tell(outcome.summary, took: began.duration(to: .now))
    var status = Self.status(of: outcome.summary)
    if let preparation {
      do {
        let became = try await preparation.run(rejected: outcome.summary.rejected, json: speech.json)
        status = Self.status(of: outcome.summary, became)
      } catch is CancellationError {
        throw preparation.interrupted
      }
    }
    if status != .fine { throw status }
  }

  private func preparation(of scan: LibraryValidation) throws -> LibraryPreparationRun? {
    guard let directory = preparing.prepareTo else { return nil }
    let preparation = try LibraryPreparationRun(
      directory: directory, paths: scan.paths, hasLists: !lists.isEmpty,
      preparer: AudioPreparer(change: change, limits: scan.options.limits, format: preparing.format?.fileFormat),
      width: scan.width, timeout: .seconds(timeout ?? 600), replacing: force,
      speech: LibraryPreparationSpeech(isQuiet: speech.quiet))
    try preparation.refuse(reports: [report, csv])
    return preparation
  }

  /// Opens the cache; `nil` on failure, as a scan without a cache is better than none.
  private func openCache() -> ValidationCache? {
    do throws(ScanError) {
      return try ValidationCache(path: ValidationCache.usualPath, checker: ValidateWorkerCommand.checker)
    } catch {
      Console.say("reprise: \(Console.printable(ScanErrorText.sentence(error))); going on without it")
      return nil
    }
  }

  private func tell(_ summary: ScanSummary, took: Duration) {
    if summary.files == 0 {
      let which =
        include.isEmpty && exclude.isEmpty ? "" : " that fit --include and --exclude (*, ? and [a-z], in that case)"
      let names = (paths + lists).map(Console.printable).joined(separator: ", ")
      speech.say("no files\(which) in \(names); hidden ones are examined only if they are named")
      return
    }
    let seconds = took / .seconds(1)
    let rate = Int((Double(summary.files) / max(seconds, 0.001)).rounded())
    let known = summary.cached > 0 ? ", \(summary.cached) of them known from before" : ""
    speech.say("\(counted(summary.files, "file")) in \(String(format: "%.1f", seconds)) s (\(rate) a second)\(known)")
    if summary.other == summary.files { speech.say("none of them is audio, nor named like it") }
    if summary.special > 0 {
      speech.say(
        counted(summary.special, "pipe, socket or device was", "pipes, sockets or devices were") + " left alone")
    }
  }

  /// Returns the exit code after files were prepared.
  static func status(of summary: ScanSummary, _ became: (unfit: Bool, failed: Bool)) -> ExitStatus {
    let status = status(of: summary)
    if status == .inputOutput || became.failed { return .inputOutput }
    if status == .noInput { return status }
    return summary.rejected > 0 || became.unfit ? .rejected : .fine
  }

  /// Returns the exit code of a scan.
  static func status(of summary: ScanSummary) -> ExitStatus {
    if summary.failed > 0 { return .inputOutput }
    if summary.files == summary.other || summary.missing > 0 || summary.unreadableDirectories > 0 { return .noInput }
    return summary.ready + summary.other == summary.files ? .fine : .rejected
  }
}
