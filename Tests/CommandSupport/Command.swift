package import Foundation
import RepriseCommand
import RepriseSystem
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command, run as a user runs it: own directories, no key in the environment.
package struct Command: Sendable {
  /// The process that runs the command.
  package enum Location: Sendable {
    /// In the test's process, by the function behind the program's `main`.
    case here
    /// In a process of its own, as the built program.
    case process
  }

  /// A run's exit status and output.
  package struct Result: Sendable {
    package let status: Int32
    package let output: String
    package let messages: String

    package init(status: Int32, output: String, messages: String) {
      self.status = status
      self.output = output
      self.messages = messages
    }

    /// The lines of stdout as JSON objects.
    package func records() throws -> [[String: Any]] {
      try output.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }
  }

  /// A directory of this test's own, removed by `clean`.
  package var directory: String { scratch.root }
  private let scratch: Scratch
  private let location: Location

  /// Creates a command in an empty directory.
  ///
  /// - Parameter location: The process that runs the command; if `REPRISE_BINARY` names a program, that program is run
  ///   instead.
  /// - Throws: An error if the directory can't be made.
  package init(_ location: Location = .here) throws {
    scratch = try Scratch()
    self.location = Self.named == nil ? location : .process
  }

  /// Removes the directory.
  package func clean() { scratch.remove() }

  /// The directory of the fixtures.
  package static let fixtures = (fixture("plain.wav") as NSString).deletingLastPathComponent

  /// The program that `REPRISE_BINARY` names.
  private static var named: URL? {
    ProcessInfo.processInfo.environment["REPRISE_BINARY"].map { URL(fileURLWithPath: $0) }
  }

  /// The command that was built beside the tests, or the one `REPRISE_BINARY` names.
  package static var executable: URL {
    get throws {
      if let named { return named }
      let root = URL(fileURLWithPath: fixtures).deletingLastPathComponent()
      let places = [
        Bundle.main.executableURL?.deletingLastPathComponent(), Bundle.main.bundleURL.deletingLastPathComponent(),
        root.appendingPathComponent(".build/release"),
      ]
      let found = places.compactMap { $0?.appendingPathComponent("reprise") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }
      return try #require(found, "the reprise command is not built; run swift build first")
    }
  }

  /// A path in the directory; nothing is created.
  package func path(_ name: String) -> String { directory + "/" + name }

  /// Returns the paths of the files in the test's directory, at any depth, without the ledger.
  package func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).filter { !$0.hasPrefix("state") }.sorted()
  }

  private func variables(_ more: [String: String]) -> [String: String] {
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AIML") && $0.key != "NO_COLOR" }
    variables["XDG_STATE_HOME"] = directory + "/state"
    variables["XDG_CONFIG_HOME"] = directory + "/state/config"
    variables["XDG_CACHE_HOME"] = directory + "/state/cache"
    // Whether the learned models are installed changes what is heard, and takes time.
    variables["REPRISE_MODELS"] = ""
    return variables.merging(more) { $1 }
  }

  /// Empty files for what is written, beside the ledger, which `files` leaves out.
  private func logs() throws -> (out: String, messages: String) {
    try FileManager.default.createDirectory(atPath: directory + "/state", withIntermediateDirectories: true)
    let logs = directory + "/state/log-" + UUID().uuidString
    let (out, messages) = (logs + ".out", logs + ".err")
    for path in [out, messages] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    return (out, messages)
  }

  /// Prepares a process of the built program without starting it, its output going to files.
  ///
  /// - Parameters:
  ///   - arguments: The program's arguments.
  ///   - environment: Variables that are added to the environment.
  ///   - location: The directory below the test's own in which the process runs.
  /// - Returns: The process, and the paths of its stdout and stderr.
  /// - Throws: An error if the program is missing or the files can't be made.
  package func process(
    _ arguments: [String], environment: [String: String] = [:], in location: String = "."
  ) throws -> (Process, out: String, messages: String) {
    let process = Process()
    process.executableURL = try Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path(location))
    process.environment = variables(environment)
    let (out, messages) = try logs()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
    return (process, out, messages)
  }

  /// Runs the command to its end.
  package func run(
    _ arguments: String..., environment: [String: String] = [:], in location: String = "."
  ) async throws -> Result {
    try await run(list: arguments, environment: environment, in: location)
  }

  /// Runs the command with a list of arguments.
  ///
  /// - Parameters:
  ///   - arguments: The command's arguments.
  ///   - environment: Variables that are added to the environment.
  ///   - location: The directory below the test's own in which the command runs.
  ///   - victim: An object that receives the process's id, so that others can end the process.
  /// - Returns: The run's exit status and output.
  /// - Throws: An error if the process can't be started or its output can't be read.
  package func run(
    list arguments: [String], environment: [String: String] = [:], in location: String = ".", victim: Victim? = nil
  ) async throws -> Result {
    if self.location == .here { return try await runHere(arguments, environment, in: path(location)) }
    let (process, out, messages) = try process(arguments, environment: environment, in: location)
    return try Self.result(try await finish(process, victim: victim), out, messages)
  }

  /// Runs the command in this process, which is in the command's directory for that time.
  private func runHere(_ arguments: [String], _ environment: [String: String], in location: String) async throws
    -> Result
  {
    let (out, messages) = try logs()
    let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    let files = [out, messages].map { (path: String) in unsafe open(path, O_WRONLY | O_APPEND | O_CLOEXEC) }
    defer { for descriptor in [input] + files { close(descriptor) } }
    try #require(input >= 0 && files[0] >= 0 && files[1] >= 0)
    var context = CommandContext(
      input: input, output: files[0], messages: files[1], environment: variables(environment),
      program: try Self.executable.path)
    context.arguments = arguments.map { RawPath($0) }
    let status = try await WorkingDirectory.shared.inside(location) { [context] in
      await Self.limited { await CommandLineProgram.run(arguments, in: context) }
    }
    return try Self.result(status, out, messages)
  }

  /// Cancels a run that hangs, and says so.
  private static func limited(_ run: @escaping @Sendable () async -> Int32) async -> Int32 {
    await withTaskGroup(of: Int32?.self) { group in
      group.addTask { await run() }
      group.addTask {
        if (try? await Task.sleep(for: .seconds(600))) != nil { Issue.record("not done after ten minutes") }
        return nil
      }
      var status: Int32 = -1
      for await ended in group {
        if let ended { status = ended }
        group.cancelAll()
      }
      return status
    }
  }

  private static func result(_ status: Int32, _ out: String, _ messages: String) throws -> Result {
    defer { for path in [out, messages] { try? FileManager.default.removeItem(atPath: path) } }
    return Result(
      status: status, output: try String(contentsOfFile: out, encoding: .utf8),
      messages: try String(contentsOfFile: messages, encoding: .utf8))
  }

  /// Starts a process, if it is not running yet, and waits for its end.
  ///
  /// - Parameters:
  ///   - process: The process.
  ///   - victim: An object that receives the process's id, so that others can end the process.
  /// - Returns: The exit status.
  /// - Throws: An error if the process can't be started.
  package func finish(_ process: Process, victim: Victim? = nil) async throws -> Int32 {
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
