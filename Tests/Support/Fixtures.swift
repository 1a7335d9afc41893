import Foundation

/// The path of a file in Fixtures.
package func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures").appendingPathComponent(name).path
}

/// All bytes of a file.
package func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// Bytes that hold every value and repeat nowhere soon; the same every time.
package func noise(_ count: Int) -> [UInt8] {
  var random = Seeded(1)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}
