import ArgumentParser
import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem

/// The worker process of `validate` that inspects files; not for users.
struct ValidateWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CheckWorker.commandName, abstract: "Check files for 'reprise validate'.", shouldDisplay: false)

  func run() async throws {
    // A signal to a worker is meant for that worker; the scan continues with another one.
    signal(SIGTERM, SIG_DFL)
    try await offPool("validate-worker") { _ in CheckWorker.run(rendering: InspectionRecord.rendered) }
  }

  /// Conversion of results to text for `validate`.
  static let rendering = ScanRendering(inspection: InspectionRecord.rendered)

  /// Command line of this program as a worker.
  static var invocation: [String] { [program, CheckWorker.commandName] }

  /// Identity of this program for the cache: a new build may judge differently, and so does one that has ffmpeg.
  static var checker: String {
    "2 \(Reprise.version) \(FileIdentity.stamp(at: program) ?? "")" + (FFmpegProgram.isInstalled ? " ffmpeg" : "")
  }

  static var program: String { CommandContext.current.program }
}
