internal import Synchronization

/// How far the running generations are; written and read on any thread, without waiting for the store.
final class ProgressBoard: Sendable {
  private let shares = Mutex<[String: Double]>([:])

  /// The share of a generation that is done, 0…1; nil where none was told, or the generation does not run.
  subscript(id: String) -> Double? { shares.withLock { $0[id] } }

  /// Notes the share that is done; never less than before.
  func note(_ share: Double, of id: String) {
    guard !share.isNaN else { return }
    shares.withLock { $0[id] = max($0[id] ?? 0, min(max(share, 0), 1)) }
  }

  /// Forgets a generation that has ended.
  func remove(_ id: String) { shares.withLock { $0[id] = nil } }
}
