import CommandSupport
import Foundation
import GRDB
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Validating what is meant to break it", .enabled(if: KillPoint.isPossible), .startsProcesses)
struct ValidateHardeningTests {
  private func copy(_ fixture: String, to name: String, in command: Command) throws {
    let path = command.path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Command.fixtures + "/" + fixture, toPath: path)
  }

  private func verdicts(_ result: Command.Result) throws -> [String] {
    try result.records().dropLast().compactMap { $0["verdict"] as? String }
  }

  @Test(
    "no report takes the place of a source, named, found or listed, by whatever name",
    arguments: [
      ["--csv", "tree/a.mp3", "tree"], ["--report", "tree/a.mp3", "tree"], ["--csv", "tree/../link.mp3", "tree"],
      ["--report", "tree/a.mp3", "tree/a.mp3"], ["--csv", "list", "--files0-from", "list"],
    ])
  func sources(_ arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "tree/a.mp3", in: command)
    try FileManager.default.linkItem(atPath: command.path("tree/a.mp3"), toPath: command.path("link.mp3"))
    try Data("tree/a.mp3\0".utf8).write(to: URL(filePath: command.path("list")))
    let before = try [arguments[1], "tree/a.mp3"].map { try Data(contentsOf: URL(filePath: command.path($0))) }
    let files = try command.files()
    let result = try await command.run(list: ["validate", "--force"] + arguments)
    #expect(result.status == 64)
    #expect(result.messages.contains("never changed"))
    #expect(try [arguments[1], "tree/a.mp3"].map { try Data(contentsOf: URL(filePath: command.path($0))) } == before)
    #expect(try command.files() == files)
  }

  @Test("reports in the library itself are renewed, and both in one file are refused")
  func ownReports() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "tree/a.mp3", in: command)
    for _ in 1...2 {
      let result = try await command.run(
        "validate", "--all", "--force", "--csv", "tree/r.csv", "--report", "tree/r.html", "tree")
      #expect([0, 1].contains(result.status), "\(result.messages)")
    }
    let table = try String(contentsOfFile: command.path("tree/r.csv"), encoding: .utf8)
    #expect(table.contains("tree/r.html"))
    for other in ["tree/new", "tree/../tree/new"] {
      let result = try await command.run("validate", "--csv", "tree/new", "--report", other, "tree")
      #expect(result.status == 64)
      #expect(!FileManager.default.fileExists(atPath: command.path("tree/new")))
    }
  }

  @Test("paths longer than the system takes cost themselves, however many there are")
  func longPaths() async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    let long = (10..<40).map { "\($0)/" + String(repeating: "l/", count: 10_000) }
    try Data((long + ["a.mp3"]).joined(separator: "\0").utf8).write(to: URL(filePath: command.path("list")))
    let result = try await command.run("validate", "--json", "--files0-from", "list")
    #expect(try verdicts(result) == Array(repeating: "rejected", count: 30) + ["ready"])
    #expect(result.status == 74)
  }

  @Test("files that take too long to read are left out of the groups, and counted")
  func endlessCopies() async throws {
    let command = try Command()
    defer { command.clean() }
    // Four gigabytes that take no room on the disk.
    let size: UInt32 = 0xFFFF_0000
    func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    let header =
      Array("RIFF".utf8) + bytes(size + 36) + Array("WAVEfmt ".utf8) + bytes(16) + [1, 0, 2, 0] + bytes(44_100)
      + bytes(176_400) + [4, 0, 16, 0] + Array("data".utf8) + bytes(size)
    for name in ["one.wav", "two.wav"] {
      try Data(header).write(to: URL(filePath: command.path(name)))
      let file = try FileHandle(forWritingTo: URL(filePath: command.path(name)))
      try file.truncate(atOffset: UInt64(size) + 44)
      try file.close()
    }
    let result = try await command.run("validate", "--json", "--timeout", "1", "one.wav", "two.wav")
    #expect(result.messages.contains("2 of the files were not compared for the same audio"), "\(result.messages)")
    #expect(try (result.records().last?["duplicates"] as? [Any])?.isEmpty == true)
  }

  @Test("workers killed before they could begin are started anew, yet not for ever", arguments: [2, 3])
  func stillbornWorkers(_ count: Int) async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    let library = command.path("state/stillborn.so")
    try FileManager.default.createDirectory(atPath: command.path("state"), withIntermediateDirectories: true)
    // Each mark that a worker can make costs one.
    let source = """
      #include <signal.h>
      #include <stdio.h>
      #include <string.h>
      #include <sys/stat.h>
      __attribute__((constructor)) static void begin(void) {
        char line[4096] = {0};
        FILE *file = fopen("/proc/self/cmdline", "r");
        if (!file) return;
        size_t length = fread(line, 1, sizeof line - 1, file);
        fclose(file);
        for (size_t i = 0; i < length; i++) if (!line[i]) line[i] = ' ';
        if (!strstr(line, "validate-worker")) return;
        for (int i = 0; i < \(count); i++) {
          char name[64];
          snprintf(name, sizeof name, "state/mark-%d", i);
          if (!mkdir(name, 0700)) raise(SIGKILL);
        }
      }
      """
    try await KillPoint.compile(source, to: library)
    let result = try await command.run(
      "validate", "--json", "--jobs", "1", "a.mp3", environment: ["LD_PRELOAD": library])
    if count < 3 {
      #expect(try verdicts(result) == ["ready"])
    } else {
      #expect(result.messages.contains("3 checkers in a row ended before they could begin (signal 9)"))
      #expect(result.status != 0)
    }
  }

  @Test(
    "a cache with nonsense in it, or of another build by now, is as good as none",
    arguments: [
      "UPDATE answers SET depth = 'deep'", "UPDATE answers SET answer = 7", "UPDATE answers SET size = 'x', ends = 5",
      "UPDATE answers SET modified = x'00', changed = 1e300", "UPDATE answers SET audio = 0.5, ends = 7",
      "UPDATE checker SET name = x'ff'", "DELETE FROM checker", "UPDATE answers SET answer = substr(answer, 1, 60)",
      "UPDATE answers SET answer = x'ffffffffffffff7f'",
    ])
  func hostileCache(_ change: String) async throws {
    let command = try Command()
    defer { command.clean() }
    try copy("cbr.mp3", to: "tree/a.mp3", in: command)
    try copy("cbr.mp3", to: "tree/b.mp3", in: command)
    // What changed a moment before it is looked at is not kept.
    usleep(50_000)
    let first = try await command.run("validate", "--json", "tree")
    var configuration = Configuration()
    // The run before is in this process, and may still be closing the cache.
    configuration.busyMode = .timeout(60)
    let path = command.path("state/cache/reprise/validation.sqlite")
    let database = try DatabaseQueue(path: path, configuration: configuration)
    let kept = try await database.write { database in
      let kept = try Int.fetchOne(database, sql: "SELECT count(audio) FROM answers")
      try database.execute(sql: change)
      return kept
    }
    #expect(kept == 2)
    try database.close()
    let result = try await command.run("validate", "--json", "tree")
    #expect(result.output == first.output, "\(result.messages)")
    #expect(result.status == first.status)
  }
}
