import Foundation
import RepriseSystem
import Synchronization

/// A private folder for what is made on the way.
enum Workspace {
  private static let live = Mutex<Set<String>>([])

  /// Removes every folder in use; for the moment before the process ends at once.
  static func removeAll() {
    for path in live.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Calls `work` with a new folder, mode 0700, which is removed on every way out.
  static func withFolder<Value>(_ work: (String) async throws -> Value) async throws -> Value {
    let parent = Folders.temporary()
    let path: String
    do { path = try Folders.makePrivate(prefix: "reprise-", in: parent) } catch {
      let reason = unsafe String(cString: strerror(error.errno))
      throw Trouble(
        .inputOutput,
        "\(parent): no temporary folder can be made there (\(reason)); set TMPDIR to a folder you may write")
    }
    live.withLock { _ = $0.insert(path) }
    defer {
      try? FileManager.default.removeItem(atPath: path)
      live.withLock { _ = $0.remove(path) }
    }
    return try await work(path)
  }
}
