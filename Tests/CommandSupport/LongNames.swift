import Foundation

/// A library of files with long names, for what is shown of a scan.
package enum LongNames {
  package static let long = "a-very-long-name-of-a-file-that-nobody-can-read-at-once-\(FaultPoint.hang)-the-end.mp3"

  /// Files that are done at once, and one that takes the whole time-out.
  package static func fill(_ command: Command) async throws -> FaultPoint {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for index in 0..<20 {
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/\(long.prefix(40))\(index).mp3"))
    }
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/z" + long))
    return try await FaultPoint(in: command.directory)
  }
}
