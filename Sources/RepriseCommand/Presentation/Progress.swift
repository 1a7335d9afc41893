import Foundation
import Synchronization

/// Shows how far the work is: one bar that redraws itself on a terminal, a line a stage elsewhere, nothing if quiet.
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
    /// When the stage was entered.
    var begun = ContinuousClock.now
    var lastDraw: ContinuousClock.Instant?
    /// Draws the time that has passed while nobody reports anything.
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

  /// Enters a stage or reports its share done.
  ///
  /// - Parameters:
  ///   - stage: a word such as "upload".
  ///   - share: 0…1, or nil where nobody can tell.
  ///   - detail: a few words behind the bar.
  ///   - item: what is being worked at, shortened to the room that is left; on a terminal alone.
  ///   - isTimed: whether the time since the stage was entered stands behind the words; on a terminal alone.
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
      // 12 redraws a second look smooth; a bar for each block of bytes would cost more than the bytes.
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
    let words = [report.detail, time].filter { !$0.isEmpty }.joined(separator: ", ")
    let line = ProgressLine(stage: report.stage, share: report.share, detail: words, item: report.item)
    StatusLine.show(line.text(columns: Terminal.columns))
  }

  /// Says lines between two reports, each on its own; the stage goes on.
  func interject(_ lines: [String], evenIfQuiet: Bool = false) {
    guard !quiet || evenIfQuiet else { return }
    for line in lines { Console.say(line) }
  }

  /// Takes the bar away until it is drawn again.
  func clear() { end { StatusLine.erase() } }

  /// Ends the bar's line, so that the next words stand on their own.
  func finish() { end { StatusLine.leave() } }

  private func end(_ act: () -> Void) {
    state.withLock { state in
      state.ticker?.cancel()
      // Of another's bar the end is its own.
      if bars && state.report != nil { act() }
      state = State()
    }
  }
}
