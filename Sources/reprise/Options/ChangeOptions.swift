import ArgumentParser

/// What to do with a recording before it is sent.
struct ChangeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where to begin: seconds or m:ss.sss.", valueName: "time"))
  var start: TimeText?

  @Option(help: ArgumentHelp("Where to end: seconds or m:ss.sss.", valueName: "time"))
  var end: TimeText?

  @Option(help: ArgumentHelp("Fade in over so many seconds.", valueName: "seconds"))
  var fadeIn: Double = 0

  @Option(help: ArgumentHelp("Fade out over so many seconds.", valueName: "seconds"))
  var fadeOut: Double = 0

  @Flag(help: "Refuse a recording that is too long instead of taking its beginning.")
  var noTrim = false

  func validate() throws {
    for (value, option) in [(fadeIn, "--fade-in"), (fadeOut, "--fade-out")] where !(0...30).contains(value) {
      throw ValidationError("\(option) takes 0 to 30 seconds, not \(value)")
    }
    if let start, let end, start.seconds >= end.seconds {
      throw ValidationError(
        "--start \(TimeText.text(start.seconds)) is not before --end \(TimeText.text(end.seconds)); swap or change them"
      )
    }
  }
}
