import ArgumentParser
import AudioFiles
import CoverEngine
import Foundation
import Platform

struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Hear what is in a recording: tempo, beats, chords, key and melody.")

  @Argument(help: "The recordings: mp3, wav or flac.")
  var inputs: [String]

  @OptionGroup var speech: OutputOptions

  func run() async throws {
    for path in inputs { try InputPaths.checkNotStdin(path) }
    for path in inputs {
      let audio = try await offPool("reprise.decode") { try AudioBuffer(decoding: path, cancellation: $0) }
      let analysis = try await CoverEngine.analyze(audio)
      if speech.json {
        try Console.data(try Console.json(AnalysisRecord(path: path, analysis: analysis)))
      } else {
        for line in AnalysisText.lines(path, analysis) { try Console.data(line) }
      }
    }
  }
}

/// `reprise.analysis.v1`: one line of `analyze --json`.
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
