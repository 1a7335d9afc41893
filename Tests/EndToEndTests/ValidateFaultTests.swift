import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("reprise validate, whatever goes wrong", .enabled(if: KillPoint.isPossible))
struct ValidateFaultTests {
  private func fill(_ command: BuiltCommand, count: Int, with fixtures: [String]) throws {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for index in 0..<count {
      let fixture = fixtures[index % fixtures.count]
      try FileManager.default.copyItem(
        atPath: BuiltCommand.fixtures + "/" + fixture, toPath: command.path("tree/\(index + 1000)-\(fixture)"))
    }
  }

  @Test("a file that crashes its checker and one that hangs cost themselves, not the scan", .timeLimit(.minutes(2)))
  func faults() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let fault = try await FaultPoint(in: command.folder)
    // So many that those behind the one that hangs have to wait for their turn on the disk.
    try fill(command, count: 1500, with: ["text.mp3", "zip.wav"])
    for name in ["1-\(FaultPoint.hang).mp3", "1500-\(FaultPoint.crash).mp3"] {
      try FileManager.default.copyItem(
        atPath: BuiltCommand.fixtures + "/cbr.mp3", toPath: command.path("tree/" + name))
    }
    try FileManager.default.copyItem(
      atPath: BuiltCommand.fixtures + "/cbr.mp3", toPath: command.path("tree/1501.mp3"))
    let result = try await command.run(
      "validate", "--json", "--timeout", "3", "tree", environment: fault.environment)
    let records = try result.records()
    #expect(result.status == 1)
    #expect(records.count == 1504)
    let paths = records.dropLast().compactMap { $0["path"] as? String }
    #expect(paths == paths.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    func messages(_ mark: String) throws -> String {
      let record = try #require(records.first { ($0["path"] as? String)?.contains(mark) == true })
      #expect(record["verdict"] as? String == "rejected")
      let reasons = try #require(record["reasons"] as? [[String: String]])
      #expect(reasons.map { $0["code"] } == ["unreadable"])
      return reasons.compactMap { $0["message"] }.joined()
    }
    #expect(try messages(FaultPoint.crash).contains("crashed on it (signal 11)"))
    #expect(try messages(FaultPoint.hang).contains("did not come to an end within 3 s"))
    #expect(records.dropLast().count { $0["verdict"] as? String == "ready" } == 1)
  }

  @Test("a scan that is killed ten times prints in the end what one does that was not", .timeLimit(.minutes(4)))
  func killed() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    // Five hundred are kept in one step, however fast they come.
    try fill(command, count: 600, with: ["cbr.mp3", "plain.flac", "plain.wav", "garbage-in-front.mp3", "vbr.mp3"])
    try FileManager.default.copyItem(
      atPath: BuiltCommand.fixtures + "/cbr.mp3", toPath: command.path("tree/9999-\(FaultPoint.hang).mp3"))
    let whole = try await command.run("validate", "--json", "--deep", "--no-cache", "tree")
    let fault = try await FaultPoint(in: command.folder)
    for turn in 1...10 {
      // None gets past its last file, so that each is killed on the way.
      let (process, _, _) = try command.process(
        ["validate", "--json", "--deep", "tree"], environment: fault.environment)
      let victim = Victim()
      let killer = Thread { [cache = command.path("state/cache/reprise/validation.sqlite")] in
        if turn < 10 { usleep(UInt32(turn) * 40_000) } else { while Self.size(of: cache) < 1 << 18 { usleep(1000) } }
        victim.kill()
      }
      killer.start()
      #expect(try await command.finish(process, victim: victim) == SIGKILL)
      #expect(process.terminationReason == .uncaughtSignal)
    }
    let result = try await command.run("validate", "--json", "--deep", "tree")
    #expect(result.output == whole.output)
    #expect(result.words.contains("known from before"))
  }

  /// The bytes of a database and of what is not yet moved into it.
  private static func size(of database: String) -> Int {
    [database, database + "-wal"].reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }

  @Test("two scans at once with one cache both say the same", .timeLimit(.minutes(2)))
  func twoAtOnce() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try fill(command, count: 200, with: ["cbr.mp3", "plain.flac", "wrong-md5.flac"])
    let whole = try await command.run("validate", "--json", "--no-cache", "tree")
    async let one = command.run("validate", "--json", "tree")
    async let other = command.run("validate", "--json", "tree")
    let results = try await [one, other]
    #expect(results.allSatisfy { $0.output == whole.output && !$0.words.contains("can't be used") })
  }

  @Test("workers end with the scan, even in the middle of a file", .timeLimit(.minutes(1)))
  func orphans() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    let fault = try await FaultPoint(in: command.folder)
    try FileManager.default.copyItem(
      atPath: BuiltCommand.fixtures + "/cbr.mp3", toPath: command.path(FaultPoint.hang))
    let (process, _, _) = try command.process(
      ["validate", "--no-cache", FaultPoint.hang], environment: fault.environment)
    let victim = Victim()
    let killer = Thread { [folder = command.folder] in
      while Self.workers(of: folder).isEmpty { usleep(1000) }
      victim.kill()
    }
    killer.start()
    _ = try await command.finish(process, victim: victim)
    while !Self.workers(of: command.folder).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
  }

  /// The numbers of the workers that run with a test's own folder.
  private static func workers(of folder: String) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { pid in
      func text(_ name: String) -> Data { (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/\(name)"))) ?? Data() }
      return text("cmdline").range(of: Data("validate-worker".utf8)) != nil
        && text("environ").range(of: Data(folder.utf8)) != nil
    }
  }
}
