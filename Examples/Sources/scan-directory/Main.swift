import Foundation
import Reprise

/// Lists the audio files below directories that a service would not accept unchanged.
@main
enum Main {
  static func main() async {
    let paths = CommandLine.arguments.dropFirst().map { FilePath($0) }
    guard !paths.isEmpty else {
      print("usage: scan-directory DIRECTORY…")
      exit(64)
    }
    do {
      for try await file in LibraryScan(paths, options: .init(depth: .samples)) {
        guard file.inspection.verdict != .ready else { continue }
        let codes = file.inspection.reasons.map(\.code.rawValue).joined(separator: " ")
        print(file.path, file.inspection.verdict.rawValue, codes)
      }
    } catch {
      print("scan-directory: \(error)")
      exit(1)
    }
  }
}
