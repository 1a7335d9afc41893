import CommandSupport
import Foundation
import Testing

@Suite("Jobs on a terminal and in a time zone")
struct JobsEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"
  private let prompt = "a quiet acoustic cover of secret things"

  private func cover(_ command: Command, _ output: String) async throws {
    let result = try await command.run("cover", recording, "--prompt", prompt, "--end", "8", "-o", output, "-q")
    #expect(result.status == 0, "\(result.messages)")
  }

  @Test(
    "on a terminal a choice of many is counted and asked about; only yes forgets, and --yes is not asked",
    .timeLimit(.minutes(10)))
  func asked() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try await cover(command, "a.wav")
    func forget(_ more: [String] = [], answer: String = "n\n") async throws -> String {
      let (process, _, _) = try command.process(
        ["jobs", "forget", "--all-finished"] + more, environment: ["TERM": "xterm"])
      return try await TerminalOutput(columns: 80).run(process, of: command, answering: ("Type 'y'", answer))
    }
    for answer in ["n\n", "\n", "yes please\n", "\u{4}"] {
      let text = try await forget(answer: answer)
      #expect(text.contains("Forget 1 job (") && text.contains("nothing was forgotten"), "\(text)")
    }
    #expect(try await command.run("jobs", "--json").records().count == 1)
    #expect(try await forget(answer: "y\n").contains("forgot 1 job; its cover stays"))
    #expect(try await command.run("jobs", "--json").output.isEmpty)
    try await cover(command, "b.wav")
    let unasked = try await forget(["--yes"])
    #expect(!unasked.contains("Type 'y'") && unasked.contains("forgot 1 job"), "\(unasked)")
  }

  @Test(
    "times are the place's own, with their distance from UTC; JSON keeps UTC",
    arguments: [("Asia/Kolkata", "+0530"), ("UTC", "UTC"), ("America/St_Johns", "-0[23]30")])
  func times(zone: String, mark: String) async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try await cover(command, "a.wav")
    let environment = ["TZ": zone]
    let list = try await command.run("jobs", environment: environment).output
    let name = try #require(try await command.run("jobs", "--json").records().first?["job"] as? String)
    let show = try await command.run("jobs", "show", name, environment: environment).output
    let time = try Regex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})? \(mark.replacing("+", with: "[+]"))")
    #expect(list.firstMatch(of: time) != nil, "\(list)")
    #expect(show.matches(of: time).count >= 3, "\(show)")
    let record = try #require(try await command.run("jobs", "--json", environment: environment).records().first)
    #expect((record["created"] as? String)?.hasSuffix("Z") == true)
  }
}
