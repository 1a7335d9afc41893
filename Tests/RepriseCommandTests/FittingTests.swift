import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("Fitting, as commands")
struct FittingEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test(
    "--excerpt auto shows the passage and why, in the plan as text and as JSON, and prepare keeps to it",
    .takesLong)
  func auto() async throws {
    let command = try Command()
    defer { command.clean() }
    let arguments = ["prepare", recording, "--excerpt", "auto", "--max-seconds", "12"]
    let json = try await command.run(list: arguments + ["--dry-run", "--json"])
    #expect(json.status == 0, "\(json.messages)")
    let plan = try #require(try json.records().first)
    let start = try #require(plan["start"] as? Double)
    let end = try #require(plan["end"] as? Double)
    #expect(end - start <= 11.9 && end - start >= 6)
    let detail = try #require((plan["steps"] as? [[String: Any]])?.first?["detail"] as? String)
    #expect(detail.contains("recurs") && detail.contains("than the whole"), "\(detail)")
    let text = try await command.run(list: arguments + ["--dry-run"])
    #expect(text.output.contains(detail))
    let made = try await command.run(list: arguments + ["-o", "part.mp3", "--json"])
    #expect(made.status == 0, "\(made.messages)")
    let record = try #require(try made.records().first)
    #expect(record["start"] as? Double == start && record["end"] as? Double == end)
    #expect(abs((record["seconds"] as? Double ?? 0) - (end - start)) < 0.001)
  }

  @Test("prepare at several files at once tells of them in their order, failures too", arguments: [true, false])
  func inOrder(isDryRun: Bool) async throws {
    let command = try Command()
    defer { command.clean() }
    // What is begun first takes longest: the survey reads all of it, and it is encoded.
    try LongTone.write(to: command.path("long.wav"), seconds: 30)
    try "words".write(toFile: command.path("text.wav"), atomically: true, encoding: .utf8)
    let inputs = ["long.wav", "text.wav", recording, "nothing.wav"]
    let result = try await command.run(
      list: ["prepare", "--json", "--jobs", "4", "--max-bytes", "500000", "--end", "10", "-o", "ready/"]
        + inputs + (isDryRun ? ["--dry-run"] : []))
    #expect(result.status == 1)
    let reported = result.messages.split(separator: "\n").filter { $0.hasPrefix("reprise: ") }
    #expect(
      reported.count == 2 && reported.first?.contains("text.wav") == true
        && reported.last?.contains("nothing.wav") == true)
    #expect(try result.records().map { $0["path"] as? String } == inputs)
  }

  @Test(
    "options that contradict each other are a mistake of usage, and the message names both",
    arguments: [
      (["--excerpt", "auto", "--start", "3"], "--start"), (["--excerpt", "first", "--end", "0:09"], "--end"),
      (["--excerpt", "middle", "--no-trim"], "--no-trim"), (["--silence-level", "-50"], "--trim-silence"),
      (["--trim-silence", "--silence-level", "-5"], "-120 to -10"), (["--excerpt", "last"], "auto"),
      (["--gain", "61"], "--gain"), (["--gain", "loud"], "auto"), (["--gain"], "--gain"),
      (["--channels", "centre"], "mono"), (["--channels", "0"], "--channels"), (["--channels", "1,"], "--channels"),
      (["--max-silence", "0"], "0.1"), (["--max-silence", "-1"], "--max-silence"),
    ])
  func contradictions(options: [String], word: String) async throws {
    let command = try Command()
    defer { command.clean() }
    for stage in [["prepare"], ["cover", "--prompt", "a quiet acoustic cover"]] {
      let result = try await command.run(list: stage + [recording] + options)
      #expect(result.status == 64 && result.messages.contains(word), "\(result.messages)")
    }
    #expect(try command.files().isEmpty)
  }

  @Test("--trim-silence refuses a silent file and takes another level")
  func silence() async throws {
    let command = try Command()
    defer { command.clean() }
    let silent = try await command.run("prepare", Command.fixtures + "/silent.wav", "--trim-silence", "--dry-run")
    #expect(silent.status == 65 && silent.messages.contains("silence"), "\(silent.messages)")
    let kept = try await command.run(
      "prepare", recording, "--trim-silence", "--silence-level", "-110", "--dry-run", "--json")
    #expect(kept.status == 0, "\(kept.messages)")
  }

  @Test("cover takes the limits that prepare takes, and plans within them")
  func coverLimits() async throws {
    let command = try Command()
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 30)
    let result = try await command.run(
      "cover", "long.wav", "--prompt", "a quiet acoustic cover", "--service", "local", "--dry-run", "--json",
      "--max-seconds", "10", "--max-bytes", "100000", "--excerpt", "middle")
    #expect(result.status == 0, "\(result.messages)")
    let plan = try #require(try result.records().first)
    let (start, end) = (plan["start"] as? Double ?? 0, plan["end"] as? Double ?? 0)
    #expect(end - start <= 9.9 && abs((start + end) / 2 - 15) < 0.01)
    #expect(plan["predictedBytes"] as? Int ?? .max <= 100_000)
  }

  @Test("a budget is met at the first attempt, and the plan has said how", .takesLong)
  func budget() async throws {
    let command = try Command()
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 20)
    for budget in [50_000, 200_000, 500_000] {
      let limits = ["--max-bytes", String(budget)]
      let dry = try await command.run(list: ["prepare", "long.wav", "--dry-run", "--json"] + limits)
      let plan = try #require(try dry.records().first, "\(dry.messages)")
      let made = try await command.run(list: ["prepare", "long.wav", "--json", "-o", "out-\(budget)"] + limits)
      let record = try #require(try made.records().first, "\(made.messages)")
      let bytes = try #require(record["bytes"] as? Int)
      #expect(bytes <= budget && bytes <= plan["predictedBytes"] as? Int ?? 0)
      #expect(record["format"] as? String == plan["format"] as? String)
    }
  }
}
