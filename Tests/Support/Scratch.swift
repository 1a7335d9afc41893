public import Foundation

/// A folder for one test, removed when the test is over.
public final class Scratch {
  /// Where it is.
  public let folder: URL

  /// Makes an empty one.
  public init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("reprise-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A path inside the folder; nothing is created.
  public func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// A file with these bytes.
  public func file(_ name: String, _ bytes: [UInt8] = []) throws -> String {
    let path = path(name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The names in the folder, hidden ones too.
  public func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
}

/// The path of a file in Fixtures.
public func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures").appendingPathComponent(name).path
}

/// All bytes of a file.
public func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
