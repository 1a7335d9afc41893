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

@Suite("What is kept of a scan", .startsProcesses)
struct ValidateKeptTests {
  private func cache(of command: Command) -> String { command.path("state/cache/reprise/validation.sqlite") }

  @Test("--deep sees an edit in the middle that no stamp tells, where a quick scan can't")
  func content() async throws {
    let command = try Command()
    defer { command.clean() }
    let path = command.path("a.flac")
    // So long that the middle is in neither end that is compared.
    let recorded = try Data(contentsOf: URL(filePath: Command.fixtures + "/recording.mp3"))
    try recorded.write(to: URL(filePath: path))
    #expect(recorded.count > 300_000)
    let before = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: path)
    try await Task.sleep(for: .milliseconds(50))
    let first = try await command.run("validate", "--json", "--deep", "a.flac")
    let again = try await command.run("validate", "--json", "--deep", "a.flac")
    #expect(again.messages.contains("known") && again.output == first.output)
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
    var configuration = Configuration()
    // The run before is in this process, and may still be closing the cache.
    configuration.busyMode = .timeout(60)
    let database = try DatabaseQueue(path: cache(of: command), configuration: configuration)
    try await database.write { database in
      try database.execute(
        sql: "UPDATE answers SET modified = ?, changed = ?",
        arguments: [modified, changed].map { Int64($0.tv_sec) * 1_000_000_000 + Int64($0.tv_nsec) }.reduce(into: []) {
          $0 += [$1]
        })
    }
    try database.close()
    let quick = try await command.run("validate", "--json", "a.flac")
    #expect(quick.messages.contains("known") && quick.output == first.output)
    let deep = try await command.run("validate", "--json", "--deep", "a.flac")
    #expect(!deep.messages.contains("known") && deep.output != first.output)
    #expect(try await command.run("validate", "--json", "--deep", "--no-cache", "a.flac").output == deep.output)
  }
}
