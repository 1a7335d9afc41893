internal import RepriseService
internal import Foundation

/// The record of a generation.
struct GenerationRecord: Sendable {
  /// State of the generation.
  enum State: Sendable, Equatable {
    case queued
    case generating
    case completed(bytes: Int)
    case failed(CoverFailure)
  }

  let id: String
  /// Signature that the result's link must carry.
  let signature: String
  let submission: Submission
  /// Time at which the generation was accepted.
  let created: Date
  /// The service's own id of the request.
  let requestID: String
  /// The client's `X-Client-Request-Id`; nil if there is none or it is invalid.
  let clientRequestID: String?
  /// Index in the order of acceptance, from 0.
  var number = 0
  var state: State = .queued
  /// Time at which the generation ended.
  var finished: ContinuousClock.Instant?
  /// `true` if the result has been removed.
  var isResultGone = false

  var isFinal: Bool { finished != nil }
}

/// A table of the generations that decides which may begin: a pure value with the time supplied by its callers.
struct GenerationTable: Sendable {
  /// The bounds of the table.
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

  /// Reserves a slot for a submission that is about to be read; `false` if there is none.
  mutating func reserve() -> Bool {
    guard uploading + waiting.count + running < limits.concurrent + limits.queued else { return false }
    uploading += 1
    return true
  }

  /// Releases a reserved slot: the submission did not lead to a generation.
  mutating func release() { uploading -= 1 }

  /// Turns a reserved slot into a waiting generation.
  mutating func accept(_ record: GenerationRecord) {
    uploading -= 1
    var record = record
    record.number = accepted
    accepted += 1
    records[record.id] = record
    waiting.append(record.id)
  }

  /// Begins and returns the next generation, if one may run.
  mutating func begin() -> GenerationRecord? {
    guard running < limits.concurrent, let id = waiting.first else { return nil }
    waiting.removeFirst()
    running += 1
    records[id]?.state = .generating
    return records[id]
  }

  /// Records the end of a running generation.
  mutating func finish(_ id: String, _ state: GenerationRecord.State, at now: ContinuousClock.Instant) {
    running -= 1
    records[id]?.state = state
    records[id]?.finished = now
    finishedInOrder.append(id)
  }

  /// Returns the generation, or nil if it is unknown or forgotten.
  func record(_ id: String) -> GenerationRecord? { records[id] }

  /// All known generations, newest first.
  var newestFirst: [GenerationRecord] { records.values.sorted { $0.number > $1.number } }

  /// Removes generations that are too old or too many.
  ///
  /// - Returns: The generations whose results must be removed.
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
