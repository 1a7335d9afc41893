import CommandSupport
import Foundation
import HostileServer
import TestSupport
import Testing

/// The definition of one purchase, the state after a stop, and the limits of spending.
@Suite("What is bought, and what is not bought again", .startsServers)
struct PurchaseTests {
  /// Runs `body` with a run and a service `counted`, and looks that nothing was bought twice.
  private func with(
    _ misbehaviour: Misbehaviour? = nil, logDelay: Double? = nil,
    settings: CountingService.Settings = CountingService.Settings(),
    _ body: (PaidRun, CountingService) async throws -> Void
  ) async throws {
    let run = try PaidRun()
    defer { run.clean() }
    let service = try CountingService(settings, misbehaviour: misbehaviour)
    defer { service.stop() }
    try run.configure(service, logDelay: logDelay)
    try await body(run, service)
    #expect(service.tally.doubled.isEmpty)
  }

  private func cover(_ output: String, _ more: String...) -> [String] {
    PaidRun.cover(at: "counted", output: output) + more
  }

  @Test("the same cover again is copied; asking for what is the default anyway is the same; --again buys")
  func again() async throws {
    try await with { run, service in
      #expect(try await run.run(cover("one.mp3")).status == 0)
      let copied = try await run.run(cover("two.mp3", "--format", "mp3", "--sample-rate", "44100"))
      #expect(copied.status == 0 && copied.messages.contains("nothing was bought"), "\(copied.messages)")
      #expect(service.tally.submissions == 1)
      let (one, two) = (run.command.path("one.mp3"), run.command.path("two.mp3"))
      #expect(FileManager.default.contentsEqual(atPath: one, andPath: two))
      let here = try await run.run(cover("one.mp3"))
      #expect(here.status == 0 && here.messages.contains("here already"), "\(here.messages)")
      #expect(service.tally.submissions == 1)
      #expect(try await run.run(cover("three.mp3", "--again")).status == 0)
      #expect(service.tally.submissions == 2)
    }
  }

  @Test("a file of somebody else's at the output is refused before anything is bought, and kept")
  func occupied() async throws {
    try await with { run, service in
      try Data("mine".utf8).write(to: URL(filePath: run.command.path("one.mp3")))
      #expect(try await run.run(cover("one.mp3")).status == 74)
      #expect(service.tally.submissions == 0)
      #expect(try String(contentsOfFile: run.command.path("one.mp3"), encoding: .utf8) == "mine")
    }
  }

  @Test("a result whose place takes no file goes where the next order of the same wants it")
  func placeless() async throws {
    try await with { run, service in
      #expect(try await run.run(cover("one.mp3", "--no-wait")).status == 0)
      let location = run.command.path("one.mp3")
      try FileManager.default.createDirectory(atPath: location, withIntermediateDirectories: false)
      let made = try await run.run(cover("two.mp3"))
      #expect(made.status == 0, "\(made.messages)")
      #expect(FileManager.default.fileExists(atPath: run.command.path("two.mp3")))
      #expect(try FileManager.default.contentsOfDirectory(atPath: location).isEmpty)
      #expect(service.tally.submissions == 1)
    }
  }

  @Test("an output that is named by nothing is refused before anything is sent")
  func nameless() async throws {
    try await with { run, service in
      let refused = try await run.run(cover(""))
      #expect(refused.status == 64 && refused.messages.contains("-o is empty"), "\(refused.messages)")
      #expect(service.tally.submissions == 0)
    }
  }

  @Test("a cover that was deleted or overwritten is fetched again, not bought")
  func tampered() async throws {
    try await with { run, service in
      #expect(try await run.run(cover("one.mp3")).status == 0)
      let job = try #require(try await run.ledger().first).job
      try FileManager.default.removeItem(atPath: run.command.path("one.mp3"))
      #expect(try await run.run(["resume", job]).status == 0)
      try Data("tampered".utf8).write(to: URL(filePath: run.command.path("one.mp3")))
      let refused = try await run.run(["resume", job])
      #expect(refused.status == 74, "\(refused.messages)")
      let replaced = try await run.run(["resume", job, "--force"])
      #expect(replaced.status == 0, "\(replaced.messages)")
      try await run.checkLedger(service)
      #expect(service.tally.submissions == 1)
    }
  }

