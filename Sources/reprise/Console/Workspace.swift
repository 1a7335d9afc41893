import Foundation
import Platform

/// A private folder for what is made on the way.
enum Workspace {
  /// Calls `work` with a new folder, mode 0700, which is removed on every way out.
  static func withFolder<Value>(_ work: (String) async throws -> Value) async throws -> Value {
    var template = Array((NSTemporaryDirectory() + "reprise-XXXXXX").utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return false }
      return unsafe mkdtemp(base) != nil
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard made else { throw FileError(errno: errno, path: NSTemporaryDirectory(), doing: "create") }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await work(path)
  }
}
