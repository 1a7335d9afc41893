import RepriseAnalysis
import RepriseAudio
import RepriseSystem

/// The files that `analyze` makes of analyses.
struct AnalysisExports: Sendable {
  /// A file to be made.
  struct Output: Sendable {
    let format: ExportFormat
    /// Place among the files of the format.
    let index: Int
    /// The path; `-` for stdout.
    let path: String
  }

  private let targets: [ExportOptions.Target]
  private let inputs: [String]
  private let replacing: Bool

  /// Creates the exports, without making anything.
  init(_ options: ExportOptions, inputs: [String]) {
    targets = options.targets
    self.inputs = inputs
    replacing = options.force
  }

  /// `true` if an export takes stdout.
  var takesStdout: Bool { targets.contains(where: \.isStdout) }
  /// `true` if files are made.
  var writesFiles: Bool { targets.contains { !$0.isStdout } }
  /// `true` if a picture is made.
  var showsWaveform: Bool { targets.contains { $0.formats.contains(where: \.showsWaveform) } }

  /// Checks the paths before any work is done, and makes missing directories.
  ///
  /// - Parameter directories: The created directories, to which new ones are added.
  /// - Throws: `CommandError`, `FileError` or `CompressionError` if the exports cannot be made or written there.
  func check(making directories: NewDirectories) throws {
    if targets.contains(where: { $0.formats.contains(where: \.isCompressed) }) { try Deflate.checkAvailability() }
    for target in targets {
      let name = Console.printable(target.path)
      if target.isStdout {
        guard inputs.count == 1 else {
          throw CommandError(.usage, "\(target.option) -: takes one input; name a directory for the files of several")
        }
        continue
      }
      if target.isDirectory, [.file, .special].contains(FileKind(at: target.path)) {
        throw CommandError(.usage, "\(name): is not a directory, as \(target.option) requires")
      }
      if target.isDirectory || target.path.hasSuffix("/"), FileKind(at: target.path) == .nothing {
        try directories.make(target.path)
      }
      if inputs.count > 1, !target.isDirectory {
        let isFile = target.formats.flatMap(\.suffixes).contains { target.path.lowercased().hasSuffix($0) }
        try OutputNames.checkDirectory(target.path, after: target.option, isFile: isFile)
      }
    }
  }

  /// Returns the files to be made of each input, after checking that each may be made and none is made twice.
  ///
  /// - Returns: For each input the files, or a `CommandError` if one is an input or another output as well; a `FileError`
  ///   if one exists and may not be replaced, or its directory is missing or not writable.
  func outputs() -> [(input: String, outputs: Result<[Output], any Error>)] {
    var owners: [OutputPlace: Int] = [:]
    return inputs.indices.map { index in
      (inputs[index], Result { try outputs(of: index, &owners) })
    }
  }

  private func outputs(of index: Int, _ owners: inout [OutputPlace: Int]) throws -> [Output] {
    let input = inputs[index]
    var outputs: [Output] = []
    for target in targets {
      for format in target.formats {
        for (place, suffix) in format.suffixes.enumerated() {
          let path = Self.path(of: target, input: input, suffix: suffix)
          outputs.append(Output(format: format, index: place, path: path))
          if target.isStdout { continue }
          try OutputGuard.check(path, isNone: inputs, after: target.option)
          try claim(path, for: index, &owners)
          _ = try TemporaryFile(for: path, replacing: replacing, isNameless: true)
        }
      }
    }
    return outputs
  }

  /// Throws a `CommandError` with exit code 64 if a file is already to be made of the same or another input.
  private func claim(_ path: String, for index: Int, _ owners: inout [OutputPlace: Int]) throws(CommandError) {
    let place = OutputPlace(path)
    guard let owner = owners[place] else {
      owners[place] = index
      return
    }
    let (name, input) = (Console.printable(path), Console.printable(inputs[index]))
    if owner == index { throw CommandError(.usage, "\(name): two exports have that name; name another path") }
    if inputs[owner] == inputs[index] {
      throw CommandError(
        .usage, "\(input): is named twice, and '\(name)' would be written twice; name it once", path: inputs[index])
    }
    throw CommandError(
      .usage,
      "\(input): would become '\(name)', as \(Console.printable(inputs[owner])) does; rename one, or analyze them in two"
        + " runs", path: inputs[index])
  }

  private static func path(of target: ExportOptions.Target, input: String, suffix: String) -> String {
    guard target.isDirectory || target.path.hasSuffix("/") || FileKind(at: target.path) == .directory else {
      return target.path
    }
    return (target.path.hasSuffix("/") ? target.path : target.path + "/") + InputName.stem(of: input) + suffix
  }

  /// Makes the files of an analysis.
  ///
  /// - Parameters:
  ///   - outputs: The files.
  ///   - analysis: The analysis.
  ///   - input: The path of the recording.
  ///   - waveform: The outline of the recording, for pictures.
  ///   - finish: A closure called with each file that was written, and its size.
  /// - Throws: `FileError` or `CompressionError`, or the errors of writing to stdout.
  func write(
    _ outputs: [Output], of analysis: Analysis, input: String, waveform: Waveform,
    then finish: (String, Int) -> Void
  ) async throws {
    let title = InputName.stem(of: input)
    for format in ExportFormat.allCases {
      let wanted = outputs.filter { $0.format == format }
      guard !wanted.isEmpty else { continue }
      let files = try await offPool("reprise.export") { _ in
        try format.files(of: analysis, title: title, waveform: waveform)
      }
      for output in wanted {
        let bytes = files[output.index].bytes
        if output.path == "-" {
          try Console.data(bytes)
          continue
        }
        let replacing = replacing
        try await offPool("reprise.export") { _ in
          try TemporaryFile.write(bytes, to: output.path, replacing: replacing)
        }
        finish(output.path, bytes.count)
      }
    }
  }
}

/// The place of a file that need not exist yet: the same for all paths that lead to it.
private struct OutputPlace: Hashable {
  private let directory: FileIdentity?
  private let name: String

  init(_ path: String) {
    directory = FileIdentity(at: PathText.directory(of: path))
    // Some disks do not tell upper from lower case.
    name = (directory == nil ? path : PathText.name(of: path)).lowercased()
  }
}
