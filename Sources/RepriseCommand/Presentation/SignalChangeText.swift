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

  /// Returns the sentence on requested channels that are all silent, counted from 1.
  static func silent(_ channels: [Int], of count: Int, sounding: [Int]) -> String {
    guard !sounding.isEmpty else {
      return "what is asked for of its \(counted(count, "channel")) is silent; choose others, or record it again"
    }
    let numbers = channels.map(String.init).joined(separator: ", ")
    let names = sounding.map { count == 2 ? ["left", "right"][$0 - 1] : String($0) }
    let advice = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    return
      "\(channels.count == 1 ? "channel \(numbers) of \(count) is" : "channels \(numbers) of \(count) are") silent; take "
      + "--channels \(advice)"
  }

  /// Returns the sentence on channels of which a mean leaves nothing.
  static func cancelled(_ loss: Double) -> String {
    "its channels cancel each other out, \(amount(loss)), so that it would be silent; take one of them with --channels left "
      + "or right"
  }

  private static func cancelling(_ loss: Double) -> String {
    "; WARNING: its channels cancel each other out, \(amount(loss)); take one of them with --channels left or right"
  }

  private static func amount(_ loss: Double) -> String {
    loss.isFinite ? String(format: "the mean is %.1f dB softer than they are", loss) : "nothing is left of them"
  }

  static func text(_ change: GainChange) -> String {
    let peak = "\(NumberText.formatted("%+.1f", change.truePeak)) dBTP"
    let decibels = NumberText.formatted("%+.1f", change.decibels)
    return "the level is changed by \(decibels) dB, "
      + (change.isAutomatic ? "to a true peak of \(peak)" : "as was asked for (true peak \(peak))")
  }
}
