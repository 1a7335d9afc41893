import RepriseSystem

/// The files named by a command's arguments.
enum InputPaths {
  /// Throws for `-`, as stdin is not supported.
  static func checkNotStdin(_ path: String) throws(CommandError) {
    guard path != "-" else {
      throw CommandError(
        .usage,
        "-: audio can't be read from stdin, since its true length shows only by seeking in it; save it to a file first"
          + " (a file of that name is './-')")
    }
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
  /// - Throws: `CommandError` for `-`, or `CancellationError`.
  static func expanding(_ arguments: [String]) throws -> (files: [String], hadFailures: Bool) {
    let (inputs, hadFailures) = try listing(arguments)
    return (inputs.map(\.path), hadFailures)
  }

  /// Returns the files of `expanding(_:)`, each with a mark that indicates whether the file itself was named.
  static func listing(_ arguments: [String]) throws -> (files: [Input], hadFailures: Bool) {
    var result: [Input] = []
    var hadFailures = false
    for argument in arguments {
      try checkNotStdin(argument)
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
          Console.say("reprise: \(Console.printable(failure.description))")
          hadFailures = true
        }
      }
    }
    return (result, hadFailures)
  }
}
