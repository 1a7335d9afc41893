internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What a worker reads and writes: requests on stdin, which a thread of its own reads, so that the process ends once
/// whoever asks has gone, whatever is being decoded then; answers on stdout.
package struct WorkerLoop: Sendable {
  private let requests = Monitor<[[UInt8]]>([])

  /// Says who this is and begins to read; nil if nobody listens.
  package init?(greeting: [UInt8]) {
    guard WireFrames.write(greeting, to: STDOUT_FILENO) else { return nil }
    let reader = Thread { [requests] in
      var frames = WireFrames()
      while case .some = frames.read(from: STDIN_FILENO) {
        while let frame = frames.take() { requests.withLock { $0.append(Array(frame)) } }
      }
      _exit(0)
    }
    reader.start()
  }

  /// The next request; blocks.
  package func next() -> [UInt8] {
    while true {
      if let frame = try? requests.wait(check: {}, { $0.isEmpty ? nil : $0.removeFirst() }) { return frame }
    }
  }

  /// Answers.
  ///
  /// - Returns: whether anybody was there to hear it.
  package func answer(_ bytes: [UInt8]) -> Bool { WireFrames.write(bytes, to: STDOUT_FILENO) }
}
