import CommandSupport
import RepriseService
import Foundation
import RepriseLocalService
import Testing

@Suite("Many jobs in one run, through the local service", .serialized)
struct ManyJobsTests {
  /// Number of jobs; Benchmarks/measure-jobs asks for a thousand.
  private static var count: Int {
    ProcessInfo.processInfo.environment["REPRISE_JOBS"].flatMap { Int($0) } ?? 60
  }

  @Test("a manifest of them is made, each once, and memory does not grow with their number")
  func manifest() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let made = try await command.run(
      "prepare", Command.fixtures + "/recording.mp3", "--end", "7", "-o", "song.mp3")
    try #require(made.status == 0, "\(made.messages)")
    try FileManager.default.createDirectory(atPath: command.path("covers"), withIntermediateDirectories: true)
    let small = max(Self.count / 4, 8)
    for (name, rows) in [("few.csv", 0..<small), ("many.csv", small..<small + Self.count)] {
      let lines = rows.map { "song.mp3,\"a slow waltz, take \($0)\",covers/\($0).mp3" }
      try Data((["path,prompt,output"] + lines).joined(separator: "\n").utf8)
        .write(to: URL(filePath: command.path(name)))
    }
    var configuration = LocalServerConfiguration()
    configuration.concurrentGenerations = 4
    let server = LocalServer(
      configuration, maker: RecordedMaker(), inspector: AudioReferenceInspector(maximumBytes: 50_000_000),
      fetcher: LinkedReferenceFetcher())
    try await withLocalServer(server) { baseURL in
      let few = try await peak(command, "few.csv", at: baseURL, expecting: small)
      let many = try await peak(command, "many.csv", at: baseURL, expecting: Self.count)
      print("peak memory: \(few) kB for \(small) jobs, \(many) kB for \(Self.count)")
      // Twice as much for four times the jobs, or 16 MB, would be growth; allocators' whims are less.
      #expect(many < max(few * 3 / 2, few + 16_000), "\(few) kB for \(small) jobs, \(many) kB for \(Self.count)")
    }
    let jobs = try await command.run("jobs", "--json").records()
    #expect(jobs.count == small + Self.count)
    #expect(jobs.allSatisfy { $0["state"] as? String == "verified" })
    #expect(Set(jobs.compactMap { $0["id"] as? String }).count == jobs.count)
    let covers = try FileManager.default.contentsOfDirectory(atPath: command.path("covers"))
    #expect(covers.count == jobs.count)
    // What was kept for each until it was done is gone.
    #expect(try FileManager.default.contentsOfDirectory(atPath: command.path("state/reprise/jobs")).isEmpty)
  }

  /// The most memory the command had resident, in kB, as the system counts it.
  private func peak(
    _ command: Command, _ manifest: String, at baseURL: String, expecting count: Int
  ) async throws -> Int {
    let (process, _, messages) = try command.process([
      "cover", "--manifest", manifest, "--service", baseURL, "--jobs", "4",
    ])
    let watch = Task {
      var highest = 0
      while !Task.isCancelled {
        if process.isRunning { highest = max(highest, Self.residentPeak(process.processIdentifier)) }
        try? await Task.sleep(for: .milliseconds(20))
      }
      return highest
    }
    let status = try await command.finish(process)
    watch.cancel()
    let said = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(status == 0, "\(said.suffix(500))")
    #expect(said.contains("\(count) of \(count) covers made"))
    return await watch.value
  }

  private static func residentPeak(_ process: Int32) -> Int {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return 0 }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }
}
