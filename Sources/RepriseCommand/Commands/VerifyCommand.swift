internal import ArgumentParser
import Foundation
internal import RepriseAnalysis
internal import RepriseJobs
internal import RepriseVerification

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Check a result: whole, audible, undistorted, the same piece as its reference and not the reference itself.",
    discussion: "Exits with 0 for pass and warn, 1 for fail.")

  @Argument(help: "The result: mp3, wav, flac, or headerless pcm with --format pcm; a file, a URL, or - for stdin.")
  var result: String

  @Option(help: ArgumentHelp("The recording that the cover was made from.", valueName: "audio"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "The prompt that the cover was made with: its tempo, key, duration and \"instrumental\" are checked.",
      valueName: "text|@file"))
  var prompt: String?

  @Option(help: ArgumentHelp("The format asked for: mp3, wav, flac or pcm (16-bit stereo).", valueName: "format"))
  var format: Expectation.Container?

  @Option(
    help: ArgumentHelp("The sample rate asked for, as 44100 or 44.1k.", valueName: "Hz"),
    transform: UnitArguments.sampleRate(_:))
  var sampleRate: Int?

  @Option(help: ArgumentHelp("Expected size of the result in bytes.", valueName: "n"))
  var bytes: Int?

  @OptionGroup var picture: PictureOptions
  @OptionGroup var fetch: FetchOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let sampleRate, !(1...768_000).contains(sampleRate) {
      throw ValidationError("--sample-rate takes 1 to 768000 Hz, not \(sampleRate)")
    }
    if let bytes, bytes < 0 { throw ValidationError("--bytes can't be negative") }
    if picture.svg != nil, reference == nil {
      throw ValidationError("--svg draws a comparison and requires --reference")
    }
    if prompt != nil, reference == nil {
      throw ValidationError("--prompt is checked in a comparison and requires --reference")
    }
  }

  func run() async throws {
    // The exit code is the verdict, even if nobody reads the checks.
    Console.outliveReader()
    let inputs = [result] + [reference].compactMap(\.self)
    if inputs == ["-", "-"] {
      throw CommandError(.usage, "-: stdin can be read once only; name a file for the result or for --reference")
    }
    if prompt == "@-", inputs.contains("-") {
      throw CommandError(.usage, "-: stdin can be read once only; put the prompt into a file")
    }
    try await fetch.fetching(inputs, isQuiet: output.quiet) { try await verifyAll() }
  }

  private func verifyAll() async throws {
    try picture.check(inputs: [result] + [reference].compactMap(\.self), json: output.json)
    if reference != nil { ModelsText.say(.installed(), isQuiet: output.quiet) }
    let wishes = try prompt.map { Wishes(prompt: try TextArgument.read($0, option: "--prompt")) }
    let expectation = Expectation(
      container: format, sampleRate: sampleRate, bytes: bytes,
      reference: reference.map { Expectation.Reference(path: $0) }, wishes: wishes ?? Wishes())
    let report = try await verify(result, against: expectation)
    if output.json {
      try Console.data(try Console.json(VerificationRecord(path: result, report: report)))
    } else if !picture.takesStdout {
      let isColoured = Console.mayColourData
      for line in VerificationText.lines(report, isColoured: isColoured) { try Console.data(line) }
    }
    try picture.write(report.comparison.likeness, reference: reference ?? "", cover: result)
    if report.verdict == .fail { throw ExitStatus.rejected }
  }
}

extension Expectation.Container: ExpressibleByArgument {}
