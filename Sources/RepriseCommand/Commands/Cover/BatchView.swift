import Foundation
import RepriseJobs
import RepriseService
import RepriseSystem
import RepriseVerification
import Synchronization

/// Says what became of many covers as each ends, and shows how far all of them are.
final class BatchView: Sendable {
  /// A cover that is under way.
  private struct Running {
    let number: Int
    let name: String
    var words = ""
    var share = 0.0
  }

  private struct State {
    var tally = CoverTally()
    /// Those that began first come first.
    var running: [Running] = []
    /// Which recording a job is for, as long as it runs.
    var names: [String: String] = [:]
  }

  /// From here on a stage has room beside the bar.
  private static let columnsForStage = 60

  private let count: Int
  private let speech: OutputOptions
  private let announcement: Announcement
  private let progress: Progress
  private let isDrawn = Console.isTerminal
  private let state = Mutex(State())

  /// - Parameter announcement: Is said once, when the first cover is really begun.
  init(count: Int, speech: OutputOptions, announcement: Announcement) {
    self.count = count
    self.speech = speech
    self.announcement = announcement
    progress = Progress(quiet: speech.quiet)
    draw()
  }

  /// Shows what happens to an order.
  func show(_ event: CoverBatch.Event, _ order: CoverOrder) {
    switch event {
    case .started: begin(order)
    case .cover(.begun(let job)):
      if let line = announcement.take(), !speech.quiet { say(line) }
      // What is said of the job can name its recording from here on.
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
      state.running[index].words = event.word.map { $0 + percent } ?? "waiting to try again"
    }
    draw()
  }

  /// Says something about a job's recording.
  func remark(_ texts: [String], job: String?) {
    let name = job.flatMap { job in state.withLock { $0.names[job] } }
    for text in texts { remark(Console.printable(text), named: name) }
  }

  private func remark(_ text: String, named name: String?) {
    guard !speech.quiet else { return }
    say(name.map { Console.printable($0) + ": " + text } ?? text)
  }

  /// Says a line of its own, broken where the screen ends.
  func say(_ line: String) {
    for line in Self.fitted(line) { Console.say(line) }
  }

  private static func fitted(_ line: String) -> [String] {
    Console.isTerminal ? WrappedText.lines(line, columns: Terminal.columns) : [line]
  }

  /// Counts what became of an order, and says it.
  ///
  /// - Parameter data: what goes to stdout about it.
  /// - Throws: `CommandError` with 74 where stdout takes no more.
  func add(_ outcome: CoverBatch.Outcome, _ order: CoverOrder, data: String?) throws {
    // On a screen the path stands below by itself.
    let namesOutput = !Console.isDataOnScreen || speech.json
    let (line, done) = state.withLock { state in
      state.running.removeAll { $0.number == order.number }
      if let job = outcome.job { state.names[job.job] = nil }
      state.tally.add(outcome)
      return (Self.words(outcome, order, state.tally, namesOutput: namesOutput), state.tally.count)
    }
    // What went wrong is said however quiet it should be.
    let isTrouble =
      switch outcome {
      case .failed, .notBegun: true
      case .finished, .submitted, .skipped: false
      }
    let isSaid = isTrouble || !speech.quiet
    let lines = isSaid ? line.map { Self.fitted("[\(done)/\(count)] \($0)") } ?? [] : []
    try Console.tell(lines, data: data)
    draw()
  }

  /// Draws the bar: of those under way the one that began first is named.
  private func draw() {
    guard isDrawn else { return }
    let (done, share, first) = state.withLock { state in
      let done = state.tally.count
      let whole = Double(done) + state.running.reduce(0) { $0 + $1.share }
      return (done, whole / Double(count), state.running.first)
    }
    var words = "\(done) of \(count)"
    if let first, !first.words.isEmpty, Terminal.columns >= Self.columnsForStage { words += ", " + first.words }
    progress.report("covers", share: share, detail: words, item: first?.name ?? "", isTimed: true)
  }

  /// Takes the bar away.
  func finish() { progress.clear() }

  private static func words(
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
      let place = namesOutput ? Console.printable(finished.nameBeside ?? order.output) + ", " : ""
      return "\(input): \(place)\(report.verdict.rawValue)\(why)\(remark)"
    case .skipped:
      let place = namesOutput ? Console.printable(order.output) + " " : ""
      return "\(input): \(place)is there already, nothing was made"
    case .submitted(let job): return "\(input): submitted as job \(job.job)"
    case .notBegun(let closure):
      // One line for a thousand rows that wait for the same thing.
      return tally.notBegun == 1
        ? "\(input) and what follows: not begun: \(CoverPipelineText.reason(closure))" : nil
    case .failed(let error, _): return ShownBatch.words(error, for: order)
    }
  }

  /// The sum of it.
  var words: String {
    state.withLock { state in
      let tally = state.tally
      var parts = ["\(tally.made) of \(counted(count, "cover")) made"]
      if tally.failedCheck > 0 {
        parts.append("\(tally.failedCheck) failed \(tally.failedCheck == 1 ? "its" : "their") check")
      }
      let before = tally.madeBefore + tally.skipped
      if before > 0 { parts.append("\(before) \(before == 1 ? "was" : "were") there") }
      if tally.submitted > 0 { parts.append("\(tally.submitted) submitted") }
      if tally.pending > 0 { parts.append("\(tally.pending) open ('reprise resume --all' goes on)") }
      if tally.interrupted > 0 { parts.append("\(tally.interrupted) interrupted") }
      if tally.failed > 0 { parts.append("\(tally.failed) failed") }
      if tally.notBegun > 0 { parts.append("\(tally.notBegun) not begun") }
      return parts.joined(separator: ", ")
    }
  }

  /// The exit code; nil where all is fine.
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
  /// Whether something went wrong and is tried again.
  fileprivate var isRetry: Bool { if case .retrying = self { true } else { false } }
}
