import RepriseAudio
import Foundation
import RepriseSystem

/// The findings of a deep inspection as text.
enum SignalText {
  /// Returns lines on damage, signal and loudness, as far as there are findings.
  static func lines(_ inspection: Inspection) -> [String] {
    var lines: [String] = []
    let damage = inspection.integrity.damage
    for span in damage.prefix(listed) { lines.append("damage at \(seconds(span)): \(span.kind)") }
    if damage.count > listed {
      lines.append("damage at \(counted(damage.count - listed, "more place")) (--json has them)")
    }
    if let crc = inspection.integrity.musicCRC, crc == .matches {
      lines.append("checksum of all frames (LAME tag): matches")
    }
    if let signal = inspection.signal {
      lines.append("signal: " + figures(signal))
      let silence = signal.silence.prefix(listed).map { position($0, inspection.duration?.decodedSeconds) }
      if !silence.isEmpty {
        let more = signal.silence.count > listed ? " and \(signal.silence.count - listed) more" : ""
        lines.append("silence: " + silence.joined(separator: ", ") + more)
      }
    }
    if let loudness = inspection.loudness {
      lines.append(
        "loudness: "
          + [
            loudness.integrated.map { "\(NumberText.formatted("%.1f", $0)) LUFS" } ?? "silent",
            String(format: "range %.1f LU", loudness.range),
            loudness.truePeak.map { "true peak \(NumberText.formatted("%+.1f", $0)) dBTP" },
          ].compactMap { $0 }.joined(separator: ", "))
    }
    return lines
  }

  /// Maximum number of findings of one kind that are listed.
  private static let listed = 8

  private static func figures(_ signal: Inspection.SignalFigures) -> String {
    var parts = [
      signal.peak > 0 ? "peak \(NumberText.formatted("%+.2f", 20 * log10(signal.peak))) dBFS" : "no sample but 0"
    ]
    if !signal.dcOffset.isEmpty {
      let channels = signal.dcOffset.map { NumberText.formatted("%.3f", $0 * 100) + " %" }
      parts.append("DC offset " + channels.joined(separator: " / "))
    }
    if signal.peak > 1 {
      parts[0] += signal.clippedRuns == 0 ? " (over full scale, not clipped)" : " (over full scale)"
    }
    if let channels = signal.channels, let correlation = channels.correlation {
      parts.append("correlation \(NumberText.formatted("%+.2f", correlation))")
    }
    if let first = signal.firstClipping, let longest = signal.longestClipping {
      parts.append(
        String(
          format: "%.4f %% clipped in %d %@", signal.clippedShare * 100, signal.clippedRuns,
          signal.clippedRuns == 1 ? "run" : "runs")
          + ", the first at \(TimeText.text(first.start)), the longest of "
          + String(format: "%.1f ms", (longest.end - longest.start) * 1000) + " at \(TimeText.text(longest.start))")
    }
    return parts.joined(separator: ", ")
  }

  /// Returns a time span such as "30.02–30.45 s", or a single time for an empty span, where nothing replaces the
  /// missing audio.
  private static func seconds(_ span: DamageSpan) -> String {
    span.end > span.start
      ? String(format: "%.2f–%.2f s", span.start, span.end) : String(format: "%.2f s", span.start)
  }

  private static func position(_ span: Inspection.TimeSpan, _ length: Double?) -> String {
    let text = "\(TimeText.text(span.start))–\(TimeText.text(span.end))"
    let isEnd = length.map { abs($0 - span.end) < 1e-6 } ?? false
    return span.start == 0
      ? isEnd ? text + " (all of it)" : text + " (at the start)" : isEnd ? text + " (at the end)" : text
  }
}
