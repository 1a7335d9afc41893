import CommandSupport
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("A scan that is killed, or not alone", .enabled(if: KillPoint.isPossible))
struct ValidateFaultTests {
  private func fill(_ command: Command, count: Int, with fixtures: [String]) throws {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for index in 0..<count {
      let fixture = fixtures[index % fixtures.count]
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/" + fixture, toPath: command.path("tree/\(index + 1000)-\(fixture)"))
    }
  }

  @Test("a scan that is killed ten times prints in the end what one does that was not", .timeLimit(.minutes(4)))
  func killed() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    // Five hundred are kept in one step, however fast they come.
    try fill(command, count: 600, with: ["cbr.mp3", "plain.flac", "plain.wav", "garbage-in-front.mp3", "vbr.mp3"])
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/9999-\(FaultPoint.hang).mp3"))
    let whole = try await command.run("validate", "--json", "--deep", "--no-cache", "tree")
    let fault = try await FaultPoint(in: command.directory)
    for turn in 1...10 {
      // None gets past its last file, so that each is killed on the way.
      let (process, _, _) = try command.process(
        ["validate", "--json", "--deep", "tree"], environment: fault.environment)
      let victim = Victim()
      let killer = Thread { [cache = command.path("state/cache/reprise/validation.sqlite")] in
        if turn < 10 { usleep(UInt32(turn) * 40_000) } else { eventuallyOnThread { Self.size(of: cache) >= 1 << 18 } }
        victim.kill()
      }
      killer.start()
      #expect(try await command.finish(process, victim: victim) == SIGKILL)
      #expect(process.terminationReason == .uncaughtSignal)
    }
    let result = try await command.run("validate", "--json", "--deep", "tree")
    #expect(result.output == whole.output)
    #expect(result.messages.contains("known from before"))
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
    let command = try Command(.process)
    defer { command.clean() }
    try fill(command, count: 200, with: ["cbr.mp3", "plain.flac", "wrong-md5.flac"])
    let whole = try await command.run("validate", "--json", "--no-cache", "tree")
    async let one = command.run("validate", "--json", "tree")
    async let other = command.run("validate", "--json", "tree")
    let results = try await [one, other]
    #expect(results.allSatisfy { $0.output == whole.output && !$0.messages.contains("can't be used") })
  }

  @Test("workers end with the scan, even in the middle of a file", .timeLimit(.minutes(1)))
  func orphans() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let fault = try await FaultPoint(in: command.directory)
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/cbr.mp3", toPath: command.path(FaultPoint.hang))
    let (process, _, _) = try command.process(
      ["validate", "--no-cache", FaultPoint.hang], environment: fault.environment)
    let victim = Victim()
    let killer = Thread { [directory = command.directory] in
      eventuallyOnThread { !Self.workers(of: directory).isEmpty }
      victim.kill()
    }
    killer.start()
    _ = try await command.finish(process, victim: victim)
    try await eventually { Self.workers(of: command.directory).isEmpty }
  }

  /// The numbers of the workers that run with a test's own directory.
  private static func workers(of directory: String) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { pid in
      func text(_ name: String) -> Data { (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/\(name)"))) ?? Data() }
      return text("cmdline").range(of: Data("validate-worker".utf8)) != nil
        && text("environ").range(of: Data(directory.utf8)) != nil
    }
  }
}
