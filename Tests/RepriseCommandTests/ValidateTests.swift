import CommandSupport
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Validating a library", .startsProcesses)
struct ValidateTests {
  /// Puts a fixture where a test wants it.
  private func copy(_ fixture: String, to name: String, in command: Command) throws {
    let path = command.path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Command.fixtures + "/" + fixture, toPath: path)
    // Copies keep their times; what was changed a moment ago is not kept in the cache.
    let before = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: path)
  }

  @Test("prints what inspect prints, in the order of paths, and a summary that counts it")
  func likeInspect() async throws {
    let command = try Command()
    defer { command.clean() }
    let checked = try await command.run("validate", "--json", Command.fixtures)
    let inspected = try await command.run("inspect", "--json", Command.fixtures)
    let lines = checked.output.split(separator: "\n")
    #expect(lines.dropLast() == inspected.output.split(separator: "\n")[...])
    let records = try checked.records()
    let summary = try #require(records.last)
    #expect(summary["schema"] as? String == "reprise.summary.v1")
    // What lies beside the audio is counted and not listed.
    let others = try #require(summary["other"] as? Int)
    #expect(others >= 1 && summary["files"] as? Int == records.count - 1 + others)
    for verdict in ["ready", "preparable", "rejected"] {
      #expect(summary[verdict] as? Int == records.dropLast().count { $0["verdict"] as? String == verdict })
    }
    #expect(summary["bytes"] as? Int == records.dropLast().reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) })
    #expect(checked.status == 1)

    let again = try await command.run("validate", "--json", Command.fixtures)
    #expect(again.output == checked.output)
    #expect(again.messages.contains("known from before"))
    let anew = try await command.run("validate", "--json", "--no-cache", "--jobs", "3", Command.fixtures)
    #expect(anew.output == checked.output)
    #expect(!anew.messages.contains("known from before"))
  }

  @Test("takes any name, leaves out what is hidden or no file, and comes back from circles")
  func oddNames() async throws {
    let command = try Command()
    defer { command.clean() }
    let long = String(repeating: "l", count: 251) + ".mp3"
    let names = ["new\nline.mp3", "\u{E9}.mp3", "e\u{301}.mp3", long, "deep/er/x.mp3"]
    for name in names + [".hidden.mp3", ".directory/y.mp3"] { try copy("cbr.mp3", to: "tree/" + name, in: command) }
    let bytes = try Data(contentsOf: URL(filePath: Command.fixtures + "/cbr.mp3"))
    let raw = Array((command.path("tree/") + "bad").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    let descriptor = unsafe open(raw, O_WRONLY | O_CREAT, 0o644)
    #expect(descriptor >= 0)
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: bytes)
    #expect(unsafe mkfifo(command.path("tree/pipe.mp3"), 0o644) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: command.path("tree/deep/circle"), withDestinationPath: command.path("tree"))

    let result = try await command.run("validate", "--json", "tree")
    let records = try result.records()
    let found = records.dropLast().compactMap { $0["path"] as? String }
    #expect(Set(found.map { Array($0.utf8) }) == Set((names + ["bad\u{FFFD}"]).map { Array("tree/\($0)".utf8) }))
    #expect(found.count == names.count + 1)
    for record in records.dropLast() { #expect(record["verdict"] as? String == "ready", "\(record)") }
    #expect(records.last?["special"] as? Int == 1)
    #expect(result.status == 0)

    // What is named is looked at, even if it is hidden; a pipe is refused without being opened.
    let named = try await command.run("validate", "--json", "tree/.hidden.mp3", "tree/pipe.mp3", "gone.mp3")
    #expect(try named.records().dropLast().map { $0["verdict"] as? String } == ["rejected", "ready", "rejected"])
    #expect(named.status == 66)
    #expect(try await command.run("validate", "tree/deep/er").status == 0)
    #expect(try await command.run("validate", "tree", "--include", "*.wav").status == 66)
  }

  @Test("takes lists as find -print0 writes them, each file once and in order")
  func lists() async throws {
    let command = try Command()
    defer { command.clean() }
    for name in ["b.mp3", "a.mp3", "directory/c.mp3", "directory/d.mp3"] { try copy("cbr.mp3", to: name, in: command) }
    let list = "b.mp3\0directory\0a.mp3\0b.mp3\0directory/d.mp3"
    try Data(list.utf8).write(to: URL(filePath: command.path("list")))
    let result = try await command.run("validate", "--json", "--files0-from", "list", "a.mp3")
    let paths = try result.records().dropLast().compactMap { $0["path"] as? String }
    #expect(paths == ["a.mp3", "b.mp3", "directory/c.mp3", "directory/d.mp3"])
    #expect(result.status == 0)
    let none = try await command.run("validate", "--files0-from", "no-list")
    #expect(none.status == 66)
    try Data(repeating: UInt8(ascii: "\n"), count: 100_000).write(to: URL(filePath: command.path("list")))
    #expect(try await command.run("validate", "--files0-from", "list").status == 64)
  }

  @Test("finds the same audio whatever the tags, and takes two names of one file for one")
  func duplicates() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    try copy("id3v1.mp3", to: "b.mp3", in: command)
    try copy("vbr.mp3", to: "c.mp3", in: command)
    try copy("plain.flac", to: "d.flac", in: command)
    try FileManager.default.linkItem(atPath: command.path("d.flac"), toPath: command.path("e.flac"))
    for _ in 1...2 {
      let records = try await command.run("validate", "--json", "a.mp3", "b.mp3", "c.mp3", "d.flac", "e.flac").records()
      #expect(records.last?["duplicates"] as? [[String]] == [["a.mp3", "b.mp3"]])
    }
    let table = try await command.run("validate", "a.mp3", "b.mp3")
    #expect(table.output.contains("same audio (2 files, 1 recording):\n  a.mp3\n    = b.mp3\n"))
    #expect(table.output.contains("2 files"))
  }

  @Test("an edit that puts size and time back is seen")
  func secretEdit() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    try await Task.sleep(for: .milliseconds(50))
    let before = try await command.run("validate", "--json", "a.mp3")
    #expect(try await command.run("validate", "--json", "a.mp3").messages.contains("known"))
    let path = command.path("a.mp3")
    let modified = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: 12_000)
    try file.write(contentsOf: Data(repeating: 0, count: 4000))
    try file.close()
    try FileManager.default.setAttributes([.modificationDate: try #require(modified)], ofItemAtPath: path)
    let after = try await command.run("validate", "--json", "a.mp3")
    #expect(before.status == 0 && after.status == 1)
    #expect(try after.records().first?["verdict"] as? String == "rejected")
  }

  @Test("what was decoded answers questions about the structure, and not the other way")
  func depth() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    try await Task.sleep(for: .milliseconds(50))
    #expect(try await !command.run("validate", "a.mp3").messages.contains("known"))
    #expect(try await !command.run("validate", "--deep", "a.mp3").messages.contains("known"))
    #expect(try await command.run("validate", "--deep", "a.mp3").messages.contains("known"))
    let quick = try await command.run("validate", "--json", "a.mp3")
    #expect(quick.messages.contains("known"))
    let integrity = try #require(try quick.records().first?["integrity"] as? [String: Any])
    #expect(integrity["checked"] as? String == "full")
    // Other limits are another question, and what is forgotten is looked at again.
    #expect(try await !command.run("validate", "--min-seconds", "7", "a.mp3").messages.contains("known"))
    #expect(try await command.run("cache", "clear").status == 0)
    #expect(try await !command.run("validate", "a.mp3").messages.contains("known"))
  }

  @Test("a cache that is no cache is done without, and cleared")
  func brokenCache() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    let directory = command.path("state/cache/reprise")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data(repeating: 65, count: 10_000).write(to: URL(filePath: directory + "/validation.sqlite"))
    let result = try await command.run("validate", "--json", "a.mp3")
    #expect(result.status == 0 && result.messages.contains("cache can't be used"))
    #expect(try result.records().count == 2)
    #expect(try await command.run("cache", "clear").status == 0)
    #expect(try await !command.run("validate", "a.mp3").messages.contains("can't be used"))
  }
}
