import ArgumentParser
import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem

/// The process that `validate` has files looked at by; not for people.
struct ValidateWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CheckWorker.commandName, abstract: "Check files for 'reprise validate'.", shouldDisplay: false)

  func run() async throws {
    // Whoever ends a worker means it; the scan goes on with another.
    signal(SIGTERM, SIG_DFL)
    try await offPool("validate-worker") { _ in CheckWorker.run(rendering: InspectionRecord.rendered) }
  }

  /// How `validate` puts results into words.
  static let rendering = ScanRendering(inspection: InspectionRecord.rendered)

  /// This program as a worker.
  static var invocation: [String] { [program, CheckWorker.commandName] }

  /// What the cache knows this program by: one that was built anew may judge otherwise.
  static var checker: String { "1 \(Reprise.version) \(FileIdentity.stamp(at: program) ?? "")" }

  static var program: String { CommandContext.current.program }
}
