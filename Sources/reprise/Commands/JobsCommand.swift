import ArgumentParser
import Foundation
import Jobs
import Platform

struct JobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "List what was begun: each job's state, service and output.")

  @OptionGroup var speech: OutputOptions

  func run() async throws {
    let ledger = try Ledger(path: Folders.state() + "/jobs.sqlite")
    let jobs = try await ledger.jobs()
    if speech.json {
      for job in jobs { try Console.data(try Console.json(JobRecord(job))) }
      return
    }
    if jobs.isEmpty { speech.say("no jobs yet; 'reprise cover' begins one") }
    for job in jobs {
      let state = job.state.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
      let verdict = job.verdict.map { " (\($0))" } ?? ""
      try Console.data(
        "\(job.job)  \(state)\(verdict)  \(job.created.ISO8601Format())  \(job.service)  \(Console.printable(job.output))"
      )
      if let message = job.message { try Console.data("    \(Console.printable(message))") }
      if job.canGoOn && job.state != .failed { try Console.data("    go on: \(CoverRun.resumeCommand(job))") }
    }
  }
}
