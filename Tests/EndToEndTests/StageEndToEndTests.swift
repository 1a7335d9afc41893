import CommandSupport
import Foundation
import Testing

@Suite("Help of the built program")
struct StageEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test("help and version work for every command")
  func help() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    for name in ["inspect", "prepare", "request", "cover", "jobs", "resume", "verify", "analyze", "compare", "serve"] {
      let result = try await command.run(name, "--help")
      #expect(result.status == 0 && result.output.contains("USAGE: reprise \(name)"))
    }
    #expect(try await command.run("--version").output.hasPrefix("0."))
    #expect(try await command.run("coverr").status == 64)
  }
}
