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

@Suite("What a killed scan keeps")
struct ValidateKeptTests {
  private func cache(of command: Command) -> String { command.path("state/cache/reprise/validation.sqlite") }

  /// Returns the number of responses in the cache; 0 while there is none.
  private static func rows(in cache: String) -> Int {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    guard let database = try? DatabaseQueue(path: cache, configuration: configuration) else { return 0 }
    return (try? database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM answers") }) ?? 0
  }

  @Test(
    "a scan that is killed has saved its work: the next one knows it, and prints what one prints that was not",
    .enabled(if: KillPoint.isPossible), .timeLimit(.minutes(1)))
  func killed() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let fault = try await FaultPoint(in: command.directory)
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for index in 0..<300 {
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/\(index + 1000).mp3"))
    }
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/vbr.mp3", toPath: command.path("tree/9-\(FaultPoint.hang).mp3"))
    let whole = try await command.run("validate", "--json", "--deep", "--no-cache", "tree")
    let (process, out, _) = try command.process(
      ["validate", "--json", "--deep", "tree"], environment: fault.environment)
    let victim = Victim()
    Thread { [cache = cache(of: command)] in
      eventuallyOnThread { Self.rows(in: cache) > 0 }
      victim.kill()
    }.start()
    #expect(try await command.finish(process, victim: victim) == 9)
    let kept = Self.rows(in: cache(of: command))
    #expect((1...300).contains(kept))
    #expect(try String(contentsOfFile: out, encoding: .utf8).utf8.count < whole.output.utf8.count)
    let result = try await command.run("validate", "--json", "--deep", "tree")
    #expect(result.output == whole.output)
    let known = try #require(result.messages.firstMatch(of: /, ([0-9]+) of them known from before/)?.1)
    #expect(Int(known) ?? 0 >= kept)
  }

  @Test(
    "a table that replaces another is whole or not there, and what kill -9 leaves beside it goes with the next",
    .enabled(if: KillPoint.isPossible), .timeLimit(.minutes(1)))
  func replaced() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let point = try await KillPoint(in: command.directory)
    try FileManager.default.createDirectory(atPath: command.path("out"), withIntermediateDirectories: true)
    let arguments = ["validate", "--no-cache", Command.fixtures + "/cbr.mp3", "--csv", "out/t.csv", "--force"]
    func leftovers() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: command.path("out")).filter { $0 != "t.csv" }
    }
    func table() throws -> String { try String(contentsOfFile: command.path("out/t.csv"), encoding: .utf8) }
    #expect(try await command.finish(command.process(arguments).0) == 0)
    let whole = try table()
    var wasLeft = false
    for number in 0..<40 {
      let (process, _, _) = try command.process(arguments, environment: point.environment(number))
      let status = try await command.finish(process)
      #expect(try table() == whole)
      let left = try leftovers()
      wasLeft = wasLeft || !left.isEmpty
      // However often: one name, and it is gone once a run came to its end.
      #expect(left.count <= 1)
      if status == 0 { break }
    }
    #expect(wasLeft)
    #expect(try await command.finish(command.process(arguments).0) == 0)
    #expect(try leftovers().isEmpty && table() == whole)
  }
}
