import ArgumentParser

/// The texts that describe a cover.
struct TextOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The style wanted: 10-2000 characters, here from 1.", valueName: "text|@file"))
  var prompt: String?

  @Option(help: ArgumentHelp("New lyrics, 10-3000 characters, with tags such as [Verse].", valueName: "text|@file"))
  var lyrics: String?

  /// Returns the texts, read from files where given as files.
  func texts() throws(CommandError) -> (prompt: String?, lyrics: String?) {
    if prompt == "@-" && lyrics == "@-" {
      throw CommandError(
        .usage, "--prompt @- and --lyrics @-: stdin can be read once only; put one of them into a file")
    }
    let prompt = try prompt.map { text throws(CommandError) in try TextArgument.read(text, option: "--prompt") }
    guard let lyrics else { return (prompt, nil) }
    return (prompt, try TextArgument.read(lyrics, option: "--lyrics"))
  }
}
