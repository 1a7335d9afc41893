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

/// The fetching of inputs that are no files: `-`, which is stdin, and http and https URLs.
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

  /// Returns `true` if an argument is no path.
  static func isFetched(_ argument: String) -> Bool { argument == "-" || InputDownload.isURL(argument) }

  /// Returns the name that a file made of an input gets, with its extension: that of the file, or for a URL the end of
  /// its path.
  static func fileName(of input: String) -> String {
    guard isFetched(input) else { return PathText.name(of: input) }
    guard input != "-", let mark = input.range(of: "://") else { return "stdin" }
    let place = input[mark.upperBound...].prefix { $0 != "?" && $0 != "#" }
    let parts = place.split(separator: "/", omittingEmptySubsequences: true)
    guard let host = parts.first else { return "input" }
    let last = parts.count > 1 ? parts[parts.count - 1] : host.split(separator: "@").last ?? host
    let name = String(last).removingPercentEncoding ?? String(last)
    let plain = String(
      String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 || $0 == "/" || $0 == "\u{7F}" ? "_" : $0 }))
    // A hidden file, or a name that begins like an option, is nobody's wish.
    let visible = plain.drop { $0 == "." || $0 == "-" }
    return visible.isEmpty ? "input" : String(visible.prefix(120))
  }

  /// Returns `fileName(of:)` without its extension.
  static func stem(of input: String) -> String {
    isFetched(input) ? PathText.stem(of: fileName(of: input)) : PathText.stem(of: input)
  }

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
    let names = Set(arguments.filter(Self.isFetched))
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
    do { file = try PrivateFile(in: Folders.temporary()) } catch { return .failure(.file(error)) }
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
