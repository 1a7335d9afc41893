import Foundation
package import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The context of a run of the command: streams, environment, arguments as typed, and the program that its workers
/// execute.
///
/// The program has the context of its process. Several runs in one process, as in tests, have one each.
package struct CommandContext: Sendable {
  /// File descriptor from which a person's answers are read.
  package var input: Int32
  /// File descriptor to which data is written.
  package var output: Int32
  /// File descriptor to which messages are written.
  package var messages: Int32
  /// Environment variables; `nil` for those of the process.
  package var environment: [String: String]?
  /// Path of the program that is started for work in a separate process.
  package var program: String
  /// `true` if Ctrl-C, `kill` and a closed terminal end the run.
  package var catchesSignals = false
  /// Arguments byte by byte, without the name of the program.
  package var arguments: [RawPath] = []
  /// State of the screen.
  let screen = Screen()

  /// Context of the run to which the current task belongs; outside of runs, that of the process.
  @TaskLocal static var current: CommandContext = .ofProcess

  /// Creates a context of file descriptors, which the caller opens and closes.
  ///
  /// - Parameters:
  ///   - input: The descriptor from which a person's answers are read.
  ///   - output: The descriptor to which data is written.
  ///   - messages: The descriptor to which messages are written.
  ///   - environment: The environment variables; `nil` for those of the process.
  ///   - program: The path of the built command, for workers.
  package init(input: Int32, output: Int32, messages: Int32, environment: [String: String]?, program: String) {
    self.input = input
    self.output = output
    self.messages = messages
    self.environment = environment
    self.program = program
  }

  /// Context of the process: its streams, environment and arguments.
  package static var ofProcess: CommandContext {
    var context = CommandContext(
      input: STDIN_FILENO, output: STDOUT_FILENO, messages: STDERR_FILENO, environment: nil, program: ownProgram)
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
      // Also valid if the file was replaced meanwhile: this is the running program.
      "/proc/self/exe"
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }

  /// Environment variables by name.
  var variables: [String: String] { environment ?? ProcessInfo.processInfo.environment }

  /// Calls `work` as part of this context's run; for threads and queues without a binding of their own.
  func bind<Value>(_ work: () throws -> Value) rethrows -> Value {
    try Self.$current.withValue(self) {
      try Environment.$replacement.withValue(environment) { try work() }
    }
  }

  /// Calls `work` as a run in this context, on any threads.
  ///
  /// - Parameter work: The closure to be called.
  /// - Returns: The value returned by `work`.
  /// - Throws: Any error thrown by `work`.
  func running<Value>(_ work: () async throws -> Value) async rethrows -> Value {
    try await Self.$current.withValue(self) {
      try await Environment.$replacement.withValue(environment) {
        try await CarriedValues.adding({ work in bind(work) }, work)
      }
    }
  }
}
