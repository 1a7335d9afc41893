import CommandSupport
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

/// Looks at a process's arguments for as long as it runs.
private final class ArgumentWatch: Sendable {
  private let seen = Mutex<Set<String>>([])
  private let isOver = Atomic(false)

  var arguments: Set<String> { seen.withLock { $0 } }

  init(_ victim: Victim) {
    Thread { [self] in
      while !isOver.load(ordering: .acquiring) {
        let data = victim.pid == 0 ? nil : FileManager.default.contents(atPath: "/proc/\(victim.pid)/cmdline")
        // A zombie has none.
        if let data, !data.isEmpty { seen.withLock { _ = $0.insert(String(decoding: data, as: UTF8.self)) } }
        usleep(2000)
      }
    }.start()
  }

  func end() { isOver.store(true, ordering: .releasing) }
}

@Suite("Key, prompt and lyrics are the service's to see and nobody else's")
struct SecretTests {
  private static let cases: [Misbehaviour?] = [
    nil, .wrongKey, .noCredit, .errorWithin200, .bodyTooLarge, .redirectsSubmission, .dropsAfterBody, .failsAfterBody,
    .invalidJSON, .endless, .generationFails, .forgetsKey, .resultIsPage, .resultExpired, .answersNobody,
  ]

  @Test("whole jobs, in success and in each kind of failure, and what is left of them", arguments: cases)
  func jobs(_ misbehaviour: Misbehaviour?) async throws {
    let run = try PaidRun(.process)
    defer { run.clean() }
    let service = try CountingService(misbehaviour: misbehaviour)
    defer { service.stop() }
    var seen: Set<String> = []
    func watched(_ arguments: [String], _ victim: Victim = Victim()) async throws -> Command.Result {
      let watch = ArgumentWatch(victim)
      defer { watch.end() }
      let result = try await run.run(arguments, victim: victim)
      seen.formUnion(watch.arguments)
      return result
    }
    let victim = Victim()
    if misbehaviour == .answersNobody { service.on(.bodyWhole) { _ in victim.kill() } }
    _ = try await watched(PaidRun.cover(at: service.url, timeout: "1"), victim)
    service.forgetHooks()
    let state = try #require(try await run.ledger().first?.state)
    try run.checkFiles(textsMayRemain: ["prepared", "submitting", "ambiguous"].contains(state))
    let job = try #require(try await run.ledger().first?.job)
    for arguments in [["jobs"], ["jobs", "--json"], ["jobs", "show", job], ["resume", job, "--timeout", "1"]] {
      _ = try await watched(arguments)
    }
    #if os(Linux)
      #expect(!seen.isEmpty, "no arguments were seen")
    #endif
    for line in seen {
      for secret in run.secrets { #expect(!line.contains(secret), "the process list shows \(secret)") }
    }
    for (name, state) in try await run.ledger().map({ ($0.job, $0.state) }) {
      try run.checkFiles(textsMayRemain: ["prepared", "submitting", "ambiguous"].contains(state))
      #expect(!name.isEmpty)
    }
    #expect(service.tally.leaks == 0)
  }

  @Test("the local service's own log has neither, whatever is asked of it")
  func serviceLog() async throws {
    let run = try PaidRun(.process)
    defer { run.clean() }
    let (process, out, messages) = try run.command.process(["serve", "--port", "0"], environment: run.environment)
    async let status = run.command.finish(process)
    var address: String?
    try? await eventually("it listens") {
      let line = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").first
      address = line.flatMap { $0.hasPrefix("listening on ") ? String($0.dropFirst("listening on ".count)) : nil }
      return address != nil
    }
    defer { process.interrupt() }
    let baseURL = try #require(address)
    let result = try await run.run(PaidRun.cover(at: baseURL))
    #expect(result.status == 0, "\(result.messages)")
    // Words that the service refuses: too long, and so repeated by a careless error.
    let long = "[Verse]\n" + String(repeating: run.secrets[2] + " ", count: 200)
    try Data(long.utf8).write(to: URL(filePath: run.command.path("lyrics.txt")))
    _ = try await run.run(PaidRun.cover(at: baseURL, output: "other.mp3"))
    process.interrupt()
    _ = try await status
    let log = try String(contentsOfFile: messages, encoding: .utf8) + String(contentsOfFile: out, encoding: .utf8)
    #expect(log.contains("POST /v2/generate/audio 200"), "\(log)")
    for secret in run.secrets { #expect(!log.contains(secret), "the log holds \(secret)") }
    try run.checkFiles()
  }
}
