import CommandSupport
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Validating files that crash or hang their checker", .enabled(if: KillPoint.isPossible), .startsProcesses)
struct ValidateFaultTests {
  private func fill(_ command: Command, count: Int, with fixtures: [String]) throws {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for index in 0..<count {
      let fixture = fixtures[index % fixtures.count]
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/" + fixture, toPath: command.path("tree/\(index + 1000)-\(fixture)"))
    }
  }

  @Test("a file that crashes its checker and one that hangs cost themselves, not the scan")
  func faults() async throws {
    let command = try Command()
    defer { command.clean() }
    let fault = try await FaultPoint(in: command.directory)
    // So many that those behind the one that hangs have to wait for their turn on the disk.
    try fill(command, count: 1500, with: ["text.mp3", "zip.wav"])
    for name in ["1-\(FaultPoint.hang).mp3", "1500-\(FaultPoint.crash).mp3"] {
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/" + name))
    }
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/1501.mp3"))
    let result = try await command.run(
      "validate", "--json", "--timeout", "3", "tree", environment: fault.environment)
    let records = try result.records()
    #expect(result.status == 1)
    #expect(records.count == 1504)
    let paths = records.dropLast().compactMap { $0["path"] as? String }
    #expect(paths == paths.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    func message(_ mark: String) throws -> String {
      let record = try #require(records.first { ($0["path"] as? String)?.contains(mark) == true })
      #expect(record["verdict"] as? String == "rejected")
      let reasons = try #require(record["reasons"] as? [[String: String]])
      #expect(reasons.map { $0["code"] } == ["unreadable"])
      return reasons.compactMap { $0["message"] }.joined()
    }
    #expect(try message(FaultPoint.crash).contains("crashed on it (signal 11)"))
    #expect(try message(FaultPoint.hang).contains("did not end within 3 s"))
    #expect(records.dropLast().count { $0["verdict"] as? String == "ready" } == 1)
  }

  /// The bytes of a database and of what is not yet moved into it.
  private static func size(of database: String) -> Int {
    [database, database + "-wal"].reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + (attributes?[.size] as? Int ?? 0)
    }
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
