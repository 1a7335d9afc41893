import ArgumentParser
import Foundation
import RepriseAudio
import RepriseService
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The fetching of inputs that are no files: `-`, which is stdin, and URLs.
struct FetchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most that is fetched from a URL or stdin, as 400MB. (default: 400MB, and 4GB from stdin)",
      valueName: "bytes"), transform: UnitArguments.bytes(_:))
  var maxFetch: Int?

  /// Most bytes that are fetched from a URL: eight times what the service takes, so that a part of it may be cut.
  private static let mostFromURL = 400_000_000
  /// Most bytes that are read from stdin.
  private static let mostFromStdin = 4_000_000_000

  /// Fetches the arguments that are no files, and calls `work` while what was fetched stands in for them.
  ///
  /// Whoever opens one that could not be fetched gets the reason. What was fetched is removed at the end, however
  /// `work` ends.
  ///
  /// - Parameters:
  ///   - arguments: The inputs.
  ///   - isQuiet: `true` to show no progress.
  ///   - work: The closure to be called.
  /// - Throws: Any error of `work`, or `CancellationError`.
  func fetching(_ arguments: [String], isQuiet: Bool = true, _ work: () async throws -> Void) async throws {
    let names = Set(arguments.filter(InputName.isFetched))
    guard !names.isEmpty else { return try await work() }
    var files: [PrivateFile] = []
    var outcomes: [String: StandIns.Outcome] = [:]
    let progress = Progress(quiet: isQuiet)
    defer { progress.finish() }
    for name in arguments where names.contains(name) && outcomes[name] == nil {
      do throws(FetchProblem) {
        let file = try await fetch(name, progress)
        files.append(file)
        outcomes[name] = .success(file.path)
      } catch {
        try Task.checkCancellation()
        outcomes[name] = .failure(error)
      }
    }
    progress.finish()
    try await StandIns.using(outcomes, work)
    withExtendedLifetime(files) {}
  }

  private func fetch(_ argument: String, _ progress: Progress) async throws(FetchProblem) -> PrivateFile {
    let limit = maxFetch
    let input = CommandContext.current.input
    if argument == "-", isatty(input) == 1 { throw .terminal }
    let result: Result<PrivateFile, FetchProblem>
    do {
      result = try await offPool("reprise.fetch") { cancellation in
        Self.fetched(argument, stdin: input, limit: limit, cancellation: cancellation) { received, expected in
          guard let expected, expected > 0 else { return }
          progress.report("fetch", share: Double(received) / Double(expected))
        }
      }
    } catch { throw .cancelled }
    return try result.get()
  }

  private static func fetched(
    _ argument: String, stdin: CInt, limit: Int?, cancellation: Cancellation,
    progress: @Sendable (_ received: Int, _ expected: Int?) -> Void
  ) -> Result<PrivateFile, FetchProblem> {
    let file: PrivateFile
    do { file = try PrivateFile(in: Directories.temporary()) } catch { return .failure(.file(error)) }
    return Result { () throws(FetchProblem) in
      if argument == "-" {
        _ = try StreamCopy.copy(
          stdin, to: file.borrowed, limit: limit ?? mostFromStdin, cancellation: cancellation)
      } else {
        _ = try InputDownload.fetch(
          argument, into: file.borrowed, limit: limit ?? mostFromURL, timeouts: ServiceDescription.Timeouts(),
          cancellation: cancellation, progress: progress)
      }
      return file
    }
  }
}
