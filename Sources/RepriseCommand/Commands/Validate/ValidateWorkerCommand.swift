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
    try await offPool("validate-worker") { _ in CheckWorker.run(rendering: Self.rendered) }
  }

  /// How `validate` puts results into words.
  static let rendering = ScanRendering(inspection: rendered, loss: ScanErrorText.check)

  /// The line that `inspect --json` prints of an inspection, without its end, and the rows of its table.
  @Sendable static func rendered(_ inspection: Inspection) throws -> (record: [UInt8], rows: String) {
    (Array(try Console.json(inspection).utf8), InspectionTable.rows(inspection))
  }

  /// This program as a worker.
  static var invocation: [String] { [program, CheckWorker.commandName] }

  /// What the cache knows this program by: one that was built anew may judge otherwise.
  static var checker: String { "1 \(Reprise.version) \(FileIdentity.stamp(at: program) ?? "")" }

  static var program: String { CommandContext.current.program }
}
