internal import CoverService
internal import Foundation
internal import Platform

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The private folder (mode 0700) that holds references and results while the service runs.
struct WorkFolder: Sendable {
  let path: String

  /// Makes a new folder inside `parent`.
  ///
  /// - Throws: `FileError`.
  init(in parent: String?) throws {
    let base = parent ?? NSTemporaryDirectory()
    let template = (base as NSString).appendingPathComponent("reprise-serve.XXXXXX")
    var bytes = Array(template.utf8CString)
    let made = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let start = buffer.baseAddress else { return false }
      return unsafe mkdtemp(start) != nil
    }
    guard made else { throw FileError(errno: errno, path: template, doing: "create") }
    path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A path for a new reference.
  func newReference() -> String { path + "/reference-" + GenerationID.token(21) }

  /// Where a generation's result is.
  func result(_ record: GenerationRecord) -> String {
    // The id's colon is no trouble to a file system here, but its model may come from a configuration.
    path + "/result-" + record.signature + "." + record.submission.setting.format.rawValue
  }

  /// Removes a file that may not be there.
  func remove(_ file: String) { unsafe unlink(file) }

  /// Removes the folder with all it holds.
  func removeAll() { try? FileManager.default.removeItem(atPath: path) }
}
