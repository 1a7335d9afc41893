import Foundation
import GRDB
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("What reprise validate keeps of a scan")
struct ValidateKeptTests {
  private func cache(of command: BuiltCommand) -> String { command.path("state/cache/reprise/validation.sqlite") }

  /// How many answers are in the cache; 0 while there is none.
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
    let command = try BuiltCommand()
    defer { command.clean() }
    let fault = try await FaultPoint(in: command.folder)
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for index in 0..<300 {
      try FileManager.default.copyItem(
        atPath: BuiltCommand.fixtures + "/cbr.mp3", toPath: command.path("tree/\(index + 1000).mp3"))
    }
    try FileManager.default.copyItem(
      atPath: BuiltCommand.fixtures + "/vbr.mp3", toPath: command.path("tree/9-\(FaultPoint.hang).mp3"))
    let whole = try await command.run("validate", "--json", "--deep", "--no-cache", "tree")
    let (process, out, _) = try command.process(
      ["validate", "--json", "--deep", "tree"], environment: fault.environment)
    let victim = Victim()
    Thread { [cache = cache(of: command)] in
      while Self.rows(in: cache) == 0 { usleep(2000) }
      victim.kill()
    }.start()
    #expect(try await command.finish(process, victim: victim) == 9)
    let kept = Self.rows(in: cache(of: command))
    #expect((1...300).contains(kept))
    #expect(try String(contentsOfFile: out, encoding: .utf8).utf8.count < whole.output.utf8.count)
    let result = try await command.run("validate", "--json", "--deep", "tree")
    #expect(result.output == whole.output)
    let known = try #require(result.words.firstMatch(of: /, ([0-9]+) of them known from before/)?.1)
    #expect(Int(known) ?? 0 >= kept)
  }

  @Test("--deep sees an edit in the middle that no stamp tells, where a quick scan can't")
  func content() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let path = command.path("a.flac")
    // So long that the middle is in neither end that is compared.
    let recorded = try Data(contentsOf: URL(filePath: BuiltCommand.fixtures + "/recording.mp3"))
    try recorded.write(to: URL(filePath: path))
    #expect(recorded.count > 300_000)
    let before = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: path)
    try await Task.sleep(for: .milliseconds(100))
    let first = try await command.run("validate", "--json", "--deep", "a.flac")
    let again = try await command.run("validate", "--json", "--deep", "a.flac")
    #expect(again.words.contains("known") && again.output == first.output)
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: 150_000)
    try file.write(contentsOf: Data(repeating: 0, count: 3000))
    try file.close()
    try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: path)
    // As a file system does that keeps no time of change, or a coarse one: the stamp is what it was.
    var status = stat()
    #expect(unsafe stat(path, &status) == 0)
    #if canImport(Glibc)
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #else
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #endif
    let database = try DatabaseQueue(path: cache(of: command))
    try await database.write { database in
      try database.execute(
        sql: "UPDATE answers SET modified = ?, changed = ?",
        arguments: [modified, changed].map { Int64($0.tv_sec) * 1_000_000_000 + Int64($0.tv_nsec) }.reduce(into: []) {
          $0 += [$1]
        })
    }
    try database.close()
    let quick = try await command.run("validate", "--json", "a.flac")
    #expect(quick.words.contains("known") && quick.output == first.output)
    let deep = try await command.run("validate", "--json", "--deep", "a.flac")
    #expect(!deep.words.contains("known") && deep.output != first.output)
    #expect(try await command.run("validate", "--json", "--deep", "--no-cache", "a.flac").output == deep.output)
  }

  @Test(
    "a table that replaces another is whole or not there, and what kill -9 leaves beside it goes with the next",
    .enabled(if: KillPoint.isPossible), .timeLimit(.minutes(1)))
  func replaced() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let point = try await KillPoint(in: command.folder)
    try FileManager.default.createDirectory(atPath: command.path("out"), withIntermediateDirectories: true)
    let arguments = ["validate", "--no-cache", BuiltCommand.fixtures + "/cbr.mp3", "--csv", "out/t.csv", "--force"]
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
