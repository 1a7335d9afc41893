import ArgumentParser
import RepriseSystem
import RepriseVerification

/// The option `--svg` of the commands that compare recordings.
struct PictureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Draw the two recordings as timelines, joined where one follows the other; - for stdout.", valueName: "file"))
  var svg: String?

  @Flag(help: "Replace an existing picture.")
  var force = false

  func validate() throws {
    try OutputGuard.checkNamed(svg, "--svg")
    if force, svg == nil { throw ValidationError("--force replaces an existing picture and requires --svg") }
  }

  /// `true` if the picture takes stdout.
  var takesStdout: Bool { svg == "-" }

  /// Checks, before any work is done, that the picture can be written.
  ///
  /// - Parameters:
  ///   - inputs: The recordings, none of which is replaced.
  ///   - json: `true` if stdout takes JSON.
  /// - Throws: `CommandError` if the picture would replace an input or shares stdout; `FileError` if the file exists and
  ///   may not be replaced, or its directory is missing or not writable.
  func check(inputs: [String], json: Bool) throws {
    guard let svg else { return }
    if takesStdout {
      if json { throw CommandError(.usage, "--svg - and --json both go to stdout; name a file for one of them") }
      return
    }
    try OutputGuard.check(svg, isNone: inputs, after: "--svg")
    _ = try TemporaryFile(for: svg, replacing: force, isNameless: true)
  }

  /// Writes the picture of a likeness; without one, says that there is nothing to draw.
  ///
  /// - Parameters:
  ///   - likeness: The likeness; `nil` if the recordings were not compared.
  ///   - reference: The path of the reference.
  ///   - cover: The path of the cover.
  /// - Throws: `FileError`, or the errors of writing to stdout.
  func write(_ likeness: Likeness?, reference: String, cover: String) throws {
    guard let svg else { return }
    guard let likeness else {
      Console.say("reprise: no picture: the recordings were not compared")
      return
    }
    let picture = Array(LikenessPicture.svg(likeness, reference: reference, cover: cover).utf8)
    if takesStdout { return try Console.data(picture) }
    try TemporaryFile.write(picture, to: svg, replacing: force)
  }
}
