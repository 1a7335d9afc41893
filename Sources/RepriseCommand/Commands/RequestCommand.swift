import ArgumentParser
import RepriseAudio
import RepriseService
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import RepriseSystem
import ReprisePreparation

struct RequestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request",
    abstract: "Write the JSON body of a request, the audio in it as Base64.",
    discussion: """
      The recording is sent as it is: 'reprise prepare' makes it fit. The body holds no key.

      reprise request song.flac --prompt jazz | curl -H @headers --data-binary @- URL
      """)

  @Argument(
    help: "The recording: a file, an http(s) URL, or - for stdin; mp3, wav or flac within the service's limits.")
  var input: String

  @OptionGroup(title: "Prompt and lyrics") var textOptions: TextOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The body's file; - is stdout.", valueName: "file"))
  var output = "-"

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @OptionGroup(title: "The result") var setting: SettingOptions
  @OptionGroup(title: "The service") var service: ServiceOptions
  @OptionGroup var fetch: FetchOptions
  @OptionGroup var link: LinkOption

  @Flag(name: [.short, .long], help: "Print no remarks.")
  var quiet = false

  func validate() throws { try OutputGuard.checkNamed(output, "-o") }

  func run() async throws {
    if input == "-", [textOptions.prompt, textOptions.lyrics].contains("@-") {
      throw CommandError(.usage, "-: stdin can be read once only; put the text into a file")
    }
    try await fetch.fetching([input], isQuiet: quiet) { try await writeRequest() }
  }

  private func writeRequest() async throws {
    try OutputGuard.check(
      output, isNone: [input] + OutputGuard.files(behind: [textOptions.prompt, textOptions.lyrics]))
    let rules = try ServiceOptions.rules(of: try service.choose())
    try link.check([input], for: rules, isSent: false)
    let inspection = try await RecordingAdvice.ready(input, for: rules)
    let texts = try textOptions.texts()
    guard let prompt = texts.prompt else {
      throw CommandError(.usage, "--prompt TEXT says what the cover should be; it is missing")
    }
    if !quiet, let message = setting.idleBitRate() { Console.say(message) }
    let request = CoverRequest(
      prompt: prompt, lyrics: texts.lyrics, setting: setting.wasAsked ? setting.setting : nil,
      reference: link.byLink ? .url(input) : .file(path: input, format: inspection.format.rawValue))
    let body = try RequestBody(request, for: rules)
    if output == "-" {
      let descriptor = CommandContext.current.output
      do {
        try await offPool("reprise.request") { try body.write(to: descriptor, path: "stdout", cancellation: $0) }
      } catch  where Console.isReaderGone {
        throw Console.Closed()
      }
    } else {
      let (path, force) = (output, force)
      try await offPool("reprise.request") { cancellation in
        let file = try TemporaryFile(for: path, replacing: force, isNameless: true)
        try body.write(to: file.descriptor, path: path, cancellation: cancellation)
        try file.commit()
      }
      if !quiet { Console.say("\(Console.printable(output)): \(counted(body.byteCount, "byte"))") }
    }
  }
}
