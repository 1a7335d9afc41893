import ArgumentParser

/// How a command speaks.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON Lines to stdout, one record for every input.")
  var json = false

  @Flag(name: [.short, .long], help: "Print no progress and no remarks, only data and errors.")
  var quiet = false

  /// Words for people, unless they asked for none.
  func say(_ line: String) {
    if !quiet { Console.say(line) }
  }
}
