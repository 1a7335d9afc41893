import CommandSupport
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

@Suite("What a verified job leaves of key, prompt and lyrics", .startsServers)
struct SecretTests {
  @Test("a verified job leaves no words behind, and its database none either, deleted pages included")
  func nothingLeft() async throws {
    let run = try PaidRun()
    defer { run.clean() }
    let service = try CountingService()
    defer { service.stop() }
    let result = try await run.run(PaidRun.cover(at: service.url))
    #expect(result.status == 0, "\(result.messages)")
    let names = try FileManager.default.subpathsOfDirectory(atPath: run.command.path("state"))
    #expect(!names.contains { $0.hasSuffix("words.json") }, "\(names)")
    #expect(names.contains { $0.hasSuffix("jobs.sqlite") })
    try run.checkFiles()
  }
}
