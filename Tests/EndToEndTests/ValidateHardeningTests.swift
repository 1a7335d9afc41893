import Foundation
import GRDB
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("reprise validate, with what is meant to break it", .enabled(if: KillPoint.isPossible))
struct ValidateHardeningTests {
  private func copy(_ fixture: String, to name: String, in command: BuiltCommand) throws {
    let path = command.path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: BuiltCommand.fixtures + "/" + fixture, toPath: path)
  }

  /// Runs a line of shell in which `$0` is the command: names that are not UTF-8 can't be handed over otherwise.
  private func run(shell line: String, in command: BuiltCommand) async throws -> BuiltCommand.Result {
    let (process, out, words) = try command.process([])
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line, try BuiltCommand.executable.path]
    let status = try await command.finish(process)
    return BuiltCommand.Result(
      status: status, output: try String(contentsOfFile: out, encoding: .utf8),
      words: try String(contentsOfFile: words, encoding: .utf8))
  }

  private func verdicts(_ result: BuiltCommand.Result) throws -> [String] {
    try result.records().dropLast().compactMap { $0["verdict"] as? String }
  }

  @Test(
    "no report takes the place of a source, named, found or listed, by whatever name",
    arguments: [
      ["--csv", "tree/a.mp3", "tree"], ["--report", "tree/a.mp3", "tree"], ["--csv", "tree/../link.mp3", "tree"],
      ["--report", "tree/a.mp3", "tree/a.mp3"], ["--csv", "list", "--files0-from", "list"],
    ])
  func sources(_ arguments: [String]) async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "tree/a.mp3", in: command)
    try FileManager.default.linkItem(atPath: command.path("tree/a.mp3"), toPath: command.path("link.mp3"))
    try Data("tree/a.mp3\0".utf8).write(to: URL(filePath: command.path("list")))
    let before = try [arguments[1], "tree/a.mp3"].map { try Data(contentsOf: URL(filePath: command.path($0))) }
    let files = try command.files()
    let (process, _, words) = try command.process(["validate", "--force"] + arguments)
    #expect(try await command.finish(process) == 64)
    #expect(try String(contentsOfFile: words, encoding: .utf8).contains("never changed"))
    #expect(try [arguments[1], "tree/a.mp3"].map { try Data(contentsOf: URL(filePath: command.path($0))) } == before)
    #expect(try command.files() == files)
  }

  @Test("reports in the library itself are renewed, and both in one file are refused")
  func ownReports() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "tree/a.mp3", in: command)
    for _ in 1...2 {
      let result = try await command.run(
        "validate", "--all", "--force", "--csv", "tree/r.csv", "--report", "tree/r.html", "tree")
      #expect([0, 1].contains(result.status), "\(result.words)")
    }
    let table = try String(contentsOfFile: command.path("tree/r.csv"), encoding: .utf8)
    #expect(table.contains("tree/r.html"))
    for other in ["tree/new", "tree/../tree/new"] {
      let result = try await command.run("validate", "--csv", "tree/new", "--report", other, "tree")
      #expect(result.status == 64)
      #expect(!FileManager.default.fileExists(atPath: command.path("tree/new")))
    }
  }

  @Test("names that look alike and are not UTF-8 are told apart; what is not there gets no neighbour's verdict")
  func rawNames() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "good.mp3", in: command)
    try copy("text.mp3", to: "bad.mp3", in: command)
    let alike = try await run(
      shell: """
        a=$(printf 'a\\376.mp3'); b=$(printf 'a\\377.mp3'); cp bad.mp3 "$a"; cp good.mp3 "$b"
        exec "$0" validate --json --no-cache "$b" "$a"
        """, in: command)
    #expect(try verdicts(alike) == ["rejected", "ready"])
    let missing = try await run(
      shell: """
        cp good.mp3 "$(printf 'x\\357\\277\\275.mp3')"; exec "$0" validate --json --no-cache "$(printf 'x\\377.mp3')"
        """, in: command)
    #expect(try verdicts(missing) == ["rejected"])
    #expect(missing.output.contains("no such file"))
    #expect(missing.status == 66)
  }

  @Test("paths longer than the system takes cost themselves, however many there are", .timeLimit(.minutes(1)))
  func longPaths() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    let long = (10..<40).map { "\($0)/" + String(repeating: "l/", count: 10_000) }
    try Data((long + ["a.mp3"]).joined(separator: "\0").utf8).write(to: URL(filePath: command.path("list")))
    let result = try await command.run("validate", "--json", "--files0-from", "list")
    #expect(try verdicts(result) == Array(repeating: "rejected", count: 30) + ["ready"])
    #expect(result.status == 74)
  }

  @Test("a list may come late, and Ctrl-C ends the wait for one", .timeLimit(.minutes(1)))
  func lists() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    let late = try await run(
      shell: #"mkfifo list; (sleep 0.3; printf 'a.mp3\0' > list) & exec "$0" validate --json --files0-from list"#,
      in: command)
    #expect(try verdicts(late) == ["ready"])
    let (process, _, _) = try command.process(["validate", "--files0-from", "list"])
    let victim = Victim()
    let ender = Thread { [list = command.path("list")] in
      while !Self.holds(list, victim.pid) { usleep(1000) }
      victim.interrupt()
    }
    ender.start()
    #expect(try await command.finish(process, victim: victim) == 130)
  }

  /// Whether a process has a file open.
  private static func holds(_ path: String, _ pid: Int32) -> Bool {
    let folder = "/proc/\(pid)/fd"
    let open = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let name = (path as NSString).lastPathComponent
    return open.contains {
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0)
      return target.map { ($0 as NSString).lastPathComponent } == name
    }
  }

  @Test("files that take too long to read are left out of the groups, and counted", .timeLimit(.minutes(2)))
  func endlessTwins() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    // Four gigabytes that take no room on the disk.
    let size: UInt32 = 0xFFFF_FF00
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
    #expect(result.words.contains("2 of the files were not looked at for the same audio"), "\(result.words)")
    #expect(try (result.records().last?["duplicates"] as? [Any])?.isEmpty == true)
  }

  @Test("workers killed before they could begin are started anew, yet not for ever", arguments: [2, 3])
  func stillbornWorkers(_ count: Int) async throws {
    let command = try BuiltCommand()
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
      #expect(result.words.contains("3 checkers in a row ended before they could begin (signal 9)"))
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
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "tree/a.mp3", in: command)
    try copy("cbr.mp3", to: "tree/b.mp3", in: command)
    // What changed a moment before it is looked at is not kept.
    usleep(50_000)
    let first = try await command.run("validate", "--json", "tree")
    let database = try DatabaseQueue(path: command.path("state/cache/reprise/validation.sqlite"))
    let kept = try await database.write { database in
      let kept = try Int.fetchOne(database, sql: "SELECT count(audio) FROM answers")
      try database.execute(sql: change)
      return kept
    }
    #expect(kept == 2)
    try database.close()
    let result = try await command.run("validate", "--json", "tree")
    #expect(result.output == first.output, "\(result.words)")
    #expect(result.status == first.status)
  }

  @Test("a scan writes nothing into the table that another build has begun meanwhile", .timeLimit(.minutes(1)))
  func otherBuild() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    #expect(unsafe mkfifo(command.path("list"), 0o600) == 0)
    let (process, out, _) = try command.process(["validate", "--json", "--files0-from", "list"])
    let victim = Victim()
    let other = Thread { [folder = command.folder] in
      // It waits for its list, and has opened its cache.
      while !Self.holds(folder + "/list", victim.pid) { usleep(1000) }
      let database = try? DatabaseQueue(path: folder + "/state/cache/reprise/validation.sqlite")
      try? database?.write { try $0.execute(sql: "UPDATE checker SET name = 'another'") }
      try? Data("a.mp3\0".utf8).write(to: URL(filePath: folder + "/list"))
    }
    other.start()
    _ = try await command.finish(process, victim: victim)
    #expect(try String(contentsOfFile: out, encoding: .utf8).contains("reprise.summary.v1"))
    let database = try DatabaseQueue(path: command.path("state/cache/reprise/validation.sqlite"))
    let found = try await database.read { database in
      (
        try String.fetchOne(database, sql: "SELECT name FROM checker"),
        try Int.fetchOne(database, sql: "SELECT count(*) FROM answers")
      )
    }
    #expect(found.0 == "another")
    #expect(found.1 == 0)
  }
}
