import CommandSupport
import Foundation
import HostileServer
import Synchronization
import Testing

/// The sentences are those of the contract's list of what users of such clients lost money or time on.
@Suite("What users of such clients lost money or time on, when it is killed, hung up or watched")
struct FourteenPainsTests {
  /// Runs `body` with a service and a run at it, and removes both.
  private func with(
    _ misbehaviour: Misbehaviour? = nil, _ settings: CountingService.Settings = CountingService.Settings(),
    _ body: (PaidRun, CountingService) async throws -> Void
  ) async throws {
    try await PaidRun.with(misbehaviour, settings, at: .process, body)
  }

  /// Runs one cover that is to end so.
  private func cover(
    _ status: Int32, _ misbehaviour: Misbehaviour? = nil, timeout: String = "30", saying messages: String...
  ) async throws {
    try await with(misbehaviour) { run, service in
      // Whoever fetches for ever is stopped.
      let victim = Victim()
      service.on(.downloadBegun) { _ in if service.tally.count(.downloadBegun) == 10 { victim.kill() } }
      let result = try await run.run(PaidRun.cover(at: service.url, timeout: timeout), victim: victim)
      #expect(result.status == status, "\(result.messages)")
      for word in messages { #expect(result.messages.contains(word), "'\(word)' is not in: \(result.messages)") }
      let isThere = FileManager.default.fileExists(atPath: run.command.path("cover.mp3"))
      #expect(isThere == (status == 0))
    }
  }

  @Test("1. Timeout after submit: paid, no id kept, result lost")
  func one() async throws {
    try await with { run, service in
      let victim = Victim()
      service.on(.polled) { _ in victim.kill() }
      let killed = try await run.run(PaidRun.cover(at: service.url), victim: victim)
      #expect(killed.status == 9)
      service.forgetHooks()
      let record = try #require(try await run.jobs().first)
      let id = try #require(record["id"] as? String, "the first question came before the id was on the disk")
      #expect(id == service.generations.first?.id)
      let job = try #require(record["job"] as? String)
      let resumed = try await run.run(["resume", job])
      #expect(resumed.status == 0, "\(resumed.messages)")
      #expect(service.tally.accepted == [job: 1])
    }
  }

  @Test("2. A POST retried after an ambiguous failure bills twice")
  func two() async throws {
    try await with(.dropsAfterBody) { run, service in
      // Whoever buys again and again is stopped.
      let victim = Victim()
      service.on(.bodyWhole) { _ in if service.tally.submissions >= 3 { victim.kill() } }
      let first = try await run.run(PaidRun.cover(at: service.url), victim: victim)
      #expect(first.status == 75 && first.messages.contains("resume"), "\(first.messages)")
      // Whoever types the same again does not buy it again.
      let again = try await run.run(PaidRun.cover(at: service.url), victim: victim)
      #expect(service.tally.submissions == 1, "\(again.messages)")
      #expect(again.status == 75 || again.status == 0, "\(again.messages)")
      service.behave()
      try await run.settle()
      #expect(service.tally.submissions == 1 && service.tally.count(.logAsked) > 0)
      try await run.checkLedger(service)
    }
  }

  @Test(
    "4. Polling for ever; or polling 10 minutes on a 401/404",
    arguments: [(Misbehaviour.endless, 75 as Int32), (.dripsAnswers, 75), (.forgetsKey, 77), (.forgetsGeneration, 69)])
  func four(_ misbehaviour: Misbehaviour, status: Int32) async throws {
    try await with(misbehaviour) { run, service in
      try run.configure(service, logDelay: nil)
      // Whoever asks for ever is stopped, so that the test fails and does not hang: a second holds 20 questions at
      // most, and one that is dripped to takes 10 s.
      let victim = Victim()
      let most = misbehaviour == .dripsAnswers ? 3 : 50
      service.on(.polled) { _ in if service.tally.count(.polled) == most { victim.kill() } }
      let timeout = status == 75 ? "1" : "60"
      let result = try await run.run(PaidRun.cover(at: "counted", timeout: timeout), victim: victim)
      #expect(result.status == status, "\(result.messages)")
      #expect(service.tally.outlasted == 0)
      // A new generation may not be known everywhere yet: a few answers that it is not are waited out.
      if status != 75 { #expect(service.tally.count(.polled) == (misbehaviour == .forgetsGeneration ? 5 : 1)) }
      try #require(try await run.ledger().count == 1)
      #expect(try await run.ledger().allSatisfy { $0.state == "submitted" || $0.state == "generating" })
    }
  }

  @Test("9. A blocking call dies with the terminal")
  func nine() async throws {
    try await with(.endless) { run, service in
      let victim = Victim()
      let reported = Mutex(0)
      service.on(.polled) { _ in
        if reported.withLock({
          $0 += 1; return $0
        }) == 1 {
          victim.hangUp()
        }
      }
      let result = try await run.run(PaidRun.cover(at: service.url), victim: victim)
      service.forgetHooks()
      #expect(result.status == 130, "\(result.messages)")
      let job = try #require(try await run.ledger().first?.job)
      #expect(result.messages.contains("reprise resume \(job)"), "\(result.messages)")
      service.behave()
      #expect(try await run.run(["resume", job]).status == 0)
      try await run.checkLedger(service)
    }
    // And nobody has to wait with a terminal open.
    try await with { run, service in
      let sent = try await run.run(PaidRun.cover(at: service.url) + ["--no-wait"])
      #expect(sent.status == 0 && service.tally.count(.polled) == 0, "\(sent.messages)")
      let job = sent.output.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(try await run.run(["resume", job]).status == 0)
      try await run.checkLedger(service)
    }
  }

  @Test("10. Base64 of the whole file in memory several times over; default JSON encoders escape /")
  func ten() async throws {
    var settings = CountingService.Settings()
    settings.keepsBodies = true
    try await with(nil, settings) { run, service in
      let memory = Mutex<[Int]>([])
      let peaks = Mutex<[Int]>([])
      for (name, seconds) in [("song.short.wav", 7), ("song.long.wav", 350)] {
        try LongTone.write(to: run.command.path(name), seconds: seconds)
        let victim = Victim()
        service.on(.bodyWhole) { _ in
          if let bytes = victim.memory() { memory.withLock { $0.append(bytes) } }
          if let bytes = victim.peak() { peaks.withLock { $0.append(bytes) } }
        }
        let arguments =
          ["cover", name, "--prompt", "@prompt.txt", "--service", service.url, "-o", name + ".mp3", "--no-wait"]
        let result = try await run.run(arguments, victim: victim)
        service.forgetHooks()
        #expect(result.status == 0, "\(result.messages)")
        let audio = try Data(contentsOf: URL(filePath: run.command.path(name)))
        let body = Data(try #require(service.submissions.last).body)
        #expect(body.range(of: Data("\\/".utf8)) == nil, "slashes are escaped")
        #expect(body.range(of: audio.prefix(3_000_000).base64EncodedData()) != nil)
        // Base64 is a third more, and the words around it are few.
        #expect(body.count - (audio.count + 2) / 3 * 4 < 500)
      }
      // 15 MB more of audio, 20 MB more of Base64: not even a fifth of it is held, nor was it before.
      for figures in [memory.withLock { $0 }, peaks.withLock { $0 }] {
        #if os(Linux)
          try #require(figures.count == 2)
        #else
          guard figures.count == 2 else { continue }
        #endif
        #expect(figures[1] - figures[0] < 4_000_000, "\(figures)")
      }
    }
  }

  @Test("14. Keys in argv, in logs, in saved request bodies")
  func fourteen() async throws {
    try await with(.endless) { run, service in
      let victim = Victim()
      let seen = Mutex<[String]>([])
      service.on(.polled) { _ in
        let line = FileManager.default.contents(atPath: "/proc/\(victim.pid)/cmdline") ?? Data()
        seen.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      }
      _ = try await run.run(PaidRun.cover(at: service.url, timeout: "1"), victim: victim)
      // `run` has looked through stdout and stderr.
      try #require(seen.withLock { !$0.isEmpty })
      #expect(seen.withLock { $0.allSatisfy { line in !run.secrets.contains { line.contains($0) } } })
      try run.checkFiles()
      try await with(.wrongKey) { run, service in
        let refused = try await run.run(PaidRun.cover(at: service.url))
        #expect(refused.status == 77 && refused.messages.contains("Invalid key"), "\(refused.messages)")
      }
      let saved = try await run.run([
        "request", Command.fixtures + "/recording.mp3", "--prompt", "a quiet acoustic cover", "-o", "body.json",
      ])
      #expect(saved.status == 0, "\(saved.messages)")
      try run.checkFiles()
      // A key is not taken from the command line at all.
      let typed = try await run.run(PaidRun.cover(at: service.url) + ["--key", "sk-typed"])
      #expect(typed.status == 64)
    }
  }
}
