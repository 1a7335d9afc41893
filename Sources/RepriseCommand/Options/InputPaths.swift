import RepriseSystem

/// The files named by a command's arguments.
enum InputPaths {
  /// Throws for `-` and for URLs, which a command that checks files where they are does not fetch.
  static func checkInPlace(_ path: String) throws(CommandError) {
    if path == "-" {
      throw CommandError(
        .usage,
        "-: validate takes files and directories only; audio from stdin is read by inspect, prepare, cover, analyze,"
          + " verify and compare (a file of that name is './-')")
    }
    guard InputName.isURL(path) else { return }
    throw CommandError(
      .usage,
      "\(Console.printable(path)): validate takes files and directories only; "
        + (InputName.isFetchedURL(path)
          ? "inspect, prepare, cover, analyze, verify and compare fetch URLs"
          : "other commands fetch http and https URLs"))
  }

  /// A file that was named, or found in a named directory.
  struct Input: Sendable {
    let path: String
    let isNamed: Bool
  }

  /// Returns the arguments, with directories replaced by the files in them, at any depth; hidden files are left out.
  ///
  /// Content determines what is audio, so no file is left out for its extension. Symbolic links to directories inside
  /// are not followed.
  ///
  /// - Parameter arguments: The arguments.
  /// - Returns: The paths of the files; `hadFailures` is `true` if directories could not be read, each of which has
  ///   been reported.
  /// - Throws: `CancellationError`.
  static func expanding(_ arguments: [String]) throws -> (files: [String], hadFailures: Bool) {
    let (inputs, hadFailures) = try listing(arguments)
    return (inputs.map(\.path), hadFailures)
  }

  /// Returns the files of `expanding(_:)`, each with a mark that indicates whether the file itself was named.
  static func listing(_ arguments: [String]) throws -> (files: [Input], hadFailures: Bool) {
    var result: [Input] = []
    var hadFailures = false
    for argument in arguments {
      if StandIns.has(argument) {
        result.append(Input(path: argument, isNamed: true))
        continue
      }
      guard FileKind(at: argument) == .directory else {
        result.append(Input(path: argument, isNamed: true))
        continue
      }
      var walk = DirectoryWalk(RawPath(argument))
      while let step = walk.next() {
        try Task.checkCancellation()
        switch step {
        case .file(let path, _): result.append(Input(path: path.text, isNamed: false))
        case .special: continue
        case .unreadable(let failure):
          Console.say("reprise: \(Console.printable(FileErrorText.sentence(failure)))")
          hadFailures = true
        }
      }
    }
    return (result, hadFailures)
  }
}
