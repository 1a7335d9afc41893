package import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small library of a test's own, and `validate --prepare-to` run on it.
package struct PreparedLibrary {
  package let command: Command

  /// An empty one.
  package init(_ location: Command.Location = .here) throws { command = try Command(location) }

  /// Puts a fixture where a test wants it; it is old enough to be believed.
  package func copy(_ fixture: String, to name: String) throws {
    let path = command.path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: Command.fixtures + "/" + fixture, toPath: path)
  }

  /// Two files of one name, one ready, one rejected, and names that are hard to write.
  package func fill() throws {
    for (fixture, name) in [
      ("plain.wav", "song.wav"), ("plain.flac", "song.flac"), ("vbr.mp3", "a/deep/talk.mp3"),
      ("too-short.mp3", "a/short.mp3"), ("text.mp3", "a/text.mp3"), ("garbage-in-front.mp3", "b/new\nline.mp3"),
    ] { try copy(fixture, to: "music/" + name) }
    try Data(contentsOf: URL(filePath: Command.fixtures + "/cbr.mp3")).write(
      to: URL(filePath: command.path("music/b/raw")))
    let raw = Array((command.path("music/b/bad")).utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    _ = unsafe rename(command.path("music/b/raw"), raw)
  }

  package func run(_ arguments: String...) async throws -> Command.Result {
    // What changed a moment before it was read is made again by the next run.
    try await Task.sleep(for: .milliseconds(50))
    return try await command.run(list: self.arguments + arguments)
  }

  package let arguments = ["validate", "music", "--prepare-to", "ready", "--max-bytes", "30000"]

  package func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: command.path(name))) }

  /// Inode, size and time of every file below a directory.
  package func stamps(of directory: String) throws -> [String: String] {
    let root = command.path(directory)
    var result: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      var status = stat()
      guard unsafe lstat(root + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      result[name] = "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
    return result
  }

  /// The bytes of everything that was made, the record apart.
  package func made(in directory: String = "ready") throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in try stamps(of: directory).keys where !name.hasPrefix(".reprise/") {
      result[name] = try bytes(directory + "/" + name)
    }
    return result
  }
}

extension PreparedLibrary {
  /// Returns the environment variables by which marked files crash or hang the workers that prepare, and no others.
  package func fault() async throws -> [String: String] {
    try await FaultPoint(in: command.directory, only: "prepare-worker").environment
  }

  /// Returns `true` if the directory holds only those of Reprise's own files that remain when no run is under way.
  package func isTidy(_ directory: String) throws -> Bool {
    let own = try FileManager.default.contentsOfDirectory(atPath: command.path(directory + "/.reprise"))
    let parts = try FileManager.default.subpathsOfDirectory(atPath: command.path(directory)).filter {
      $0.hasSuffix(".part")
    }
    return Set(own) == ["lock", "prepared.sqlite"] && parts.isEmpty
  }
}