  @Test("two orders of one purchase that is under way are both served by it")
  func shared() async throws {
    try await with { run, service in
      #expect(try await run.run(cover("a1.mp3", "--no-wait")).status == 0)
      let second = try await run.run(cover("a2.mp3"))
      #expect(second.status == 0, "\(second.messages)")
      for name in ["a1.mp3", "a2.mp3"] {
        #expect(FileManager.default.fileExists(atPath: run.command.path(name)), "\(name) is not there")
      }
      #expect(service.tally.submissions == 1)
    }
  }

  @Test("two rows of equal audio and words are one purchase, and the manifest again finds both covers there")
  func equalRows() async throws {
    try await with { run, service in
      for name in ["one.mp3", "two.mp3"] {
        try FileManager.default.copyItem(
          atPath: Command.fixtures + "/recording.mp3", toPath: run.command.path("in-" + name))
      }
      let rows = ["one.mp3", "two.mp3"].map { "in-\($0),a slow waltz of two,\($0)" }
      try Data((["path,prompt,output"] + rows).joined(separator: "\n").utf8)
        .write(to: URL(filePath: run.command.path("runs.csv")))
      for _ in 0..<2 {
        let made = try await run.run(["cover", "--manifest", "runs.csv", "--end", "7", "--service", "counted"])
        #expect(made.status == 0, "\(made.messages)")
        #expect(made.output.split(separator: "\n").count == 2)
      }
      #expect(service.tally.submissions == 1)
      #expect(
        FileManager.default.contentsEqual(atPath: run.command.path("one.mp3"), andPath: run.command.path("two.mp3")))
    }
  }

  @Test("a result that seems to be gone was paid for: the same cover is not bought again without a word")
  func expired() async throws {
    try await with(.resultExpired) { run, service in
      #expect(try await run.run(cover("one.mp3")).status == 69)
      let again = try await run.run(cover("one.mp3"))
      #expect(again.status == 69 && again.messages.contains("--again"), "\(again.messages)")
      #expect(service.tally.submissions == 1)
      service.behave()
      #expect(try await run.run(["resume", "--all"]).status == 0)
      try await run.checkLedger(service)
    }
  }

  @Test("a wrong key leaves the job prepared, and the right one sends it")
  func wrongKey() async throws {
    try await with(.wrongKey) { run, service in
      let refused = try await run.run(cover("one.mp3"))
      #expect(refused.status == 77 && refused.messages.contains("reprise resume"), "\(refused.messages)")
      #expect(try await run.ledger().map(\.state) == ["prepared"])
      service.behave()
      #expect(try await run.run(["resume", "--all"]).status == 0)
      try await run.checkLedger(service)
    }
  }

  @Test("--max-spend holds for one cover and for many, and for what an earlier run has prepared")
  func maxSpend() async throws {
    try await with { run, service in
      let refused = try await run.run(cover("one.mp3", "--max-spend", "0.1"))
      #expect(refused.status == 1 && refused.messages.contains("--max-spend"), "\(refused.messages)")
      #expect(service.tally.submissions == 0)
      let rows = (0..<4).map { "\(Command.fixtures)/recording.mp3,a slow waltz number \($0),\($0).mp3" }
      try Data((["path,prompt,output"] + rows).joined(separator: "\n").utf8)
        .write(to: URL(filePath: run.command.path("runs.csv")))
      let many = ["cover", "--manifest", "runs.csv", "--end", "7", "--service", "counted", "--max-spend", "0.4"]
      let stopped = try await run.run(many)
      #expect(stopped.status == 1 && stopped.messages.contains("2 of 4 covers made"), "\(stopped.messages)")
      #expect(service.tally.submissions == 2)
      let again = try await run.run(many)
      #expect(again.status == 1 && again.messages.contains("2 were there"), "\(again.messages)")
      #expect(service.tally.submissions == 2)
    }
  }

  @Test("--max-spend holds whatever the service tells before, or in place of, a price", arguments: ["0", "1e14", "-3"])
  func maxSpendAndNonsense(reported: String) async throws {
    var settings = CountingService.Settings()
    settings.reportsCost = { _ in reported }
    settings.reportsCostInHead = { _ in reported }
    try await with(settings: settings) { run, service in
      let rows = (0..<8).map { "\(Command.fixtures)/recording.mp3,a slow waltz number \($0),\($0).mp3" }
      try Data((["path,prompt,output"] + rows).joined(separator: "\n").utf8)
        .write(to: URL(filePath: run.command.path("runs.csv")))
      let many = [
        "cover", "--manifest", "runs.csv", "--end", "7", "--service", "counted", "--max-spend", "0.5", "--jobs", "2",
      ]
      let stopped = try await run.run(many)
      #expect(stopped.status == 1 && stopped.messages.contains("2 of 8 covers made"), "\(stopped.messages)")
      #expect(stopped.messages.contains("$0.39 of $0.50 spent"), "\(stopped.messages)")
      #expect(stopped.messages.contains("which no cover does") == (reported != "0"), "\(stopped.messages)")
      #expect(service.tally.submissions == 2)
      let again = try await run.run(many)
      #expect(again.status == 1 && service.tally.submissions == 2, "\(again.messages)")
    }
  }

  @Test("the result's URL is given to whoever asks for it by name, and to nobody else")
  func resultURL() async throws {
    try await with(.resultIsPage) { run, service in
      #expect(try await run.run(cover("one.mp3")).status == 69)
      let job = try #require(try await run.ledger().first).job
      let shown = try await run.run(["jobs", "show", job, "--url"])
      #expect(shown.status == 0 && shown.messages.isEmpty, "\(shown.messages)")
      #expect(shown.output.hasPrefix(service.url + "/results/covers%2F"), "\(shown.output)")
      #expect(shown.output.contains("X-Signature=") && shown.output.split(separator: "\n").count == 1)
      for hidden in [["jobs", "show", job], ["jobs", "show", job, "--json"], ["jobs"], ["jobs", "--json"]] {
        let result = try await run.run(hidden)
        #expect(!result.output.contains("X-Signature") && !result.messages.contains("X-Signature"), "\(hidden)")
      }
      #expect(try await run.run(["jobs", "show", job, "--url", "--json"]).status == 64)
      service.behave()
      #expect(try await run.run(["resume", job]).status == 0)
      let gone = try await run.run(["jobs", "show", job, "--url"])
      #expect(gone.status == 1 && gone.output.isEmpty && gone.messages.contains("no result's URL"), "\(gone.messages)")
    }
  }

  @Test("without a network the first job says so and the others are not begun")
  func noNetwork() async throws {
    try await with { run, service in
      service.stop()
      let rows = (0..<8).map { "\(Command.fixtures)/recording.mp3,a slow waltz number \($0),\($0).mp3" }
      try Data((["path,prompt,output"] + rows).joined(separator: "\n").utf8)
        .write(to: URL(filePath: run.command.path("runs.csv")))
      let result = try await run.run([
        "cover", "--manifest", "runs.csv", "--end", "7", "--service", "counted", "--jobs", "2",
      ])
      #expect(result.messages.contains("can't be reached"), "\(result.messages)")
      #expect(try await run.ledger().count <= 3)
      #expect(result.status == 75)
    }
  }

  @Test("a cover of our own service that is gone is not looked for at somebody else's")
  func localGone() async throws {
    let run = try PaidRun()
    defer { run.clean() }
    let made = try await run.run(PaidRun.cover(at: "local", output: "one.mp3"))
    #expect(made.status == 0, "\(made.messages)")
    let job = try #require(try await run.ledger().first).job
    try FileManager.default.removeItem(atPath: run.command.path("one.mp3"))
    let gone = try await run.run(["resume", job])
    #expect(gone.status == 69 && gone.messages.contains("reprise cover"), "\(gone.messages)")
  }
}
