import CommandSupport
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

/// The sentences are those of the contract's list of what users of such clients lost money or time on.
@Suite("What users of such clients lost money or time on", .startsServers)
struct FourteenPainsTests {
  /// Runs `body` with a service and a run at it, and removes both.
  private func with(
    _ misbehaviour: Misbehaviour? = nil, _ settings: CountingService.Settings = CountingService.Settings(),
    _ body: (PaidRun, CountingService) async throws -> Void
  ) async throws {
    try await PaidRun.with(misbehaviour, settings, at: .here, body)
  }

  /// Runs one cover that is to end so.
  private func cover(
    _ status: Int32, _ misbehaviour: Misbehaviour? = nil, timeout: String = "30", saying messages: String...
  ) async throws {
    try await with(misbehaviour) { run, service in
      // Whoever fetches for ever is stopped.
      service.on(.downloadBegun) { _ in if service.tally.count(.downloadBegun) == 10 { service.stop() } }
      let result = try await run.run(PaidRun.cover(at: service.url, timeout: timeout))
      #expect(result.status == status, "\(result.messages)")
      for word in messages { #expect(result.messages.contains(word), "'\(word)' is not in: \(result.messages)") }
      let isThere = FileManager.default.fileExists(atPath: run.command.path("cover.mp3"))
      #expect(isThere == (status == 0))
    }
  }

  @Test("3. \"Timed out, try again\" makes people buy again")
  func three() async throws {
    try await with(.endless) { run, service in
      let result = try await run.run(PaidRun.cover(at: service.url, timeout: "1"))
      #expect(result.status == 75)
      let job = try #require(try await run.ledger().first?.job)
      #expect(
        result.messages.contains("reprise resume \(job)") && result.messages.contains("paid"), "\(result.messages)")
      #expect(!result.messages.lowercased().contains("try again"))
      // And the words are true.
      service.behave()
      let resumed = try await run.run(["resume", job])
      #expect(resumed.status == 0 && service.tally.submissions == 1, "\(resumed.messages)")
    }
  }

  @Test(
    "5. Retry-After ignored",
    arguments: [
      Misbehaviour.tooManyQuestionsSeconds, .tooManyQuestionsDate, .tooManyAtFirst, .notAvailableAtFirst,
    ])
  func five(_ misbehaviour: Misbehaviour) async throws {
    try await with(misbehaviour) { run, service in
      let result = try await run.run(PaidRun.cover(at: service.url))
      #expect(result.status == 0, "\(result.messages)")
      #expect(service.tally.tooEarly == 0)
      #expect(service.tally.submissions == 1)
    }
  }

  @Test("6. HTTP 200 with an error body saved as a zero-byte \"success\"")
  func six() async throws {
    try await cover(69, .errorWithin200, saying: "reference audio is not usable")
    try await cover(77, .statusWithin200, saying: "credit")
    try await cover(69, .resultEmpty, saying: "empty")
    try await cover(69, .resultIsJSON, saying: "JSON")
    try await cover(69, .resultIsPage, saying: "web page")
  }

  @Test("7. Authorization sent along to the presigned URL", arguments: [nil, Misbehaviour.resultElsewhere])
  func seven(_ misbehaviour: Misbehaviour?) async throws {
    try await with(misbehaviour) { run, service in
      let result = try await run.run(PaidRun.cover(at: service.url))
      #expect(result.status == 0, "\(result.messages)")
      let results = service.requests.filter { $0.target.hasPrefix("/results/") }
      #expect(!results.isEmpty && results.allSatisfy { $0["Authorization"] == nil })
      for request in results { #expect(!request.fields.contains { $0.value.contains(run.secrets[0]) }) }
      // While the service itself got it each time.
      let others = service.requests.filter { !$0.target.hasPrefix("/results/") }
      try #require(!others.isEmpty)
      #expect(others.allSatisfy { $0["Authorization"] == "Bearer \(run.secrets[0])" })
    }
  }

  @Test("8. Result URL expired before anyone downloaded it")
  func eight() async throws {
    try await with { run, service in
      let result = try await run.run(PaidRun.cover(at: service.url))
      #expect(result.status == 0, "\(result.messages)")
      let moments = service.tally.events.map(\.moment)
      let reported = try #require(moments.firstIndex(of: .reportedCompleted))
      #expect(moments.dropFirst(reported + 1).first == .downloadBegun, "it was not fetched at once: \(moments)")
    }
    try await with(.resultExpired) { run, service in
      let result = try await run.run(PaidRun.cover(at: service.url))
      #expect(result.status == 69 && result.messages.contains("about a day"), "\(result.messages)")
      #expect(try await run.ledger().first?.state == "expired")
      service.behave()
      let job = try #require(try await run.ledger().first?.job)
      #expect(try await run.run(["resume", job]).status == 0)
      try await run.checkLedger(service)
    }
  }

  @Test("11. MIME label refused")
  func eleven() async throws {
    var settings = CountingService.Settings()
    settings.keepsBodies = true
    try await with(nil, settings) { run, service in
      try LongTone.write(to: run.command.path("song.wav"), seconds: 7)
      for label in ["audio/wav", "audio/x-wav"] {
        try run.configure(service, logDelay: 1)
        if label != "audio/wav" { try run.configure("[services.counted.media_types]", #"wav = "\#(label)""#) }
        let result = try await run.run([
          "cover", "song.wav", "--prompt", "@prompt.txt", "--service", "counted", "--no-wait", "--again", "-o",
          "\(label.count).mp3",
        ])
        #expect(result.status == 0, "\(result.messages)")
        let reference = service.submissions.last?.json?["reference_audio_url"] as? String
        #expect(reference?.hasPrefix("data:\(label);base64,") == true)
      }
    }
  }

  @Test("12. 413, and people re-encode by guesswork")
  func twelve() async throws {
    try await cover(69, .bodyTooLarge, saying: "413", "150.9 kB", "nothing was accepted", "reprise prepare")
  }

  @Test("13. mp3 duration wrong, so a good file is refused or a bad one sent")
  func thirteen() async throws {
    try await with { run, service in
      // Its header claims ten times its 6.3 s, which is over the limit that is set here.
      let liar = Command.fixtures + "/xing-claims-ten-times.mp3"
      let options = ["--prompt", "@prompt.txt", "--service", service.url, "--no-wait", "--max-seconds", "30"]
      let good = try await run.run(["cover", liar, "--no-trim", "-o", "good.mp3"] + options)
      #expect(good.status == 0 && service.tally.submissions == 1, "\(good.messages)")
      // Half of it still claims a minute, and has 3 s.
      let bytes = try Data(contentsOf: URL(filePath: liar))
      try bytes.prefix(bytes.count / 2).write(to: URL(filePath: run.command.path("song.mp3")))
      let bad = try await run.run(["cover", "song.mp3", "-o", "bad.mp3"] + options)
      #expect(bad.status == 65 && service.tally.submissions == 1, "\(bad.messages)")
    }
  }
}
