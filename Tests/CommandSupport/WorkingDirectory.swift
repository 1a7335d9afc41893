import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The process's working directory, which commands that run in it need as relative paths do: those of one directory run
/// at the same time, others wait.
actor WorkingDirectory {
  static let shared = WorkingDirectory()

  struct NoDirectory: Error { let path: String }

  private var location: String?
  private var users = 0
  private var home = ""
  private var waiting: [CheckedContinuation<Void, Never>] = []

  private init() {
    // A reader that goes away is an error from write(), as in the program.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Calls `work` while the process is in a directory.
  ///
  /// - Returns: what `work` returns.
  nonisolated func inside<Value: Sendable>(_ path: String, _ work: @Sendable () async -> Value) async throws -> Value {
    try await enter(path)
    let value = await work()
    await leave()
    return value
  }

  private func enter(_ path: String) async throws {
    while let location, location != path { await withCheckedContinuation { waiting.append($0) } }
    if location == nil {
      home = FileManager.default.currentDirectoryPath
      guard unsafe chdir(path) == 0 else { throw NoDirectory(path: path) }
      location = path
    }
    users += 1
  }

  private func leave() {
    users -= 1
    guard users == 0 else { return }
    location = nil
    _ = unsafe chdir(home)
    let next = waiting
    waiting = []
    for continuation in next { continuation.resume() }
  }
}
