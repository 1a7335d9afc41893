import Foundation
import Synchronization

/// The display of progress: a redrawn bar on a terminal, one line per stage elsewhere, nothing in quiet mode.
final class Progress: Sendable {
  private struct Report {
    var stage: String
    var share: Double?
    var detail: String
    var item: String
    var isTimed: Bool
  }

  private struct State {
    var report: Report?
    /// Start of the stage.
    var begun = ContinuousClock.now
    var lastDraw: ContinuousClock.Instant?
    /// Task that updates the elapsed time between reports.
    var ticker: Task<Void, Never>?
  }

  private let quiet: Bool
  private let bars: Bool
  private let state = Mutex(State())

  init(quiet: Bool) {
    self.quiet = quiet
    bars = !quiet && Console.isTerminal
  }

  deinit { state.withLock { $0.ticker?.cancel() } }

  /// Starts a stage or reports its completed share.
  ///
  /// - Parameters:
  ///   - stage: The name of the stage, such as "upload".
  ///   - share: The completed share, 0…1; `nil` if unknown.
  ///   - detail: A short text after the bar.
  ///   - item: The current object of the work, shortened to the remaining width; on terminals only.
  ///   - isTimed: `true` if the time since the start of the stage follows the text; on terminals only.
  func report(_ stage: String, share: Double? = nil, detail: String = "", item: String = "", isTimed: Bool = false) {
    guard !quiet else { return }
    state.withLock { state in
      let isNew = state.report?.stage != stage
      let hadStage = state.report != nil
      state.report = Report(stage: stage, share: share, detail: detail, item: item, isTimed: isTimed)
      guard bars else {
        if isNew { Console.say("\(stage)\(detail.isEmpty ? "" : " (\(detail))")") }
        return
      }
      let now = ContinuousClock.now
      if isNew {
        state.begun = now
        if hadStage { StatusLine.leave() }
      }
      // 12 updates per second appear smooth; a redraw for each block of bytes would cost more than the work itself.
      if !isNew, share != 1, let last = state.lastDraw, last.duration(to: now) < .milliseconds(80) { return }
      Self.draw(&state, at: now)
      if isTimed, state.ticker == nil {
        state.ticker = Task { [weak self] in
          while (try? await Task.sleep(for: .seconds(1))) != nil, let self { self.tick() }
        }
      }
    }
  }

  private func tick() {
    state.withLock { state in
      guard state.report?.isTimed == true else { return }
      Self.draw(&state, at: .now)
    }
  }

  private static func draw(_ state: inout State, at now: ContinuousClock.Instant) {
    guard let report = state.report else { return }
    state.lastDraw = now
    let time = report.isTimed ? TimeText.clock(state.begun.duration(to: now)) : ""
    let details = [report.detail, time].filter { !$0.isEmpty }.joined(separator: ", ")
    let line = ProgressLine(stage: report.stage, share: report.share, detail: details, item: report.item)
    StatusLine.show(line.text(columns: Terminal.columns))
  }

  /// Shows separate lines between two reports; the stage continues.
  func interject(_ lines: [String], evenIfQuiet: Bool = false) {
    guard !quiet || evenIfQuiet else { return }
    for line in lines { Console.say(line) }
  }

  /// Removes the bar until the next drawing.
  func clear() { end { StatusLine.erase() } }

  /// Ends the bar's line, so that subsequent output begins on a new one.
  func finish() { end { StatusLine.leave() } }

  private func end(_ act: () -> Void) {
    state.withLock { state in
      state.ticker?.cancel()
      // The end of another view's bar is left to that view.
      if bars && state.report != nil { act() }
      state = State()
    }
  }
}
