import RepriseSystem

/// The files that a command's arguments name.
enum InputPaths {
  /// Refuses `-`, which cannot work.
  static func checkNotStdin(_ path: String) throws(CommandError) {
    guard path != "-" else {
      throw CommandError(
        .usage,
        "-: audio can't be read from stdin, since its true length shows only by seeking in it; save it to a file first"
          + " (a file of that name is './-')")
    }
  }

  /// A file that was named, or found in a folder that was.
  struct Input: Sendable {
    let path: String
    let isNamed: Bool
  }

  /// Every argument that is a folder replaced by the files in it, at any depth; hidden ones are left out.
  ///
  /// Content decides what is audio, so nothing is left out by its extension. Links to folders inside are not followed.
  /// - Returns: the files, and whether folders could not be read; each of those has been said.
  /// - Throws: `CommandError` for `-`, `CancellationError`.
  static func expanding(_ arguments: [String]) throws -> (files: [String], hadFailures: Bool) {
    let (inputs, hadFailures) = try listing(arguments)
    return (inputs.map(\.path), hadFailures)
  }

  /// The same, and of each file whether it was named itself.
  static func listing(_ arguments: [String]) throws -> (files: [Input], hadFailures: Bool) {
    var result: [Input] = []
    var hadFailures = false
    for argument in arguments {
      try checkNotStdin(argument)
      guard FileKind(at: argument) == .folder else {
        result.append(Input(path: argument, isNamed: true))
        continue
      }
      var walk = FolderWalk(RawPath(argument))
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
