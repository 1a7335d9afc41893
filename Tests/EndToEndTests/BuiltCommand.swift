import Foundation
import Testing

/// The built `reprise`, run as a user runs it: own process, own folders, no key in the environment.
struct BuiltCommand {
  struct Result {
    let status: Int32
    let output: String
    let words: String

    /// The lines of stdout as JSON objects.
    func records() throws -> [[String: Any]] {
      try output.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }
  }

  /// A folder of this test's own, removed by `clean`.
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "reprise-e2e-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func clean() { try? FileManager.default.removeItem(atPath: folder) }

  /// Where the fixtures are.
  static var fixtures: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures").path
  }

  /// The command that was built beside the tests, or the one `REPRISE_BINARY` names.
  static var executable: URL {
    get throws {
      if let named = ProcessInfo.processInfo.environment["REPRISE_BINARY"] { return URL(fileURLWithPath: named) }
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let places = [
        Bundle.main.executableURL?.deletingLastPathComponent(), Bundle.main.bundleURL.deletingLastPathComponent(),
        root.appendingPathComponent(".build/release"),
      ]
      let found = places.compactMap { $0?.appendingPathComponent("reprise") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }
      return try #require(found, "the reprise command is not built; run swift build first")
    }
  }

  func path(_ name: String) -> String { folder + "/" + name }

  /// What is in the test's folder, at any depth, without the ledger.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { !$0.hasPrefix("state") }.sorted()
  }

  /// A process that is set up and not started, its output going to files.
  ///
  /// - Parameter place: the folder below the test's own in which it runs.
  func process(_ arguments: [String], environment: [String: String] = [:], in place: String = ".") throws -> (
    Process, out: String, words: String
  ) {
    let process = Process()
    process.executableURL = try Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path(place))
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AIML") && $0.key != "NO_COLOR" }
    variables["XDG_STATE_HOME"] = folder + "/state"
    variables["XDG_CONFIG_HOME"] = folder + "/state/config"
    variables["XDG_CACHE_HOME"] = folder + "/state/cache"
    variables.merge(environment) { $1 }
    process.environment = variables
    // Beside the ledger, which `files` leaves out.
    try FileManager.default.createDirectory(atPath: folder + "/state", withIntermediateDirectories: true)
    let logs = folder + "/state/log-" + UUID().uuidString
    let (out, words) = (logs + ".out", logs + ".err")
    for path in [out, words] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: words))
    return (process, out, words)
  }

  /// Runs the command to its end.
  func run(
    _ arguments: String..., environment: [String: String] = [:], in place: String = "."
  ) async throws -> Result {
    let (process, out, words) = try process(arguments, environment: environment, in: place)
    let status = try await finish(process)
    defer {
      try? FileManager.default.removeItem(atPath: out)
      try? FileManager.default.removeItem(atPath: words)
    }
    return Result(
      status: status, output: try String(contentsOfFile: out, encoding: .utf8),
      words: try String(contentsOfFile: words, encoding: .utf8))
  }

  /// Starts a process, if it is not running yet, and waits for its end.
  ///
  /// - Parameter victim: is told the process's number, so that others can end it.
  func finish(_ process: Process, victim: Victim? = nil) async throws -> Int32 {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do {
        try process.run()
        victim?.began(process.processIdentifier)
      } catch {
        continuation.resume(throwing: error)
      }
    }
    return process.terminationStatus
  }
}
