internal import Foundation
internal import RepriseSystem
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The worker's end of the pipes: requests on stdin, responses on stdout.
///
/// A thread watches stdin, so that the process ends once the client has gone, even in the middle of decoding.
final class WorkerLoop: Sendable {
  private let requests = Mutex(WireFrames())

  /// Writes the greeting and begins to read; `nil` if the other end is closed.
  init?(greeting: [UInt8]) {
    guard WireFrames.write(greeting, to: STDOUT_FILENO) else { return nil }
    // Who kills the worker's group kills the programs that it has started too.
    ProcessSpawn.sharesGroup = true
    let watch = Thread {
      // No events are requested, so that poll(2) reports only that the other end is closed.
      var stdin = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
      while unsafe poll(&stdin, 1, -1) <= 0 {}
      ChildProcess.killAll()
      _exit(0)
    }
    watch.start()
  }

  /// Returns the next request.
  ///
  /// Blocks; ends the process if stdin is closed or malformed.
  func next() -> [UInt8] {
    requests.withLock { frames in
      while true {
        if let frame = frames.take() { return Array(frame) }
        guard case .some = frames.read(from: STDIN_FILENO) else { _exit(0) }
      }
    }
  }

  /// Writes a response.
  ///
  /// - Returns: `true` if the response was written, `false` if the other end is closed.
  func respond(_ bytes: [UInt8]) -> Bool { WireFrames.write(bytes, to: STDOUT_FILENO) }
}
