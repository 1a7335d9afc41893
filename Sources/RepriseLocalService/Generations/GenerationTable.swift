internal import RepriseService
internal import Foundation

/// What is known of a generation.
struct GenerationRecord: Sendable {
  /// How far it is.
  enum State: Sendable, Equatable {
    case queued
    case generating
    case completed(bytes: Int)
    case failed(CoverFailure)
  }

  let id: String
  /// What the result's link must carry.
  let signature: String
  let submission: Submission
  /// When it was accepted.
  let created: Date
  /// The service's own name for the request.
  let requestID: String
  /// The client's `X-Client-Request-Id`; nil if it sent none that may be one.
  let clientRequestID: String?
  /// Which of all that were accepted it is, counted from 0.
  var number = 0
  var state: State = .queued
  /// When it ended.
  var finished: ContinuousClock.Instant?
  /// Whether the result has been removed.
  var isResultGone = false

  var isFinal: Bool { finished != nil }
}

/// Which generations there are and what may happen next: a pure value, moved by its callers' clock.
struct GenerationTable: Sendable {
  /// The bounds it keeps.
  struct Limits: Sendable {
    var concurrent: Int
    var queued: Int
    var resultLifetime: Duration
    var generationLifetime: Duration
    var remembered: Int
  }

  private let limits: Limits
  private var records: [String: GenerationRecord] = [:]
  private var waiting: [String] = []
  private var finishedInOrder: [String] = []
  private var uploading = 0
  private var accepted = 0
  private var running = 0

  init(limits: Limits) { self.limits = limits }

  /// Takes a place for a submission that is about to be read; `false` if there is none.
  mutating func reserve() -> Bool {
    guard uploading + waiting.count + running < limits.concurrent + limits.queued else { return false }
    uploading += 1
    return true
  }

  /// Gives the place back: the submission came to nothing.
  mutating func release() { uploading -= 1 }

  /// Turns a reserved place into a waiting generation.
  mutating func accept(_ record: GenerationRecord) {
    uploading -= 1
    var record = record
    record.number = accepted
    accepted += 1
    records[record.id] = record
    waiting.append(record.id)
  }

  /// The next generation to run, if one may.
  mutating func begin() -> GenerationRecord? {
    guard running < limits.concurrent, let id = waiting.first else { return nil }
    waiting.removeFirst()
    running += 1
    records[id]?.state = .generating
    return records[id]
  }

  /// Notes how a running generation ended.
  mutating func finish(_ id: String, _ state: GenerationRecord.State, at now: ContinuousClock.Instant) {
    running -= 1
    records[id]?.state = state
    records[id]?.finished = now
    finishedInOrder.append(id)
  }

  /// The generation, if it is known and not forgotten.
  func record(_ id: String) -> GenerationRecord? { records[id] }

  /// All that are known, newest first.
  var newestFirst: [GenerationRecord] { records.values.sorted { $0.number > $1.number } }

  /// Forgets what is too old or too much.
  ///
  /// - Returns: the generations whose results are to be removed.
  mutating func expire(at now: ContinuousClock.Instant) -> [GenerationRecord] {
    var gone: [GenerationRecord] = []
    var stillThere: [String] = []
    let surplus = finishedInOrder.count - limits.remembered
    for (index, id) in finishedInOrder.enumerated() {
      guard let record = records[id], let finished = record.finished else { continue }
      let age = finished.duration(to: now)
      let isForgotten = index < surplus || age >= limits.generationLifetime
      if !record.isResultGone, isForgotten || age >= limits.resultLifetime {
        records[id]?.isResultGone = true
        gone.append(record)
      }
      if isForgotten { records[id] = nil } else { stillThere.append(id) }
    }
    finishedInOrder = stillThere
    return gone
  }
}
