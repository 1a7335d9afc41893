import CommandSupport
import Foundation
import Testing

@Suite("Bad input that the system tells of: a clear sentence, the documented exit code, nothing left behind")
struct BadInputTests {
  @Test("a file that may not be read says so")
  func notPermitted() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let path = command.path("secret.wav")
    try FileManager.default.copyItem(atPath: Command.fixtures + "/plain.wav", toPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: path)
    var arguments = ["inspect", "secret.wav"]
    let (process, _, messages): (Process, String, String)
    if getuid() == 0 {
      // Root may read everything, so the command runs as nobody, from a place that nobody may look into.
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: command.directory)
      let copy = command.path("reprise")
      try FileManager.default.copyItem(atPath: try Command.executable.path, toPath: copy)
      arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", copy] + arguments
      (process, _, messages) = try command.process(arguments)
      process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    } else {
      (process, _, messages) = try command.process(arguments)
    }
    let status = try await command.finish(process)
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(status == 66, "\(text)")
  }

  @Test(
    "a full disk says so and leaves nothing", .enabled("needs a mount of its own") { FullDisk.isPossible },
    arguments: ["prepare", "request", "cover"])
  func diskFull(command name: String) async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let disk = command.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let recording = Command.fixtures + "/recording.mp3"
    let arguments: [String] =
      switch name {
      case "prepare": ["prepare", recording, "--end", "0:20", "--fade-out", "1", "-o", "disk/out.mp3"]
      case "request": ["request", recording, "--prompt", "a quiet acoustic cover", "-o", "disk/out.json"]
      default: ["cover", recording, "--prompt", "a quiet acoustic cover", "-o", "disk/out.mp3"]
      }
    let (process, _, messages) = try command.process([])
    let line = ([try Command.executable.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments =
      FullDisk.unshare + [
        "sh", "-c", "mount -t tmpfs -o size=64k none disk && \(line); status=$?; ls -A disk >left; exit $status",
      ]
    let status = try await command.finish(process)
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(status == 74, "\(text)")
    #expect(text.contains("disk is full") || text.contains("No space left"), "\(text)")
    #expect(try String(contentsOfFile: command.path("left"), encoding: .utf8).isEmpty)
  }

  @Test("stdout that takes no more is an error", .enabled { FileManager.default.fileExists(atPath: "/dev/full") })
  func stdoutFull() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    for arguments in [
      ["inspect", Command.fixtures + "/plain.wav"],
      ["request", Command.fixtures + "/recording.mp3", "--prompt", "a quiet acoustic cover"],
    ] {
      let (process, _, messages) = try command.process(arguments)
      process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
      let status = try await command.finish(process)
      let text = try String(contentsOfFile: messages, encoding: .utf8)
      #expect(status == 74, "\(text)")
    }
  }
}

/// A small disk that is mounted for a test, if the machine allows it.
enum FullDisk {
  /// Root mounts in a namespace of its own; others map themselves to root in it, where the kernel lets them.
  static let unshare = getuid() == 0 ? ["-m"] : ["-rm"]

  static let isPossible: Bool = {
    let process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = unshare + ["sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
