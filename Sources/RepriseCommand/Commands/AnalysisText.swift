import RepriseAnalysis
import Foundation
import RepriseSystem

/// The text of an analysis.
enum AnalysisText {
  static func lines(_ path: String, _ analysis: Analysis) -> [String] {
    let chords = analysis.chords.prefix(16).map { $0.chord?.description ?? "N" }
    let more = analysis.chords.count > 16 ? " … (\(analysis.chords.count) in all)" : ""
    return [
      "\(Console.printable(path)): \(TimeText.text(analysis.seconds))",
      "  tempo   \(String(format: "%.1f", analysis.tempo)) bpm, \(analysis.meter)/4, \(counted(analysis.beats.count, "beat"))",
      "  key     \(analysis.key)",
      "  chords  \(chords.joined(separator: " "))\(more)",
      "  melody  \(counted(analysis.melody.count, "note"))",
    ]
  }
}
