import Foundation
import RepriseJobs
import RepriseService
import RepriseSystem
import RepriseVerification
import Synchronization

/// A view that reports the outcome of each of many covers and shows their overall progress.
final class BatchView: Sendable {
  /// A cover in progress.
  private struct Running {
    let number: Int
    let name: String
    var text = ""
    var share = 0.0
  }

  private struct State {
    var tally = CoverTally()
    /// Covers in progress, in the order of their start.
    var running: [Running] = []
    /// Names of recordings by job, while the job runs.
    var names: [String: String] = [:]
  }

  /// Minimum width of the screen, in columns, at which a stage fits next to the bar.
  private static let columnsForStage = 60

  private let count: Int
  private let speech: OutputOptions
  private let announcement: Announcement
  private let progress: Progress
  private let isDrawn = Console.isTerminal
  private let state = Mutex(State())

  /// Creates a view.
  ///
  /// - Parameters:
  ///   - count: The number of covers.
  ///   - speech: The options of the output.
  ///   - announcement: A message shown once, when the first cover actually starts.
  init(count: Int, speech: OutputOptions, announcement: Announcement) {
    self.count = count
    self.speech = speech
    self.announcement = announcement
    progress = Progress(quiet: speech.quiet)
    draw()
  }

  /// Shows an event of an order.
  func show(_ event: CoverBatch.Event, _ order: CoverOrder) {
    switch event {
    case .started: begin(order)
    case .cover(.begun(let job)):
      if let line = announcement.take(), !speech.quiet { say(line) }
      // Messages on the job can name its recording from here on.
      state.withLock { $0.names[job.job] = order.shown }
    case .cover(.met): break
    case .cover(.said(let status, let text)): remark(CoverEventText.said(status, text), named: order.shown)
    case .cover(let event):
      let remarks = CoverEventText.remarks(event)
      for line in remarks { remark(line, named: order.shown) }
      if event.word != nil || event.isRetry { note(event, order) }
    }
  }

  private func begin(_ order: CoverOrder) {
    state.withLock { $0.running.append(Running(number: order.number, name: Console.printable(order.shown))) }
    draw()
  }

  private func note(_ event: CoverEvent, _ order: CoverOrder) {
    state.withLock { state in
      guard let index = state.running.firstIndex(where: { $0.number == order.number }) else { return }
      state.running[index].share = max(state.running[index].share, event.wholeShare ?? 0)
      let percent = event.share.map { " \(Int((min(1, max(0, $0)) * 100).rounded(.down)))%" } ?? ""
      state.running[index].text = event.word.map { $0 + percent } ?? "waiting to try again"
    }
    draw()
  }

  /// Shows messages about a job's recording.
  func remark(_ texts: [String], job: String?) {
    let name = job.flatMap { job in state.withLock { $0.names[job] } }
    for text in texts { remark(Console.printable(text), named: name) }
  }

  private func remark(_ text: String, named name: String?) {
    guard !speech.quiet else { return }
    say(name.map { Console.printable($0) + ": " + text } ?? text)
  }

  /// Shows a separate line, wrapped at the width of the screen.
  func say(_ line: String) {
    for line in Self.fitted(line) { Console.say(line) }
  }

  private static func fitted(_ line: String) -> [String] {
    Console.isTerminal ? WrappedText.lines(line, columns: Terminal.columns) : [line]
  }

  /// Counts and reports the outcome of an order.
  ///
  /// - Parameters:
  ///   - outcome: The outcome.
  ///   - order: The order.
  ///   - data: The line for stdout; `nil` for none.
  /// - Throws: `CommandError` with exit code 74 if writing to stdout fails.
  func add(_ outcome: CoverBatch.Outcome, _ order: CoverOrder, data: String?) throws {
    // On a screen the path appears below anyway.
    let namesOutput = !Console.isDataOnScreen || speech.json
    let (line, done) = state.withLock { state in
      state.running.removeAll { $0.number == order.number }
      if let job = outcome.job { state.names[job.job] = nil }
      state.tally.add(outcome)
      return (Self.text(outcome, order, state.tally, namesOutput: namesOutput), state.tally.count)
    }
    // Failures are reported even in quiet mode.
    let isProblem =
      switch outcome {
      case .failed, .notBegun: true
      case .finished, .submitted, .skipped: false
      }
    let isSaid = isProblem || !speech.quiet
    let lines = isSaid ? line.map { Self.fitted("[\(done)/\(count)] \($0)") } ?? [] : []
    try Console.write(messages: lines, data: data)
    draw()
  }

