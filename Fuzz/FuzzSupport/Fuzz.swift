internal import CLibFuzzer

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Function that is run on each input.
///
/// libFuzzer takes a C function without a context, so the closure is kept here; it is set once, before the loop begins.
nonisolated(unsafe) private var body: ([UInt8]) -> Void = { _ in }

/// Runs libFuzzer's loop with the process's own arguments, calling `work` with each input; a trap in it is a find.
public func fuzz(_ work: @escaping ([UInt8]) -> Void) -> Never {
  unsafe body = work
  var count = CommandLine.argc
  var arguments = unsafe CommandLine.unsafeArgv
  let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
    unsafe body([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
  exit(status)
}

/// A file in memory for parsers that take a path, filled anew for each input.
public final class MemoryFile {
  private let descriptor: Int32

  /// Its path, good in this process only.
  public var path: String { "/proc/self/fd/\(descriptor)" }

  /// Makes an empty one.
  public init() {
    descriptor = reprise_memory_file()
    precondition(descriptor >= 0, "no file in memory: fuzzing parsers of files wants Linux")
  }

  /// Makes `bytes` all that is in it.
  public func fill(_ bytes: [UInt8]) {
    precondition(ftruncate(descriptor, 0) == 0)
    guard !bytes.isEmpty else { return }
    precondition(unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) } == bytes.count)
  }

  deinit { close(descriptor) }
}
