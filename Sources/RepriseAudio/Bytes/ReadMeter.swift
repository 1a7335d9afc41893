import Synchronization

/// A count of what is read of a file, with a limit that no reader can exceed.
final class ReadMeter: Sendable {
  /// Largest number of bytes that may be read.
  let limit: Int
  private let state = Mutex((bytes: 0, reads: 0))

  /// Creates a meter that allows `limit` bytes.
  init(limit: Int) { self.limit = limit }

  /// Number of bytes that were read.
  var bytes: Int { state.withLock { $0.bytes } }
  /// Number of places that were read.
  var reads: Int { state.withLock { $0.reads } }
  /// Number of bytes that may still be read.
  var left: Int { state.withLock { limit - $0.bytes } }

  /// Counts a read; returns `false`, and counts nothing, if it would exceed the limit.
  func take(_ count: Int) -> Bool {
    state.withLock { state in
      guard count <= limit - state.bytes else { return false }
      state.bytes += count
      state.reads += 1
      return true
    }
  }
}
