import ArgumentParser

/// The options of `validate` for preparing the checked files.
struct PrepareToOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Prepare every preparable file into this directory, keeping the tree, and write DIR/manifest.csv for 'reprise cover "
        + "--manifest'. The same command continues after any interruption.", valueName: "dir"))
  var prepareTo: String?

  @Option(help: ArgumentHelp("Output format, whatever the source is: mp3, wav or flac.", valueName: "format"))
  var format: WantedFormat?

  /// Throws for options that would have no effect.
  func check(_ change: ChangeOptions) throws {
    try OutputGuard.checkNamed(prepareTo, "--prepare-to")
    guard prepareTo == nil else { return }
    let given: [(Bool, String)] = [
      (change.start != nil, "--start"), (change.end != nil, "--end"), (change.excerpt != nil, "--excerpt"),
      (change.trimSilence, "--trim-silence"), (change.maxSilence != nil, "--max-silence"),
      (change.channels != nil, "--channels"), (change.gain != nil, "--gain"),
      (change.fadeIn != 0, "--fade-in"), (change.fadeOut != 0, "--fade-out"),
      (change.salvage != nil, "--salvage"), (change.noTrim, "--no-trim"), (change.noTags, "--no-tags"),
      (format != nil, "--format"),
    ]
    if let (_, name) = given.first(where: \.0) {
      throw ValidationError("\(name) says how files are prepared; add --prepare-to DIR, or leave it out")
    }
  }
}
