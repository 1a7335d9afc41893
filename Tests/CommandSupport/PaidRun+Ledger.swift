import Foundation
package import HostileServer
import TestSupport
import Testing

/// A job as `jobs --json` tells it.
package struct JobLine {
  package let job: String
  package let state: String
  package let output: String
  package let usd: Double?

  package init(_ record: [String: Any]) throws {
    job = try #require(record["job"] as? String)
    state = try #require(record["state"] as? String)
    output = try #require(record["output"] as? String)
    usd = record["usd"] as? Double
  }

  /// `true` if nothing more is to be done, which only holds for a verified job here.
  package var isDone: Bool { state == "verified" }
}

extension PaidRun {
  /// Adds a service named `counted` to the configuration.
  ///
  /// - Parameters:
  ///   - service: The service.
  ///   - logDelay: Seconds after which the log is conclusive; `nil` if it never is.
  /// - Throws: An error if the configuration can't be written.
  package func configure(_ service: CountingService, logDelay: Double?) throws {
    let directory = command.path("state/config/reprise")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var lines = [
      "[services.counted]", #"like = "aimlapi""#, #"base_url = "\#(service.url)""#,
      #"key_variables = ["AIML_API_KEY"]"#, "price_usd = \(service.settings.usd)",
    ]
    if let logDelay { lines.append("log_delay = \(logDelay)") }
    lines += ["[services.counted.polling]", "first = 0.05", "longest = 0.2", "timeout = 60"]
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: directory + "/config.toml"))
  }

  /// Adds lines to the configuration.
  package func configure(_ lines: String...) throws {
    let path = command.path("state/config/reprise/config.toml")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try Data((text + lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
  }

  package func ledger() async throws -> [JobLine] { try await jobs().map(JobLine.init) }

  /// Resumes until every job is verified, as a person would who follows the messages.
  ///
  /// - Parameter service: The service that the person asks if a job was accepted before sending it again; `nil` if
  ///   nobody ever sends one again.
  /// - Throws: An error if a run can't be started, or if the ledger can't be read.
  package func settle(asking service: CountingService? = nil) async throws {
    var last = ""
    let end = ContinuousClock.now + .seconds(60) * patience
    var attempts = 0
    repeat {
      let open = try await ledger().filter { !$0.isDone }
      if open.isEmpty { return }
      let result = try await run(["resume", "--all", "--timeout", "30"])
      last = result.messages
      for job in try await ledger() where job.state == "ambiguous" {
        guard let service, service.tally.accepted[job.job] == nil else { continue }
        last = try await run(["resume", job.job, "--resend", "--timeout", "30"]).messages
      }
      // The log becomes conclusive after a while.
      attempts += 1
      try await Task.sleep(for: .milliseconds(50))
    } while ContinuousClock.now < end
    let states = try await ledger().filter { !$0.isDone }.map { "\($0.job) \($0.state)" }
    Issue.record("still open after \(attempts) resumptions: \(states); \(last)")
  }

  /// Every job is verified and was bought once, and whatever was bought is a job.
  package func checkLedger(_ service: CountingService, directory: String? = nil) async throws {
    let jobs = try await ledger()
    for job in jobs {
      #expect(job.state == "verified", "\(job.job) is \(job.state)")
      #expect(service.tally.accepted[job.job] == 1, "\(job.job) was accepted \(service.tally.accepted[job.job] ?? 0)×")
      let size = try? FileManager.default.attributesOfItem(atPath: job.output)[.size] as? Int
      #expect(size == service.cover.count, "\(job.output) is not the cover")
    }
    #expect(Set(service.tally.accepted.keys) == Set(jobs.map(\.job)), "a job that was bought is lost")
    #expect(service.tally.leaks == 0 && service.tally.strays.isEmpty)
    try checkFiles()
    try checkLeftovers(jobs)
  }

  /// Hidden files that killed processes left beside their outputs.
  package func partFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: command.directory).filter(Self.isPart)
  }

  private static func isPart(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".part") }

  /// Nothing half-written may lie beside the covers.
  private func checkLeftovers(_ jobs: [JobLine]) throws {
    let mine = Set(jobs.map { ($0.output as NSString).lastPathComponent })
    let others = try FileManager.default.contentsOfDirectory(atPath: command.directory).filter { name in
      // What a power cut leaves beside an output is hidden and marked; `partFiles` counts it.
      !mine.contains(name) && !Self.isPart(name) && name != "state" && !name.hasSuffix(".txt")
        && !name.hasPrefix("song.")
        && !name.hasPrefix("manifest.")
    }
    #expect(others.isEmpty, "left over: \(others)")
  }
}
