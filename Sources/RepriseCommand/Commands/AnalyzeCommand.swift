import ArgumentParser
import ReprisePreparation
import RepriseAudio
import RepriseAnalysis
import Foundation
import RepriseSystem

struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Hear what is in a recording: tempo, beats, chords, key and melody.")

  @Argument(help: "The recordings: files, http(s) URLs, or - for stdin.")
  var inputs: [String]

  @OptionGroup var fetch: FetchOptions
  @OptionGroup var speech: OutputOptions

  func run() async throws {
    try await fetch.fetching(inputs, isQuiet: speech.quiet) { try await analyzeAll() }
  }

  private func analyzeAll() async throws {
    var worst = ExitStatus.fine
    for path in inputs {
      do {
        try await analyze(path)
      } catch {
        try Task.checkCancellation()
        guard let (status, _) = ErrorPresentation.of(error) else { throw error }
        Console.say("reprise: \(ErrorPresentation.sentence(error, about: path))")
        worst = worst.rawValue >= status.rawValue ? worst : status
      }
    }
    if worst != .fine { throw worst }
  }

  private func analyze(_ path: String) async throws {
    // Damaged audio would be analysed as if it were music and is reported instead.
    let anyLength = AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity, maximumBytes: .max)
    try UnusableRecording.check(await inspect(path: path, limits: anyLength, deep: true))
    let audio = try await offPool("reprise.decode") { try AudioBuffer(decoding: path, cancellation: $0) }
    let analysis = try await Analyzer().analyze(audio)
    if speech.json {
      try Console.data(try Console.json(AnalysisRecord(path: path, analysis: analysis)))
    } else {
      for line in AnalysisText.lines(path, analysis) { try Console.data(line) }
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
