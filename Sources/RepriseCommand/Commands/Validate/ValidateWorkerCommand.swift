import ArgumentParser
import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem

/// The process that `validate` has files looked at by; not for people.
struct ValidateWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate-worker", abstract: "Check files for 'reprise validate'.", shouldDisplay: false)

  func run() async throws {
    // Whoever ends a worker means it; the scan goes on with another.
    signal(SIGTERM, SIG_DFL)
    try await offPool("reprise check") { _ in CheckWorker.run(words: InspectionTable.rows) }
  }

  /// This program as a worker.
  static var invocation: [String] { [program, "validate-worker"] }

  /// What the cache knows this program by: one that was built anew may judge otherwise.
  static var checker: String { "1 \(Reprise.version) \(FileIdentity.stamp(at: program) ?? "")" }

  static var program: String { CommandContext.current.program }
}
