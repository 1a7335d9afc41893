import CommandSupport
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Preparing a library", .startsProcesses)
struct ValidatePrepareTests {
  @Test("cover takes the manifest: relative outputs in directories that are there")
  func cover() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.copy("garbage-in-front.mp3", to: "music/x/one\nline.mp3")
    try library.copy("garbage-in-front.mp3", to: "music/y/one\nline.mp3")
    #expect(try await library.run("--max-bytes", "46000").status == 0)
    let arguments = [
      "cover", "--manifest", "ready/manifest.csv", "--prompt", "warm acoustic folk, fingerpicked guitar",
    ]
    let shown = try await library.command.run(list: arguments + ["--dry-run"])
    #expect(shown.status == 0, "\(shown.messages)")
    let made = try await library.command.run(list: arguments)
    #expect(made.status == 0, "\(made.messages)")
    for directory in ["x", "y"] {
      let cover = library.command.path("ready/covers/\(directory)/one\nline-cover.mp3")
      #expect(FileManager.default.fileExists(atPath: cover))
    }
  }

  @Test("what was edited is made again; what somebody else put there or changed is left alone unless --force")
  func edits() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.fill()
    try FileManager.default.createDirectory(atPath: library.command.path("ready/b"), withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(filePath: library.command.path("ready/song.mp3")))
    let first = try await library.run()
    #expect(first.status == 74)
    #expect(first.messages.contains("ready/song.mp3 exists and differs from what an earlier run made"))
    #expect(first.messages.contains("3 prepared, 0 already, 1 ready as they are, 2 rejected, 1 failed"))
    #expect(try library.bytes("ready/song.mp3") == Data("mine".utf8))

    try library.copy("plain.wav", to: "music/song.wav")
    try FileManager.default.removeItem(atPath: library.command.path("ready/b/bad%FF.mp3"))
    try Data("changed".utf8).write(to: URL(filePath: library.command.path("ready/b/new\nline.mp3")))
    let second = try await library.run()
    #expect(second.status == 74)
    #expect(second.messages.contains("2 prepared, 0 already, 1 ready as they are, 2 rejected, 2 failed"))
    #expect(try library.bytes("ready/b/new\nline.mp3") == Data("changed".utf8))

    let third = try await library.run("--force")
    #expect(third.status == 1)
    #expect(third.messages.contains("2 prepared, 2 already"))
    try FileManager.default.removeItem(atPath: library.command.path("music/song.wav"))
    let fourth = try await library.run()
    #expect(fourth.messages.contains("1 output of earlier runs without a source in this one"))
    #expect(!String(decoding: try library.bytes("ready/manifest.csv"), as: UTF8.self).contains("song.wav"))

    try Data("path,prompt\n".utf8).write(to: URL(filePath: library.command.path("ready/manifest.csv")))
    let fifth = try await library.run()
    #expect(fifth.status == 74)
    #expect(fifth.messages.contains("manifest.csv: exists and differs from what an earlier run wrote"))
  }

  @Test("a directory of outputs that is a source or holds one is refused; one inside a source is not scanned")
  func directories() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.copy("garbage-in-front.mp3", to: "music/a/x.mp3")
    func run(_ arguments: String...) async throws -> Command.Result {
      try await library.command.run(list: ["validate", "--max-bytes", "46000"] + arguments)
    }
    for directory in ["music", "music/a/..", "."] {
      #expect(try await run("music", "--prepare-to", directory).status == 64)
    }
    #expect(try await run("music", "--fade-in", "1").status == 64)
    #expect(try await run("music", "--prepare-to", "music/a/x.mp3").status == 64)
    for made in [1, 0] {
      let result = try await run("music", "--prepare-to", "music/ready")
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages.contains("what is in it is not scanned"))
      #expect(result.messages.contains("\(made) prepared, \(1 - made) already, 0 ready"))
    }
    // A link in the directory of outputs may lead out of it.
    try FileManager.default.createDirectory(atPath: library.command.path("out"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: library.command.path("else"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: library.command.path("out/a"), withDestinationPath: library.command.path("else"))
    let linked = try await run("music", "--prepare-to", "out")
    #expect(linked.status == 74)
    #expect(try FileManager.default.contentsOfDirectory(atPath: library.command.path("else")).isEmpty)
  }

  @Test(
    "several roots keep their names, lists their paths, no name is too long, and cover takes one that begins with -")
  func names() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    let long = String(repeating: "é", count: 125)
    for name in ["one/music/x.mp3", "two/music/x.mp3", "-v.mp3", "listed/\(long).mp3"] {
      try library.copy("garbage-in-front.mp3", to: name)
    }
    try Data("./listed/../listed/\(long).mp3\0".utf8).write(to: URL(filePath: library.command.path("list")))
    let result = try await library.command.run(list: [
      "validate", "--max-bytes", "46000", "one/music", "two/music", "--files0-from", "list", "--prepare-to", "ready",
      "--", "-v.mp3",
    ])
    #expect(result.status == 0, "\(result.messages)")
    let outputs = try library.stamps(of: "ready").keys.filter { $0.hasSuffix(".mp3") }.sorted()
    #expect(outputs.count == 4)
    #expect(outputs.prefix(1) == ["-v.mp3"])
    #expect(outputs.suffix(2) == ["music-2/x.mp3", "music/x.mp3"])
    #expect(outputs[1].hasPrefix("listed/éé") && outputs[1].utf8.count < 255)
    // From the directory itself, where nothing stands before the name.
    let shown = try await library.command.run(
      list: [
        "cover", "--manifest", "manifest.csv", "--prompt", "warm acoustic folk, fingerpicked guitar", "--dry-run",
      ],
      in: "ready")
    #expect(shown.status == 0, "\(shown.messages)")
    #expect(shown.output.contains("-v.mp3"))
  }
}
