import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("How far a validation says it is", .enabled(if: KillPoint.isPossible), .startsProcesses)
struct ValidateProgressTests {
  @Test(
    "off a terminal it is a line after a few seconds; quiet, it says nothing but what is wrong")
  func lines() async throws {
    let command = try Command()
    defer { command.clean() }
    let fault = try await LongNames.fill(command)
    func run(_ options: String...) async throws -> [Substring] {
      let result = try await command.run(
        list: ["validate", "--deep", "--no-cache", "--timeout", "3", "tree", "gone.mp3"] + options,
        environment: fault.environment)
      #expect(result.status == 66)
      return result.messages.split(separator: "\n")
    }
    async let loud = run()
    async let quiet = run("--quiet")
    let lines = try await loud
    let line = try #require(lines.first)
    #expect(
      line.wholeMatch(of: /validate: 2[01]\/22 files, [0-9]+\/s, [0-9]+:[0-9]{2} left, at .+\.mp3/) != nil, "\(lines)")
    #expect(lines.last?.hasPrefix("22 files in ") == true)
    #expect(try await quiet.isEmpty)
  }
}
