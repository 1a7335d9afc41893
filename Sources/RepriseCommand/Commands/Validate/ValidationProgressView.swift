import Foundation
import RepriseLibrary
import RepriseSystem
import Synchronization

/// The progress of a scan: a bar on a terminal, periodic lines elsewhere, nothing in quiet mode.
final class ValidationProgressView: Sendable {
  /// Intervals of the lines without a terminal: the first one, then doubled up to the last one.
  private static let intervals = (first: Duration.seconds(2), last: Duration.seconds(10))

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

  /// Shows the progress until cancelled.
  func show(of scan: LibraryValidation) async {
    if quiet { return }
    let began = ContinuousClock.now
    // The scan finds files only slightly ahead of inspecting them, so a separate walk counts them.
    let counting = Task { if bars { await count(scan) } }
    defer { counting.cancel() }
    var pause = bars ? .milliseconds(100) : Self.intervals.first
    while true {
      do { try await Task.sleep(for: pause) } catch { return }
      let now = progress.now
      let seconds = began.duration(to: .now) / .seconds(1)
      let counted = total.withLock { $0 }
      let all = now.isFoundAll ? now.found : counted.map { max($0, now.found) }
      if bars {
        bar.report(
          now.toFingerprint != nil ? "fingerprint" : now.isComparing ? "compare" : "validate",
          share: now.toFingerprint.map { $0 == 0 ? 1 : Double(now.fingerprinted) / Double($0) }
            ?? all.map { $0 == 0 ? 1 : Double(now.done) / Double($0) },
          detail: Self.text(now, all: all, seconds: seconds), item: Self.item(now) ?? "")
      } else {
        let text = Self.text(now, all: all, seconds: seconds)
        Console.say("validate: " + text + (Self.currentPath(now).map { ", at " + $0 } ?? ""))
        pause = min(pause * 2, Self.intervals.last)
      }
    }
  }

  private static func text(_ now: ScanProgress.Moment, all: Int?, seconds: Double) -> String {
    // The progress comes first, as a narrow terminal cuts off the rest.
    if let all = now.toFingerprint { return "\(now.fingerprinted)/\(all) fingerprinted, \(counted(now.done, "file"))" }
    let rate = Double(now.done) / max(seconds, 0.001)
    var text = "\(now.done)" + (all.map { "/\($0)" } ?? "") + " files, \(Int(rate.rounded()))/s"
    if let all, rate > 0, now.done < all {
      let left = Int((Double(all - now.done) / rate).rounded(.up))
      text += ", \(left / 60):\(String(left % 60 + 100).dropFirst()) left"
    }
    if now.isComparing {
      text += ", looking for the same audio"
    } else if now.cached > 0 {
      text += ", \(now.cached) known"
    }
    return text
  }

  /// Returns the path of the file inspected last, while files are being inspected.
  private static func currentPath(_ now: ScanProgress.Moment) -> String? {
    now.isComparing || now.toFingerprint != nil ? nil : now.current.map { Console.printable($0.text) }
  }

  /// Returns the name of that file.
  private static func item(_ now: ScanProgress.Moment) -> String? {
    currentPath(now).flatMap { _ in now.current.map { Console.printable(String(decoding: $0.name, as: UTF8.self)) } }
  }

  private func count(_ scan: LibraryValidation) async {
    let found = try? await offPool("reprise scan: count") { cancellation in
      try scan.countFiles { try cancellation.check() }
    }
    if let found { total.withLock { $0 = found } }
  }

  /// Shows a separate line, also in quiet mode.
  func interject(_ line: String) {
    clear()
    Console.say(line)
  }

  /// Removes the bar until the next drawing, so that other lines stand alone.
  func clear() { if bars { bar.clear() } }

  /// Removes the bar permanently.
  func finish() { clear() }
}
