import CommandSupport
import Foundation
import HostileServer
import Testing

/// The definition of one purchase, the state after a stop, and the limits of spending.
@Suite("What a stopped purchase leaves behind")
struct PurchaseTests {
  /// Runs `body` with a run and a service `counted`, and looks that nothing was bought twice.
  private func with(
    _ misbehaviour: Misbehaviour? = nil, logDelay: Double? = nil,
    settings: CountingService.Settings = CountingService.Settings(),
    _ body: (PaidRun, CountingService) async throws -> Void
  ) async throws {
    let run = try PaidRun(.process)
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

  @Test(
    "a run that is stopped while the service is busy: kill leaves the job to the next, Ctrl-C gives one cover up",
    arguments: [(SIGTERM, "prepared"), (SIGHUP, "prepared"), (SIGINT, "cancelled")])
  func stopped(signal: Int32, state: String) async throws {
    try await with(.tooManySubmissions) { run, service in
      let patient = PaidRun.cover(at: "counted", timeout: "3600", output: "one.mp3")
      let (process, _, messages) = try run.command.process(patient, environment: run.environment)
      let watch = Task {
        while service.tally.count(.submissionBegun) == 0 { try? await Task.sleep(for: .milliseconds(20)) }
        try? await Task.sleep(for: .milliseconds(300))
        kill(process.processIdentifier, signal)
      }
      let status = try await run.command.finish(process)
      watch.cancel()
      #expect(status == 130)
      let said = try String(contentsOfFile: messages, encoding: .utf8)
      #expect(try await run.ledger().map(\.state) == [state], "\(said)")
      service.behave()
      guard state == "prepared" else { return }
      #expect(said.contains("reprise resume"), "\(said)")
      #expect(try await run.run(["resume", "--all"]).status == 0)
      try await run.checkLedger(service)
    }
  }
}
