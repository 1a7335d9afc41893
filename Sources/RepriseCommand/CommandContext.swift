import Foundation
package import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a run of the command has around it: streams, environment, arguments as they were typed, and the program its workers are.
///
/// The program has its process's own. Several runs in one process, as tests have them, each have theirs.
package struct CommandContext: Sendable {
  /// The descriptor that a person's answers are read from.
  package var input: Int32
  /// The descriptor that data goes to.
  package var output: Int32
  /// The descriptor that words go to.
  package var words: Int32
  /// The variables of the environment; nil for the process's own.
  package var environment: [String: String]?
  /// The program that is started for what needs a process of its own.
  package var program: String
  /// Whether Ctrl-C, `kill` and a closed terminal end the run.
  package var catchesSignals = false
  /// The arguments byte by byte, the program's name left out.
  package var arguments: [RawPath] = []
  /// What is drawn, and who reads.
  let screen = Screen()

  /// The context of the run that the calling task belongs to; the process's own outside of runs.
  @TaskLocal static var current: CommandContext = .ofProcess

  /// A context of descriptors, which the caller opens and closes.
  ///
  /// - Parameters:
  ///   - input: where a person's answers come from.
  ///   - output: where data goes.
  ///   - words: where words go.
  ///   - environment: the variables; nil for the process's own.
  ///   - program: the built command, for workers.
  package init(input: Int32, output: Int32, words: Int32, environment: [String: String]?, program: String) {
    self.input = input
    self.output = output
    self.words = words
    self.environment = environment
    self.program = program
  }

  /// The process's own streams, environment and arguments.
  package static var ofProcess: CommandContext {
    var context = CommandContext(
      input: STDIN_FILENO, output: STDOUT_FILENO, words: STDERR_FILENO, environment: nil, program: ownProgram)
    context.catchesSignals = true
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
      context.arguments.append(
        RawPath(unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))))
    }
    return context
  }

  private static var ownProgram: String {
    #if os(Linux)
      // Also where the file was replaced meanwhile: it is the program that runs now.
      "/proc/self/exe"
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }

  /// The variables by their names.
  var variables: [String: String] { environment ?? ProcessInfo.processInfo.environment }

  /// Calls `work` as part of this context's run; for threads and queues that nobody else binds it on.
  func bind<Value>(_ work: () throws -> Value) rethrows -> Value {
    try Self.$current.withValue(self) {
      try Environment.$replacement.withValue(environment) { try work() }
    }
  }

  /// Calls `work` as a run in this context, on whatever threads it goes on.
  ///
  /// - Returns: what `work` returns.
  /// - Throws: what `work` throws.
  func running<Value>(_ work: () async throws -> Value) async rethrows -> Value {
    try await Self.$current.withValue(self) {
      try await Environment.$replacement.withValue(environment) {
        try await CarriedValues.adding({ work in bind(work) }, work)
      }
    }
  }
}
