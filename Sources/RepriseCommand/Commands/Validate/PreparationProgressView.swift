import Foundation
import RepriseLibrary
import RepriseSystem

/// The progress of a preparation: a bar on a terminal, periodic lines elsewhere, nothing in quiet mode.
final class PreparationProgressView: Sendable {
  /// Interval of the lines without a terminal.
  private static let interval = Duration.seconds(10)

  private let preparation: LibraryPreparation
  private let quiet: Bool
  private let bars: Bool
  private let bar: Progress

  init(_ preparation: LibraryPreparation, quiet: Bool) {
    self.preparation = preparation
    self.quiet = quiet
    bars = !quiet && Console.isTerminal
    bar = Progress(quiet: quiet)
  }

  /// Shows the progress until cancelled.
  func show() async {
    if quiet { return }
    let began = ContinuousClock.now
    while true {
      do { try await Task.sleep(for: bars ? .milliseconds(100) : Self.interval) } catch { return }
      let (now, tally) = (preparation.now, preparation.tally)
      let text = Self.text(
        now, already: tally.already, seconds: began.duration(to: .now) / .seconds(1))
      if bars {
        let name = now.current.map { Console.printable(String(decoding: $0.name, as: UTF8.self)) }
        bar.report(
          "prepare", share: now.all == 0 ? 1 : Double(now.done) / Double(now.all), detail: text, item: name ?? "")
      } else {
        Console.say("prepare: " + text + (now.current.map { ", at " + Console.printable($0.text) } ?? ""))
      }
    }
  }

  static func text(_ now: LibraryPreparation.Moment, already: Int, seconds: Double) -> String {
    // Files done earlier take almost no time, so counting them would make the estimate too short.
    let made = now.done - already
    let rate = Double(made) / max(seconds, 0.001)
    var text = "\(now.done)/\(counted(now.all, "file")), \(String(format: rate < 10 ? "%.1f" : "%.0f", rate))/s"
    if rate > 0, now.done < now.all {
      let left = Int((Double(now.all - now.done) / rate).rounded(.up))
      text += ", \(left / 60):\(String(left % 60 + 100).dropFirst()) left"
    }
    if already > 0 { text += ", \(already) already" }
    return text
  }

  /// Shows a separate line, also in quiet mode.
  func interject(_ line: String) {
    finish()
    Console.say(line)
  }

  /// Removes the bar until the next drawing.
  func finish() { if bars { bar.clear() } }
}