  /// Draws the bar, which names the cover started first among those in progress.
  private func draw() {
    guard isDrawn else { return }
    let (done, share, first) = state.withLock { state in
      let done = state.tally.count
      let whole = Double(done) + state.running.reduce(0) { $0 + $1.share }
      return (done, whole / Double(count), state.running.first)
    }
    var text = "\(done) of \(count)"
    if let first, !first.text.isEmpty, Terminal.columns >= Self.columnsForStage { text += ", " + first.text }
    progress.report("covers", share: share, detail: text, item: first?.name ?? "", isTimed: true)
  }

  /// Removes the bar.
  func finish() { progress.clear() }

  private static func text(
    _ outcome: CoverBatch.Outcome, _ order: CoverOrder, _ tally: CoverTally, namesOutput: Bool
  ) -> String? {
    let input = Console.printable(order.shown)
    switch outcome {
    case .finished(let finished):
      let said = FinishedCoverText.remark(finished)
      guard let report = finished.report else { return "\(input): \(said ?? "was made before")" }
      let remark = said.map { " (\($0))" } ?? ""
      let unusual = report.checks.filter { $0.verdict != .pass }.map {
        "\($0.name) \(VerificationText.value($0.finding))"
      }
      let why = unusual.isEmpty ? "" : ": " + Console.printable(unusual.joined(separator: "; "))
      let prefix = namesOutput ? Console.printable(finished.nameBeside ?? order.output) + ", " : ""
      return "\(input): \(prefix)\(report.verdict.rawValue)\(why)\(remark)"
    case .skipped:
      let prefix = namesOutput ? Console.printable(order.output) + " " : ""
      return "\(input): \(prefix)is there already, nothing was made"
    case .submitted(let job): return "\(input): submitted as job \(job.job)"
    case .notBegun(let closure):
      // One line stands for all rows with the same cause.
      return tally.notBegun == 1
        ? "\(input) and what follows: not begun: \(CoverPipelineText.reason(closure))" : nil
    case .failed(let error, _): return ShownBatch.message(error, for: order)
    }
  }

  /// Summary of the run.
  var text: String {
    state.withLock { state in
      let tally = state.tally
      var parts = ["\(tally.made) of \(counted(count, "cover")) made"]
      if tally.failedCheck > 0 {
        parts.append("\(tally.failedCheck) failed \(tally.failedCheck == 1 ? "its" : "their") check")
      }
      let before = tally.madeBefore + tally.skipped
      if before > 0 { parts.append("\(before) \(before == 1 ? "was" : "were") there") }
      if tally.submitted > 0 { parts.append("\(tally.submitted) submitted") }
      if tally.pending > 0 { parts.append("\(tally.pending) open ('reprise resume --all' continues)") }
      if tally.interrupted > 0 { parts.append("\(tally.interrupted) interrupted") }
      if tally.failed > 0 { parts.append("\(tally.failed) failed") }
      if tally.notBegun > 0 { parts.append("\(tally.notBegun) not begun") }
      return parts.joined(separator: ", ")
    }
  }

  /// Exit code; `nil` if there was no failure.
  var status: ExitStatus? {
    state.withLock { state in
      let tally = state.tally
      if tally.isKeyRefused { return .keyOrCredit }
      if tally.pending > 0 { return .pending }
      return tally.failed + tally.notBegun + tally.failedCheck > 0 ? .rejected : nil
    }
  }
}

extension CoverEvent {
  /// `true` if something failed and is tried again.
  fileprivate var isRetry: Bool { if case .retrying = self { true } else { false } }
}
