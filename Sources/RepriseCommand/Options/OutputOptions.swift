import ArgumentParser

/// The options for the output of a command.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON Lines to stdout, one record for every input.")
  var json = false

  @Flag(name: [.short, .long], help: "Print no progress and no remarks, only data and errors.")
  var quiet = false

  /// Prints a message for users, except in quiet mode.
  func say(_ line: String) {
    if !quiet { Console.say(line) }
  }
}
