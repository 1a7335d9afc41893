package import Foundation

/// A directory for one test, removed when the test is over.
package final class Scratch: Sendable {
  /// The path of the directory.
  package let directory: URL

  /// Makes an empty one.
  package init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  /// An empty one, where no error can be thrown.
  package static func made() -> Scratch {
    do { return try Scratch() } catch { fatalError("no directory for temporary files: \(error)") }
  }

  deinit { remove() }

  /// Its path.
  package var root: String { directory.path }

  /// A path inside the directory; nothing is created.
  package func path(_ name: String) -> String { root + "/" + name }

  /// A file with these bytes.
  package func file(_ name: String, _ bytes: [UInt8] = []) throws -> String {
    let path = path(name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The names in the directory, hidden ones too.
  package func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: root).sorted() }

  /// Removes the directory now.
  package func remove() { try? FileManager.default.removeItem(at: directory) }
}
