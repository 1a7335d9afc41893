import ArgumentParser
import AudioFiles
import CoverService
import Foundation
import Platform
import Preparation

struct PrepareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Make recordings fit the service by the least change: keep, strip, cut, flac, mp3.",
    discussion: """
      reprise prepare song.wav -o ready.flac
      reprise prepare *.wav -o ready/ --start 0:30 --end 2:00

      One input goes to the file -o names, several into the folder it names. The sources are never changed.
      """)

  @Argument(help: "The recordings: mp3, wav or flac; a folder stands for the files in it.")
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A file for one input, a folder for several. (default: NAME-ready.FORMAT here)", valueName: "path"))
  var output: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(help: "Show the plan; change nothing.")
  var dryRun = false

  @Option(name: .shortAndLong, help: ArgumentHelp("How many files at once. (default: one a core)", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Make this format whatever the source is: mp3, wav or flac.", valueName: "format"))
  var format: WantedFormat?

  @OptionGroup(title: "The change") var change: ChangeOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes 1 to 64, not \(jobs)") }
  }

  func run() async throws {
    let paths = try InputPaths.expanding(inputs)
    let preparer = Preparer(change: change, limits: try limits.limits(), format: format?.fileFormat)
    guard let first = paths.first else {
      throw Trouble(.noInput, "no files in \(inputs.map(Console.printable).joined(separator: ", "))")
    }
    let several = paths.count > 1 || paths != inputs
    let outputs = OutputNames(option: output, several: several)
    if !dryRun { try outputs.check() }
    if !several { return try await prepareOne(first, preparer, outputs) }
    try await prepareMany(paths, preparer, outputs)
  }

  private func prepareOne(_ path: String, _ preparer: Preparer, _ outputs: OutputNames) async throws {
    let (_, plan) = try await preparer.plan(for: path)
    if dryRun { return try show(plan) }
    if PlanText.keepsAll(plan) && output == nil {
      speech.say("\(Console.printable(path)): can be sent as it is; nothing to do")
      return try record(plan, path)
    }
    let progress = Progress(quiet: speech.quiet)
    defer { progress.finish() }
    let destination = try outputs.destination(for: path, format: plan.format)
    let prepared = try await Preparation.prepare(plan, to: destination, replacing: force) {
      progress.report("prepare", share: $0)
    }
    progress.finish()
    report(plan, prepared)
    try record(plan, prepared.path)
  }

  /// Prepares files side by side; one that can't be prepared costs that file, not the rest.
  private func prepareMany(_ paths: [String], _ preparer: Preparer, _ outputs: OutputNames) async throws {
    let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    var failures = 0
    var waiting = paths[...]
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      func startNext() {
        guard let path = waiting.popFirst() else { return }
        group.addTask { [dryRun, force] in
          await Outcome.of(path, preparer, outputs, dryRun: dryRun, replacing: force)
        }
      }
      for _ in 0..<min(width, paths.count) { startNext() }
      while let outcome = try await group.next() {
        try Task.checkCancellation()
        switch outcome {
        case .planned(let plan): try show(plan)
        case .prepared(let plan, let prepared):
          report(plan, prepared)
          try record(plan, prepared.path)
        case .failed(let words):
          failures += 1
          Console.say("reprise: \(words)")
        }
        startNext()
      }
    }
    speech.say("\(paths.count - failures) of \(paths.count) \(dryRun ? "can be prepared" : "prepared")")
    if failures > 0 { throw ExitStatus.rejected }
  }

  private func show(_ plan: Plan) throws {
    if speech.json { return try Console.data(try Console.json(plan)) }
    for line in PlanText.lines(plan) { try Console.data(line) }
  }

  private func report(_ plan: Plan, _ prepared: PreparedAudio) {
    for line in PlanText.remarks(plan) { speech.say("\(Console.printable(plan.path)): \(line)") }
    if let remark = prepared.remark { speech.say("\(Console.printable(plan.path)): \(Console.printable(remark))") }
    speech.say(
      "\(Console.printable(prepared.path)): \(prepared.format.rawValue), \(TimeText.text(prepared.seconds)),"
        + " \(Console.size(prepared.bytes))\(plan.lossless ? ", no loss" : "")")
  }

  private func record(_ plan: Plan, _ path: String) throws {
    try Console.data(speech.json ? try Console.json(plan) : path)
  }
}

/// A format that can be made.
enum WantedFormat: String, ExpressibleByArgument {
  case mp3, wav, flac

  var fileFormat: FileFormat {
    switch self {
    case .mp3: .mp3
    case .wav: .wav
    case .flac: .flac
    }
  }
}

/// What became of one of several files.
private enum Outcome: Sendable {
  case planned(Plan)
  case prepared(Plan, PreparedAudio)
  case failed(String)

  static func of(
    _ path: String, _ preparer: Preparer, _ outputs: OutputNames, dryRun: Bool, replacing: Bool
  ) async -> Outcome {
    do {
      let (_, plan) = try await preparer.plan(for: path)
      if dryRun { return .planned(plan) }
      let destination = try outputs.destination(for: path, format: plan.format)
      return .prepared(plan, try await Preparation.prepare(plan, to: destination, replacing: replacing) { _ in })
    } catch {
      return .failed(Words.of(error)?.words ?? "\(Console.printable(path)): \(error)")
    }
  }
}
