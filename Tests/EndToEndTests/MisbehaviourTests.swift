import CommandSupport
import Foundation
import HostileServer
import Testing

@Suite(
  "A service that misbehaves: the documented exit code, the job kept or refused, nothing bought twice")
struct MisbehaviourTests {
  @Test("a service that", arguments: Misbehaviour.allCases)
  func misbehaves(_ misbehaviour: Misbehaviour) async throws {
    let expected = misbehaviour.expected
    let run = try PaidRun(.process)
    defer { run.clean() }
    let service = try CountingService(misbehaviour: misbehaviour)
    defer { service.stop() }
    let tls = misbehaviour == .untrusted ? try SelfSignedServer(in: run.command.path("state/tmp")) : nil
    defer { tls?.stop() }

    let victim = Victim()
    switch expected.end {
    case .itself: break
    case .interrupted: service.on(.bodyWhole) { _ in victim.interrupt() }
    case .killed: service.on(.bodyWhole) { _ in victim.kill() }
    }
    var arguments = PaidRun.cover(at: tls?.url ?? service.url, timeout: expected.timeout)
    if [.dropsBeforeBody, .dropsDuringBody].contains(misbehaviour) {
      // More than a connection's buffers take in: what has left tells that not all has.
      try LongTone.write(to: run.command.path("long.wav"), seconds: 240)
      arguments = PaidRun.cover(at: service.url, of: "long.wav")
    }
    let result = try await run.run(arguments, victim: victim)
    service.forgetHooks()
    #expect(expected.status.contains(result.status), "\(result.status): \(result.messages)")
    for word in expected.messages { #expect(result.messages.contains(word), "'\(word)' is not in: \(result.messages)") }
    for word in expected.unsaid { #expect(!result.messages.contains(word), "'\(word)' is in: \(result.messages)") }

    let job = try #require(try await run.jobs().first)
    let state = try #require(job["state"] as? String)
    let name = try #require(job["job"] as? String)
    #expect(expected.states.contains(state), "\(state): \(result.messages)")
    #expect(service.tally.accepted == (expected.submissions == 0 ? [:] : [name: expected.submissions]))
    check(service)
    try run.checkFiles(textsMayRemain: !["submitted", "generating", "completed", "verified"].contains(state))
    if ![0, 1].contains(result.status) {
      #expect(!FileManager.default.fileExists(atPath: run.command.path("cover.mp3")))
    }
    if [.forgetsKey, .redirectsQuestions].contains(misbehaviour) {
      #expect(service.tally.count(.polled) == 1, "a permanent answer was asked for again")
    }
    if misbehaviour == .resultDrops { #expect(service.tally.parts == 1, "the half that was here was fetched again") }

    guard let after = expected.resumed else { return }
    service.behave()
    if !expected.resumedBy.isEmpty {
      let asked = try await run.run(["resume", name, "--timeout", "30"])
      #expect(asked.status == 75 && service.tally.submissions == expected.submissions, "\(asked.messages)")
      #expect(asked.messages.contains("reprise resume \(name) --resend"), "\(asked.messages)")
    }
    let resumed = try await run.run(["resume", name, "--timeout", "30"] + expected.resumedBy)
    #expect(resumed.status == after, "\(resumed.messages)")
    #expect(try await run.jobs().first?["state"] as? String == "verified")
    #expect(service.tally.accepted == [name: 1])
    #expect(FileManager.default.fileExists(atPath: run.command.path("cover.mp3")))
    check(service)
    try run.checkFiles()
  }

  private func check(_ service: CountingService) {
    let tally = service.tally
    #expect(tally.doubled.isEmpty)
    #expect(tally.leaks == 0, "the key went where it had no business")
    #expect(tally.outlasted == 0, "no deadline held")
    #expect(tally.tooEarly == 0, "Retry-After was not waited for")
    #expect(tally.strays.isEmpty, "\(tally.strays)")
  }
}
