import ArgumentParser
import RepriseAnalysis
import Foundation
import RepriseEngine
import RepriseLocalService

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run the local service: the cover engine behind the service's own contract, on 127.0.0.1.",
    discussion: """
      reprise serve --port 8080
      reprise cover song.wav --prompt "gentle piano" --service http://127.0.0.1:8080

      Ctrl-C ends it. Results are kept until then, for a day at most.
      """)

  @Option(help: ArgumentHelp("The port; 0 picks a free one.", valueName: "n"))
  var port: UInt16 = 8080

  @Option(help: ArgumentHelp("Number of covers made at once, 1-16. (default: one per core)", valueName: "n"))
  var concurrency: Int?

  @Option(help: ArgumentHelp("The SoundFont to play with, .sf2 or .sf3.", valueName: "file"))
  var soundfont: String?

  @Flag(name: [.short, .long], help: "Do not print a line for each request.")
  var quiet = false

  func validate() throws {
    if soundfont?.isEmpty == true {
      throw ValidationError("--soundfont is empty; name a file after it, or leave it out")
    }
    if let concurrency, !(1...16).contains(concurrency) {
      throw ValidationError("--concurrency takes 1 to 16, not \(concurrency)")
    }
  }

  func run() async throws {
    var configuration = LocalServerConfiguration()
    configuration.port = port
    configuration.concurrentGenerations = concurrency ?? min(16, ProcessInfo.processInfo.activeProcessorCount)
    let log = LogWriter { [context = CommandContext.current] line in context.bind { Console.say(line) } }
    if !quiet { configuration.onEvent = { log.write(Console.printable(ServeText.line($0))) } }
    ModelsText.say(.installed(), isQuiet: quiet)
    OpenFileLimit.raise()
    let server: LocalServer
    do { server = try await LocalServer.withEngine(configuration, soundFont: soundfont) } catch let error as EngineError
    {
      let (status, message) = (
        ErrorPresentation.status(of: error), EngineErrorText.sentence(error, named: "--soundfont")
      )
      throw CommandError(status, Console.printable(message))
    }
    // The single line for which programs wait; it is data.
    do {
      try await server.run { baseURL in try? Console.data("listening on \(baseURL)") }
    } catch {
      await log.finish()
      throw error
    }
    await log.finish()
  }
}
