import ArgumentParser
import ReprisePreparation
import RepriseAudio
import RepriseAnalysis
import Foundation
import RepriseSystem

struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Hear what is in a recording: tempo, beats, key, sections, chords and melody.",
    discussion: """
      reprise analyze song.mp3
      reprise analyze song.mp3 --midi song.mid --musicxml song.musicxml
      reprise analyze *.flac --export scores/ --quiet

      Prints a chord sheet, a line for every four bars.

      What writes one file takes its path for one input, a directory for several
      (made if it ends with /), or - for stdout, instead of the chord sheet. --lab
      and --export take a directory, which is made if missing. Files in directories
      are named after the recording: song.mid, song.chords.lab.
      """)

  @Argument(help: "The recordings: files, http(s) URLs, or - for stdin.")
  var inputs: [String]

  @OptionGroup(title: "Exports") var exporting: ExportOptions
  @OptionGroup(title: "Input") var fetch: FetchOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    if speech.json, let piped = exporting.targets.first(where: \.isStdout) {
      throw ValidationError("\(piped.option) - and --json both go to stdout; name a file for one of them")
    }
  }

  func run() async throws {
    try await fetch.fetching(inputs, isQuiet: speech.quiet) { try await analyzeAll() }
  }

  private func analyzeAll() async throws {
    let exports = AnalysisExports(exporting, inputs: inputs)
    if exports.writesFiles { Console.outliveReader() }
    let directories = NewDirectories()
    defer { directories.removeEmpty() }
    try exports.check(making: directories)
    let works = try work(exports)
    let models = LearnedModels.installed()
    ModelsText.say(models, isQuiet: speech.quiet)
    var worst = ExitStatus.fine
    for (path, outputs) in works {
      do {
        try await analyze(path, outputs, exports, models)
      } catch {
        try Task.checkCancellation()
        worst = try worse(worst, error, path)
      }
    }
    if worst != .fine { throw worst }
  }

  /// Returns the inputs with the files to be made of them, before anything is heard.
  ///
  /// - Throws: `ExitStatus` if a file cannot be made, after naming each.
  private func work(_ exports: AnalysisExports) throws -> [(String, [AnalysisExports.Output])] {
    var worst = ExitStatus.fine
    var works: [(String, [AnalysisExports.Output])] = []
    for (input, outputs) in exports.outputs() {
      do {
        works.append((input, try outputs.get()))
      } catch {
        worst = try worse(worst, error, input)
      }
    }
    if worst != .fine { throw worst }
    return works
  }

  /// Reports an error about an input and returns the worse of its exit code and another.
  private func worse(_ other: ExitStatus, _ error: any Error, _ path: String) throws -> ExitStatus {
    guard let (status, _) = ErrorPresentation.of(error) else { throw error }
    Console.say("reprise: \(ErrorPresentation.sentence(error, about: path))")
    return other.rawValue >= status.rawValue ? other : status
  }

  private func analyze(
    _ path: String, _ outputs: [AnalysisExports.Output], _ exports: AnalysisExports, _ models: LearnedModels
  ) async throws {
    // Damaged audio would be analysed as if it were music and is reported instead.
    let anyLength = AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity, maximumBytes: .max)
    try UnusableRecording.check(await inspect(path: path, limits: anyLength, deep: true))
    let audio = try await offPool("reprise.decode") { try AudioBuffer(decoding: path, cancellation: $0) }
    let analysis = try await Analyzer(models: models).analyze(audio)
    if speech.json {
      try Console.data(try Console.json(AnalysisRecord(path: path, analysis: analysis)))
    } else if !exports.takesStdout {
      let text = AnalysisText(
        window: Terminal.window(CommandContext.current.output), isColoured: Console.mayColourData)
      for line in text.lines(path, analysis) { try Console.data(line) }
    }
    guard !outputs.isEmpty else { return }
    if !analysis.isMusic, speech.json || exports.takesStdout {
      speech.say("\(Console.printable(path)): \(AnalysisText.noMusic)")
    }
    let waveform =
      exports.showsWaveform ? Waveform(audio, count: Timeline.columns(seconds: analysis.seconds)) : .empty
    try await exports.write(outputs, of: analysis, input: path, waveform: waveform) { file, size in
      speech.say("\(Console.printable(file)): \(Console.size(size))")
    }
  }
}

/// The record `reprise.analysis.v1`: one line of `analyze --json`.
private struct AnalysisRecord: Encodable {
  private enum CodingKeys: String, CodingKey { case schema, path }
  let path: String
  let analysis: Analysis

  func encode(to encoder: any Encoder) throws {
    try analysis.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("reprise.analysis.v1", forKey: .schema)
    try fields.encode(path, forKey: .path)
  }
}
