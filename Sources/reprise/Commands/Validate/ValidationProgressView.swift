import Foundation
import LibraryValidation
import Platform
import Synchronization

/// How far a scan is: a bar on a terminal, a line now and then elsewhere, nothing if quiet.
final class ValidationProgressView: Sendable {
  /// Off a terminal, so often.
  private static let interval = Duration.seconds(10)

  private let progress: ScanProgress
  private let quiet: Bool
  private let bars: Bool
  private let bar: Progress
  private let total = Mutex<Int?>(nil)

  init(_ progress: ScanProgress, quiet: Bool) {
    self.progress = progress
    self.quiet = quiet
    bars = !quiet && Console.isTerminal
    bar = Progress(quiet: quiet)
  }

  /// Shows it until it is cancelled.
  func show(of scan: LibraryScan) async {
    if quiet { return }
    let began = ContinuousClock.now
    // The scan itself finds files only a little ahead of looking at them; how many there are, a walk of its own tells.
    let counting = Task { if bars { await count(scan) } }
    defer { counting.cancel() }
    while true {
      do { try await Task.sleep(for: bars ? .milliseconds(100) : Self.interval) } catch { return }
      let now = progress.now
      let seconds = began.duration(to: .now) / .seconds(1)
      let counted = total.withLock { $0 }
      let all = now.isFoundAll ? now.found : counted.map { max($0, now.found) }
      if bars {
        bar.report(
          now.toFingerprint != nil ? "fingerprint" : now.isComparing ? "compare" : "validate",
          share: now.toFingerprint.map { $0 == 0 ? 1 : Double(now.fingerprinted) / Double($0) }
            ?? all.map { $0 == 0 ? 1 : Double(now.done) / Double($0) },
          detail: Self.words(now, all: all, seconds: seconds, isBar: true))
      } else {
        Console.say("validate: " + Self.words(now, all: all, seconds: seconds, isBar: false))
      }
    }
  }

  static func words(_ now: ScanProgress.Moment, all: Int?, seconds: Double, isBar: Bool) -> String {
    let rate = Double(now.done) / max(seconds, 0.001)
    var words = "\(now.done)" + (all.map { "/\($0)" } ?? "") + " files, \(Int(rate.rounded()))/s"
    if let all, rate > 0, now.done < all {
      let left = Int((Double(all - now.done) / rate).rounded(.up))
      words += ", \(left / 60):\(String(left % 60 + 100).dropFirst()) left"
    }
    if now.cached > 0 { words += ", \(now.cached) known" }
    if let all = now.toFingerprint {
      words += ", \(now.fingerprinted)/\(all) fingerprinted"
    } else if now.isComparing {
      words += ", looking for the same audio"
    }
    if let current = now.current, !now.isComparing {
      words +=
        (isBar ? " " : ", at ")
        + Console.printable(isBar ? String(decoding: current.name, as: UTF8.self) : current.text)
    }
    return words
  }

  private func count(_ scan: LibraryScan) async {
    let found = try? await offPool("reprise scan: count") { cancellation in
      try scan.countFiles { try cancellation.check() }
    }
    if let found { total.withLock { $0 = found } }
  }

  /// Says a line of its own, whether quiet or not.
  func interject(_ line: String) {
    clear()
    Console.say(line)
  }

  /// Takes the bar away until it is drawn anew, so that other lines stand on their own.
  func clear() { if bars { bar.clear() } }

  /// Takes the bar away for good.
  func finish() { clear() }
}
