import Foundation
import RepriseJobs
import RepriseSystem
import Synchronization
import RepriseVerification

/// Counts what became of many covers, says each as it ends, and shows how far all of them are.
final class BatchTally: Sendable {
  private struct Counts {
    var made = 0
    var before = 0
    var skipped = 0
    var submitted = 0
    var failedCheck = 0
    var pending = 0
    var failed = 0
    /// They were stopped with the run and left nothing open.
    var interrupted = 0
    var notBegun = 0
    var isKeyRefused = false

    var all: Int { made + before + skipped + submitted + pending + failed + interrupted + notBegun }
  }

  /// A cover that is under way.
  private struct Running {
    let number: Int
    let name: String
    var words = ""
    var share = 0.0
  }

  private struct State {
    var counts = Counts()
    /// Those that began first come first.
    var running: [Running] = []
    /// Which recording a job is for, as long as it runs.
    var names: [String: String] = [:]
  }

  /// From here on a stage has room beside the bar.
  private static let columnsForStage = 60

  private let count: Int
  private let speech: OutputOptions
  private let progress: Progress
  private let isDrawn = Console.isTerminal
  private let state = Mutex(State())

  init(count: Int, speech: OutputOptions) {
    self.count = count
    self.speech = speech
    progress = Progress(quiet: speech.quiet)
    draw()
  }

  /// Notes that an order is begun.
  func begin(_ order: CoverOrder) {
    state.withLock { $0.running.append(Running(number: order.number, name: Console.printable(order.shown))) }
    draw()
  }

  /// Notes how far an order is.
  func note(_ stage: CoverStage, _ order: CoverOrder) {
    if let text = stage.remark { return remark(text, order) }
    state.withLock { state in
      guard let index = state.running.firstIndex(where: { $0.number == order.number }) else { return }
      state.running[index].share = max(state.running[index].share, stage.wholeShare ?? 0)
      let percent = stage.share.map { " \(Int((min(1, max(0, $0)) * 100).rounded(.down)))%" } ?? ""
      state.running[index].words = stage.word.map { $0 + percent } ?? "waiting to try again"
    }
    draw()
  }

  /// Notes for which recording a job is, so that what is said of the job can name it.
  func note(job: String, of order: CoverOrder) {
    state.withLock { $0.names[job] = order.shown }
  }

  /// Says something about an order's recording, unless nothing is to be said.
  func remark(_ text: String, _ order: CoverOrder) { remark(text, named: order.shown) }

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
  /// - Throws: `Trouble` with 74 where stdout takes no more.
  func add(_ outcome: CoverBatch.Outcome, _ order: CoverOrder, data: String?) throws {
    // On a screen the path stands below by itself.
    let namesOutput = !Console.isDataOnScreen || speech.json
    let (line, done) = state.withLock { state in
      state.running.removeAll { $0.number == order.number }
      if let job = outcome.job { state.names[job.job] = nil }
      return (Self.words(outcome, order, &state.counts, namesOutput: namesOutput), state.counts.all)
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
      let done = state.counts.all
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
    _ outcome: CoverBatch.Outcome, _ order: CoverOrder, _ counts: inout Counts, namesOutput: Bool
  ) -> String? {
    let input = Console.printable(order.shown)
    switch outcome {
    case .finished(let finished):
      guard let report = finished.report else {
        counts.before += 1
        if finished.job.verdict == "fail" { counts.failedCheck += 1 }
        return "\(input): \(finished.remark ?? "was made before")"
      }
      counts.made += 1
      if report.verdict == .fail { counts.failedCheck += 1 }
      let remark = finished.remark.map { " (\($0))" } ?? ""
      let unusual = report.checks.filter { $0.verdict != .pass }.map {
        "\($0.name) \(VerificationText.value($0.finding))"
      }
      let why = unusual.isEmpty ? "" : ": " + Console.printable(unusual.joined(separator: "; "))
      let place = namesOutput ? Console.printable(finished.shown ?? order.output) + ", " : ""
      return "\(input): \(place)\(report.verdict.rawValue)\(why)\(remark)"
    case .skipped:
      counts.skipped += 1
      let place = namesOutput ? Console.printable(order.output) + " " : ""
      return "\(input): \(place)is there already, nothing was made"
    case .submitted(let job):
      counts.submitted += 1
      return "\(input): submitted as job \(job.job)"
    case .notBegun(let reason):
      counts.notBegun += 1
      // One line for a thousand rows that wait for the same thing.
      return counts.notBegun == 1 ? "\(input) and what follows: not begun: \(reason)" : nil
    case .failed(let status, let job, let words):
      if job?.state.isOpen == true || status == .pending {
        counts.pending += 1
      } else if status == .interrupted {
        counts.interrupted += 1
      } else {
        counts.failed += 1
      }
      if status == .keyOrCredit { counts.isKeyRefused = true }
      return words
    }
  }

  /// The sum of it.
  var words: String {
    state.withLock { state in
      let counts = state.counts
      var parts = ["\(counts.made) of \(counted(count, "cover")) made"]
      if counts.failedCheck > 0 {
        parts.append("\(counts.failedCheck) failed \(counts.failedCheck == 1 ? "its" : "their") check")
      }
      let before = counts.before + counts.skipped
      if before > 0 { parts.append("\(before) \(before == 1 ? "was" : "were") there") }
      if counts.submitted > 0 { parts.append("\(counts.submitted) submitted") }
      if counts.pending > 0 { parts.append("\(counts.pending) open ('reprise resume --all' goes on)") }
      if counts.interrupted > 0 { parts.append("\(counts.interrupted) interrupted") }
      if counts.failed > 0 { parts.append("\(counts.failed) failed") }
      if counts.notBegun > 0 { parts.append("\(counts.notBegun) not begun") }
      return parts.joined(separator: ", ")
    }
  }

  /// The exit code; nil where all is fine.
  var status: ExitStatus? {
    state.withLock { state in
      let counts = state.counts
      if counts.isKeyRefused { return .keyOrCredit }
      if counts.pending > 0 { return .pending }
      return counts.failed + counts.notBegun + counts.failedCheck > 0 ? .rejected : nil
    }
  }
}
