import Foundation
import Synchronization

/// Shows how far the work is: one bar that redraws itself on a terminal, a line a stage elsewhere, nothing if quiet.
final class Progress: Sendable {
  private struct State {
    var stage = ""
    var drawn = 0
    var lastDraw: ContinuousClock.Instant?
  }

  private let quiet: Bool
  private let bars: Bool
  private let state = Mutex(State())
  private let clock = ContinuousClock()

  init(quiet: Bool) {
    self.quiet = quiet
    bars = !quiet && Console.isTerminal
  }

  /// Enters a stage or reports its share done.
  ///
  /// - Parameters:
  ///   - stage: a word such as "upload".
  ///   - share: 0…1, or nil where nobody can tell.
  ///   - detail: a few words behind the bar.
  ///   - item: what is being worked at, shortened to the room that is left; on a terminal alone.
  func report(_ stage: String, share: Double? = nil, detail: String = "", item: String = "") {
    guard !quiet else { return }
    state.withLock { state in
      let isNew = state.stage != stage
      if !bars {
        if isNew { Console.say("\(stage)\(detail.isEmpty ? "" : " (\(detail))")") }
        state.stage = stage
        return
      }
      let now = clock.now
      // 12 redraws a second look smooth; a bar for each block of bytes would cost more than the bytes.
      if !isNew, share != 1, let last = state.lastDraw, last.duration(to: now) < .milliseconds(80) { return }
      if isNew && state.drawn > 0 { Console.draw("\n") }
      state.stage = stage
      state.lastDraw = now
      let line = ProgressLine(stage: stage, share: share, detail: detail, item: item).text(columns: Terminal.columns)
      let width = ProgressLine.width(of: line)
      Console.draw("\r" + line + String(repeating: " ", count: max(0, state.drawn - width)))
      state.drawn = width
    }
  }

  /// Says lines between two reports, each on its own; the stage goes on.
  func interject(_ lines: [String], evenIfQuiet: Bool = false) {
    guard !quiet || evenIfQuiet else { return }
    state.withLock { state in
      if bars && state.drawn > 0 { Console.draw("\n") }
      state.drawn = 0
      for line in lines { Console.say(line) }
    }
  }

  /// Takes the bar away until it is drawn again.
  func clear() {
    state.withLock { state in
      if bars && state.drawn > 0 { Console.draw("\r" + String(repeating: " ", count: state.drawn) + "\r") }
      state = State()
    }
  }

  /// Ends the bar's line, so that the next words stand on their own.
  func finish() {
    state.withLock { state in
      if bars && state.drawn > 0 { Console.draw("\n") }
      state = State()
    }
  }
}
