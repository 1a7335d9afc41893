import ArgumentParser
import Foundation
import RepriseJobs
import RepriseSystem

struct JobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "What was begun: each job's state, service, cost and output.",
    discussion: """
      reprise jobs                          all of them, and what they have cost
      reprise jobs --open                   those that the service may still hold
      reprise jobs show rp-3f               all that is known of one
      reprise jobs spent --since 30d        what was spent, by service
      reprise jobs forget --older-than 90d  finished ones that are no longer wanted
      """,
    subcommands: [
      JobsListCommand.self, JobsShowCommand.self, JobsForgetCommand.self, JobsSpentCommand.self,
    ],
    defaultSubcommand: JobsListCommand.self)
}

/// The ledger, for commands that only read it.
enum KnownLedger {
  static var path: String { Ledger.usualPath }

  /// Opens the ledger without creating files; `nil` if no job was ever started.
  static func open() throws(LedgerError) -> Ledger? {
    Ledger.exists(at: path) ? try Ledger(path: path) : nil
  }

  /// Returns all jobs, newest first.
  static func jobs() async throws(LedgerError) -> [Job] {
    try await open()?.jobs() ?? []
  }
}
