import Foundation

/// Beats, chords, sections and keys as label files: lines of start time, end time and label, separated by tabs, as
/// Audacity and Sonic Visualiser import them and mir_eval's `load_labeled_intervals` reads them.
package enum LabelFiles {
  /// Returns the beats: each begins and ends at once, and its label is its number in the bar, 1 for a downbeat.
  ///
  /// A beat before the first downbeat is counted back from it. In bars of six eighths each eighth is a beat, as in a score.
  package static func beats(of analysis: Analysis) -> String {
    let analysis = analysis.inEighths
    let isDownbeat = analysis.beats.map { beat in analysis.downbeats.contains { abs($0 - beat) < 0.001 } }
    let meter = max(1, analysis.meter)
    let first = isDownbeat.firstIndex(of: true)
    var number = first.map { (-$0).modulo(meter) } ?? 0
    var lines: [String] = []
    for (index, beat) in analysis.beats.enumerated() {
      // Between two downbeats the count goes on, however many beats there are.
      let hasBegun = first.map { index > $0 } ?? false
      number = isDownbeat[index] ? 1 : hasBegun ? number + 1 : number % meter + 1
      lines.append(line(beat, beat, "\(number)"))
    }
    return lines.joined()
  }

  /// Returns the chords, with labels in Harte's syntax and `N` for none.
  package static func chords(of analysis: Analysis) -> String {
    analysis.chords.map { line($0.start, $0.end, $0.chord?.description ?? "N") }.joined()
  }

  /// Returns the sections.
  package static func sections(of analysis: Analysis) -> String {
    analysis.sections.map { line($0.start, $0.end, $0.label) }.joined()
  }

  /// Returns the keys, each as tonic and mode: `Bb minor`.
  package static func keys(of analysis: Analysis) -> String {
    analysis.keys.map { line($0.start, $0.end, KeySignature($0.key).name(.letters)) }.joined()
  }

  private static func line(_ start: Double, _ end: Double, _ label: String) -> String {
    let plain = label.filter { !$0.isNewline && $0 != "\t" }
    return "\(time(start))\t\(time(end))\t\(plain)\n"
  }

  private static func time(_ seconds: Double) -> String { String(format: "%.6f", seconds) }
}
