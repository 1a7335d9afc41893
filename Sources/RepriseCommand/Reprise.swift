import ArgumentParser
import Foundation
import RepriseJobs
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line, which only translates arguments into calls of the modules and their results into text.
struct Reprise: AsyncParsableCommand {
  static let version = RepriseVersion.current

  static let configuration = CommandConfiguration(
    commandName: "reprise",
    abstract: "Make a recording fit a cover service, have the cover made, and check what comes back.",
    discussion: """
      reprise cover song.wav --prompt "warm acoustic folk, fingerpicked guitar"

      Without a key the cover is made here, by a local service. Data goes to stdout, messages to stderr.

      Exit codes: 0 success, 1 some files rejected or the result failed verification, 64 usage, 65 bad audio, 66 no such \
      input, 69 the service refused or is unreachable, 74 I/O, 75 still pending (resumable), 77 key or credit, \
      130 interrupted.
      """,
    version: version,
    subcommands: [
      InspectCommand.self, PrepareCommand.self, RequestCommand.self, CoverCommand.self, JobsCommand.self,
      ResumeCommand.self, VerifyCommand.self, ValidateCommand.self, AnalyzeCommand.self, CompareCommand.self,
      ServeCommand.self,
      ServicesCommand.self, CacheCommand.self, ValidateWorkerCommand.self, PrepareWorkerCommand.self,
    ])
}

extension Reprise {
  /// Returns the command named by the first argument, if all other arguments are valid for it.
  ///
  /// The parser needs a millisecond or two to search the tree of commands, a fifth of the time of a short command.
  /// Everything other than a valid command, including help and mistakes, is left to the tree, which has the right
  /// messages for it.
  static func named(_ arguments: [String]) -> (any ParsableCommand)? {
    guard let name = arguments.first,
      let command = configuration.subcommands.first(where: { $0.configuration.commandName == name })
    else { return nil }
    // A request for help parses as the help command.
    guard let parsed = try? command.parseAsRoot(Array(arguments.dropFirst())),
      ([command] + command.configuration.subcommands).contains(where: { $0 == type(of: parsed) })
    else { return nil }
    return parsed
  }
}

/// The command line as a program, and as a function that returns the program's exit code.
package enum CommandLineProgram {
  /// Parses the arguments of the process, runs the command named there, and exits with its documented code.
  package static func main() async {
    // A file opened under the descriptor of a closed stdout would receive the data.
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 { _ = unsafe open("/dev/null", O_RDWR) }
    // A closed pipe (`reprise inspect | head -1`) is to be an error of write(), not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    Heap.limitArenas()
    // The context is that of the process already. Binding it would hop to the pool of threads, which costs half a
    // millisecond and which `--version`, `--help` and mistakes never need.
    exit(await status(of: Array(CommandLine.arguments.dropFirst())))
  }

  /// Parses arguments, runs the command named there, and reports errors.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the name of the program.
  ///   - context: The context of the run.
  /// - Returns: The documented exit code.
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
      // The reader of stdout needs no more.
      return ExitStatus.fine.rawValue
    } catch {
      guard let (status, message) = ErrorPresentation.of(error) else { return self.status(of: error, arguments) }
      Console.say("reprise: \(message)")
      if status == .usage, UsageText.isOfCommandLine(error) { Console.say(UsageText.pointer(arguments)) }
      return status.rawValue
    }
  }

  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    if let fault = UsageText.faultBeforeParsing(arguments) {
      throw CommandError(.usage, UsageText.sentence(fault, in: arguments))
    }
    let arguments = SalvageOption.completed(arguments)
    return try Reprise.named(arguments) ?? Reprise.parseAsRoot(arguments)
  }

  /// Prints an error of the parser: requested help, or an invalid command line.
  private static func status(of error: any Error, _ arguments: [String]) -> Int32 {
    let code = Reprise.exitCode(for: error)
    guard code.isSuccess else {
      // Errors of neither the parser nor this program are the system's.
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

/// A wrapper that carries a parsed command, which is not Sendable, to the only task that runs it.
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
