import ArgumentParser
import Foundation
import RepriseJobs
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line: it translates words into the modules' calls and their results into words, nothing more.
struct Reprise: AsyncParsableCommand {
  static let version = RepriseVersion.current

  static let configuration = CommandConfiguration(
    commandName: "reprise",
    abstract: "Make a recording fit a cover service, have the cover made, and check what comes back.",
    discussion: """
      reprise cover song.wav --prompt "warm acoustic folk, fingerpicked guitar"

      Without a key the cover is made here, by a local service. Data goes to stdout, words to stderr.

      Exit codes: 0 fine, 1 some files rejected or the result failed verification, 64 usage, 65 bad audio, 66 no such \
      input, 69 the service refused or is unreachable, 74 I/O, 75 still pending (resumable), 77 key or credit, \
      130 interrupted.
      """,
    version: version,
    subcommands: [
      InspectCommand.self, PrepareCommand.self, RequestCommand.self, CoverCommand.self, JobsCommand.self,
      ResumeCommand.self, VerifyCommand.self, ValidateCommand.self, AnalyzeCommand.self, ServeCommand.self,
      ServicesCommand.self, CacheCommand.self, ValidateWorkerCommand.self, PrepareWorkerCommand.self,
    ])
}

extension Reprise {
  /// The command that the first argument names, if all others make sense to it.
  ///
  /// The parser takes a millisecond or two to look through the tree of commands, a fifth of what a short one takes. Whatever
  /// is not plainly a command, help and mistakes among it, is left to the tree, which has the right words for it.
  static func named(_ arguments: [String]) -> (any ParsableCommand)? {
    guard let name = arguments.first,
      let command = configuration.subcommands.first(where: { $0.configuration.commandName == name })
    else { return nil }
    // What asks for help parses as the help command.
    guard let parsed = try? command.parseAsRoot(Array(arguments.dropFirst())),
      ([command] + command.configuration.subcommands).contains(where: { $0 == type(of: parsed) })
    else { return nil }
    return parsed
  }
}

/// The command line as a program, and as a function that returns the program's exit code.
public enum CommandLineProgram {
  /// Parses the process's arguments, runs the command they name, and exits with its documented code.
  public static func main() async {
    // A file opened in the place of a closed stdout would take the data that is meant for nobody.
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 { _ = unsafe open("/dev/null", O_RDWR) }
    // A reader that goes away (`reprise inspect | head -1`) is an error from write(), not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    Heap.limitArenas()
    exit(await run(Array(CommandLine.arguments.dropFirst()), in: .ofProcess))
  }

  /// Parses arguments, runs the command they name, and says what went wrong.
  ///
  /// - Parameters:
  ///   - arguments: what is typed behind the program's name.
  ///   - context: what the run has around it.
  /// - Returns: the documented exit code.
  package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
    await context.running { await status(of: arguments) }
  }

  private static func status(of arguments: [String]) async -> Int32 {
    do {
      let parsed = try parse(arguments)
      try await Interruption.guarding { [box = CommandBox(parsed)] in try await box.run() }
      return ExitStatus.fine.rawValue
    } catch let status as ExitStatus {
      return status.rawValue
    } catch is Console.Closed {
      // Whoever read stdout has seen enough.
      return ExitStatus.fine.rawValue
    } catch {
      guard let (status, words) = ErrorPresentation.of(error) else { return self.status(of: error, arguments) }
      Console.say("reprise: \(words)")
      if error is CommandError || error is CoverPipelineError, status == .usage {
        Console.say(UsageText.pointer(arguments))
      }
      return status.rawValue
    }
  }

  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    if let fault = UsageText.faultBeforeParsing(arguments) {
      throw CommandError(.usage, UsageText.sentence(fault, in: arguments))
    }
    return try Reprise.named(arguments) ?? Reprise.parseAsRoot(arguments)
  }

  /// Says what the parser throws: help that was asked for, or a command line that makes no sense.
  private static func status(of error: any Error, _ arguments: [String]) -> Int32 {
    let code = Reprise.exitCode(for: error)
    guard code.isSuccess else {
      // What is none of the parser's errors and of ours is the system's.
      let isUsage = code == .validationFailure
      Console.say("reprise: \(isUsage ? UsageText.sentence(for: error, in: arguments) : error.localizedDescription)")
      if isUsage { Console.say(UsageText.pointer(arguments)) }
      return isUsage ? ExitStatus.usage.rawValue : code.rawValue
    }
    let text = Reprise.fullMessage(for: error)
    if !text.isEmpty { try? Console.data(text) }
    return ExitStatus.fine.rawValue
  }
}

/// Carries a parsed command, which is not Sendable, to the task that alone runs it.
private struct CommandBox: @unchecked Sendable {
  private let command: any ParsableCommand

  init(_ command: any ParsableCommand) { self.command = command }

  func run() async throws {
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      var synchronous = command
      try synchronous.run()
    }
  }
}
