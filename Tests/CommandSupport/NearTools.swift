import Foundation
import Testing

/// The programs that the tests below run.
package enum NearTools {
  package static func find(_ tool: String) -> String? {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return directories.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  package static var areThere: Bool { find("fpcalc") != nil && find("ffmpeg") != nil }

  /// Has ffmpeg make a file.
  package static func make(_ name: String, in command: Command, _ arguments: [String]) async throws {
    let process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(filePath: try #require(find("ffmpeg")))
    process.arguments = ["-v", "error", "-nostdin", "-bitexact"] + arguments + ["file:" + command.path(name)]
    #expect(try await command.finish(process) == 0, "\(name)")
  }

  /// Writes a shell script named fpcalc to a directory that the command searches first.
  ///
  /// - Parameters:
  ///   - text: The commands that the script runs before it becomes the real fpcalc; not run if the script is asked for
  ///     its version.
  ///   - command: The command that is to find the script.
  /// - Returns: The environment variables that lead to the script.
  /// - Throws: An error if fpcalc is missing or the script can't be written.
  package static func fault(_ text: String, in command: Command) throws -> [String: String] {
    let script = """
      #!/bin/sh
      if [ "$1" != -version ]; then
      \(text)
      fi
      exec \(try #require(find("fpcalc"))) "$@"
      """
    let directory = command.path(".bin")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data(script.utf8).write(to: URL(filePath: directory + "/fpcalc"))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory + "/fpcalc")
    return ["PATH": directory + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]
  }

  /// Makes files of the same recording, each of other bytes, that have rested.
  package static func fill(_ command: Command, _ names: [String]) async throws {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for (index, name) in names.enumerated() {
      try await make(
        "tree/" + name, in: command,
        ["-i", Command.fixtures + "/recording.mp3", "-t", "20", "-af", "volume=-\(index + 1)dB"])
    }
    let before = Date(timeIntervalSinceNow: -3600)
    for name in names {
      try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: command.path("tree/" + name))
    }
    try await Task.sleep(for: .milliseconds(50))
  }

  /// The numbers of the processes that run with a test's own directory.
  package static func processes(of directory: String, named name: String = "") -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { pid in
      func text(_ name: String) -> Data { (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/\(name)"))) ?? Data() }
      return text("environ").range(of: Data(directory.utf8)) != nil
        && (name.isEmpty || text("comm") == Data((name + "\n").utf8))
    }
  }
}
