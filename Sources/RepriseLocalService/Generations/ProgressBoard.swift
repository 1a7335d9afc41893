internal import Synchronization

/// Progress of the running generations, readable and writable on any thread without waiting for the store.
final class ProgressBoard: Sendable {
  private let shares = Mutex<[String: Double]>([:])

  /// The fraction of a generation that is done, 0…1; nil if none is known or the generation does not run.
  subscript(id: String) -> Double? { shares.withLock { $0[id] } }

  /// Records the fraction done, never less than before.
  func note(_ share: Double, of id: String) {
    guard !share.isNaN else { return }
    shares.withLock { $0[id] = max($0[id] ?? 0, min(max(share, 0), 1)) }
  }

  /// Removes a generation that has ended.
  func remove(_ id: String) { shares.withLock { $0[id] = nil } }
}
