import CommandSupport
import Foundation
import Testing

@Suite("A cover by the built program", .serialized)
struct CoverEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test("a real recording becomes a cover that passes its check, and only the cover is left")
  func wholeWay() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let result = try await command.run(
      "cover", recording, "--prompt", "warm acoustic folk, fingerpicked guitar", "-o", "cover.mp3", "--json")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("no key is set"))
    let record = try #require(try result.records().last)
    #expect(record["schema"] as? String == "reprise.cover.v1")
    #expect(record["service"] as? String == "local")
    #expect(record["output"] as? String == "cover.mp3")
    let verification = try #require(record["verification"] as? [String: Any])
    #expect(verification["verdict"] as? String != "fail")
    let seconds = try #require(record["seconds"] as? Double)
    #expect((26 * 0.8...26 * 1.25).contains(seconds))
    #expect(try command.files() == ["cover.mp3"])
    let size = try FileManager.default.attributesOfItem(atPath: command.path("cover.mp3"))[.size] as? Int
    #expect(record["bytes"] as? Int == size)

    let checked = try await command.run("verify", "cover.mp3", "--reference", recording, "--format", "mp3")
    #expect(checked.status == 0, "\(checked.output)")
    let jobs = try await command.run("jobs", "--json")
    #expect(try jobs.records().map { $0["state"] as? String } == ["verified"])
  }

  @Test(
    "Ctrl-C at any moment ends with 130, says so, and leaves nothing half-written",
    arguments: ["prepare", "upload", "queued", "generating", "download", "verify"])
  func interrupted(at stage: String) async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 200)
    // A fade, so that there is something to prepare.
    let (process, _, messages) = try command.process([
      "cover", "long.wav", "--prompt", "gentle piano ballad", "--fade-out", "1", "-o", "cover.mp3",
    ])
    async let status = command.finish(process)
    var text = ""
    for _ in 0..<6000 where !text.contains(stage) {
      try await Task.sleep(for: .milliseconds(10))
      text = try String(contentsOfFile: messages, encoding: .utf8)
    }
    process.interrupt()
    let ended = try await status
    text = try String(contentsOfFile: messages, encoding: .utf8)
    let left = try command.files().filter { $0 != "long.wav" }
    // The last two stages are short: the cover may be whole before the signal comes.
    if ["download", "verify"].contains(stage) && left == ["cover.mp3"] {
      let checked = try await command.run("verify", "cover.mp3")
      #expect([0, 130].contains(ended) && checked.status == 0, "\(ended): \(text)")
      return
    }
    #expect(ended == 130, "\(text)")
    #expect(left.isEmpty, "\(left)")
    #expect(text.contains("interrupted") || text.contains("stopped"), "\(text)")
  }
}
