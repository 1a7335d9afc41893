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

@Suite("A scan of names and lists that only a shell can hand over", .enabled(if: KillPoint.isPossible))
struct ValidateHardeningTests {
  private func copy(_ fixture: String, to name: String, in command: Command) throws {
    let path = command.path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Command.fixtures + "/" + fixture, toPath: path)
  }

  /// Runs a line of shell in which `$0` is the command: names that are not UTF-8 can't be handed over otherwise.
  private func run(shell line: String, in command: Command) async throws -> Command.Result {
    let (process, out, messages) = try command.process([])
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line, try Command.executable.path]
    let status = try await command.finish(process)
    return Command.Result(
      status: status, output: try String(contentsOfFile: out, encoding: .utf8),
      messages: try String(contentsOfFile: messages, encoding: .utf8))
  }

  private func verdicts(_ result: Command.Result) throws -> [String] {
    try result.records().dropLast().compactMap { $0["verdict"] as? String }
  }

  @Test("names that look alike and are not UTF-8 are distinguished; what is not there gets no neighbour's verdict")
  func rawNames() async throws {
    let command = try Command(.process)
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

  @Test("a list may come late, and Ctrl-C ends the wait for one", .timeLimit(.minutes(1)))
  func lists() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    let late = try await run(
      shell: #"mkfifo list; (sleep 0.05; printf 'a.mp3\0' > list) & exec "$0" validate --json --files0-from list"#,
      in: command)
    #expect(try verdicts(late) == ["ready"])
    let (process, _, _) = try command.process(["validate", "--files0-from", "list"])
    let victim = Victim()
    let ender = Thread { [list = command.path("list")] in
      eventuallyOnThread { Self.holds(list, victim.pid) }
      victim.interrupt()
    }
    ender.start()
    #expect(try await command.finish(process, victim: victim) == 130)
  }

  /// Returns `true` if a process has a file open.
  private static func holds(_ path: String, _ pid: Int32) -> Bool {
    let directory = "/proc/\(pid)/fd"
    let open = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let name = (path as NSString).lastPathComponent
    return open.contains {
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: directory + "/" + $0)
      return target.map { ($0 as NSString).lastPathComponent } == name
    }
  }

  @Test("a scan writes nothing into the table that another build has begun meanwhile", .timeLimit(.minutes(1)))
  func otherBuild() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try copy("cbr.mp3", to: "a.mp3", in: command)
    #expect(unsafe mkfifo(command.path("list"), 0o600) == 0)
    let (process, out, _) = try command.process(["validate", "--json", "--files0-from", "list"])
    let victim = Victim()
    let other = Thread { [directory = command.directory] in
      // It waits for its list, and has opened its cache.
      eventuallyOnThread { Self.holds(directory + "/list", victim.pid) }
      let database = try? DatabaseQueue(path: directory + "/state/cache/reprise/validation.sqlite")
      try? database?.write { try $0.execute(sql: "UPDATE checker SET name = 'another'") }
      try? Data("a.mp3\0".utf8).write(to: URL(filePath: directory + "/list"))
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
