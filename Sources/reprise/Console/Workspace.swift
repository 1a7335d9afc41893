import Foundation
import Platform
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
    let named = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 }
    let parent = named ?? "/tmp"
    var template = Array((parent + "/reprise-XXXXXX").utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return false }
      return unsafe mkdtemp(base) != nil
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard made else {
      let reason = unsafe String(cString: strerror(errno))
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
