import Foundation
import RepriseAudio
import RepriseSystem
import ReprisePreparation

/// The text of requested changes of level, channels and silence.
enum SignalChangeText {
  /// Maximum number of places that are listed.
  private static let listed = 8

  static func text(_ cut: SilenceCut) -> String {
    let count = cut.stretches.count
    let seconds = cut.stretches.reduce(0) { $0 + $1.end - $1.start }
    let places = cut.stretches.prefix(listed).map { "\(TimeText.text($0.start))-\(TimeText.text($0.end))" }
    let more = count > listed ? " and \(counted(count - listed, "more place")) (--json has them)" : ""
    return
      "silence inside (under \(String(format: "%g", cut.level)) dBFS) of more than \(describe(seconds: cut.longest)) "
      + "is shortened to that at \(counted(count, "place")), without \(describe(seconds: seconds)) in all: "
      + places.joined(separator: ", ") + more
  }

  static func text(_ change: ChannelChange) -> String {
    switch change {
    case .picked(let numbers, let count):
      let word = numbers.count == 1 ? "channel" : "channels"
      return
        "\(word) \(numbers.map(String.init).joined(separator: ", ")) of \(count), as was asked for; the samples stay"
    case .onlySounding(let number, let count):
      return "channel \(number) of \(count), the only one that is not silent, as mono; its samples stay"
    case .oneOfEqual(let count): return "one of \(count) channels with the same samples, as mono; the samples stay"
    case .mean(let count, let silent, let loss):
      let left =
        silent.isEmpty
        ? "" : ", without the silent \(silent.map(String.init).joined(separator: ", "))"
      return "the mean of its \(count) channels\(left), as mono" + (loss.map(cancelling) ?? "")
    }
  }

  private static func cancelling(_ loss: Double) -> String {
    let amount =
      loss.isFinite ? String(format: "the mean is %.1f dB softer than they are", loss) : "nothing is left of them"
    return "; WARNING: its channels cancel each other out, \(amount); take one of them with --channels left or right"
  }

  static func text(_ change: GainChange) -> String {
    let peak = String(format: "%+.1f dBTP", change.truePeak)
    return change.isAutomatic
      ? String(format: "the level is changed by %+.1f dB, to a true peak of ", change.decibels) + peak
      : String(format: "the level is changed by %+.1f dB, as was asked for (true peak ", change.decibels) + peak + ")"
  }
}
