import ArgumentParser
import RepriseAudio
import Foundation
import RepriseSystem
import Synchronization

/// The paths of prepared files.
package struct OutputNames: Sendable {
  let option: String?
  /// `true` if `option` names a directory.
  let several: Bool
  /// Format of all outputs; `nil` if it follows from each input.
  var format: FileFormat?

  /// Checks the option before any work is done, and creates a directory that is named with a trailing `/`.
  ///
  /// - Parameters:
  ///   - inputs: The paths of the inputs.
  ///   - isDryRun: `true` if nothing is to be written.
  ///   - directories: The created directories, to which a new one is added.
  /// - Throws: `CommandError` if the outputs cannot be written there.
  func check(_ inputs: [String], isDryRun: Bool = false, making directories: NewDirectories) throws {
    guard let option else {
      // A plan names no output.
      if several, !isDryRun {
        throw CommandError(.usage, "several inputs require a directory for the outputs: add -o DIRECTORY")
      }
      return
    }
    if option == "-" { throw CommandError(.usage, "-o -: prepared audio can't go to stdout; name a file") }
    if option.hasSuffix("/"), FileKind(at: option) == .nothing, !isDryRun { try directories.make(option) }
    guard several else { return }
    try Self.checkDirectory(option)
    try checkCollisions(inputs)
  }

  /// Throws if several outputs cannot be written into a path.
  ///
  /// - Parameters:
  ///   - option: The path.
  ///   - flag: The option that it follows.
  ///   - isFile: `true` if the path has the extension of a file; `nil` if that of a prepared file counts.
  /// - Throws: `CommandError` with exit code 74 if there is none of that name, 64 if it is not a directory.
  static func checkDirectory(
    _ option: String, after flag: String = "-o", isFile: Bool? = nil
  ) throws(CommandError) {
    let name = Console.printable(option)
    switch FileKind(at: option) {
    case .directory: break
    case .nothing where option.hasSuffix("/"): break
    case .nothing:
      let hasExtension = isFile ?? (promised(by: option) != nil)
      let directory = hasExtension ? Console.printable(String(option.dropLast(PathText.name(of: option).count))) : name
      let example = hasExtension ? directory + Console.printable(PathText.stem(of: option)) : name
      throw CommandError(
        .inputOutput,
        "\(name): several outputs require a directory after \(flag), and there is none of that name; with a / at its end one"
          + " is made: \(flag) \(example)/")
    case .file, .special:
      throw CommandError(.usage, "\(name): is not a directory, and several outputs require one after \(flag)")
    }
  }

  /// Throws if two inputs of the same name would result in the same file.
  private func checkCollisions(_ inputs: [String]) throws(CommandError) {
    var taken: [String: String] = [:]
    for input in inputs {
      let name = key(input)
      if let other = taken[name], other != input {
        throw CommandError(
          .usage,
          "\(Console.printable(other)) and \(Console.printable(input)) would both become"
            + " '\(Console.printable(InputName.stem(of: input)))' in one directory; rename one, or prepare them in two runs"
        )
      }
      taken[name] = input
    }
  }

  /// Returns a text that is the same for inputs whose outputs have the same name, as far as names tell.
  ///
  /// An mp3, wav or flac usually stays what it is; all else that is audio is converted to the same format.
  private func key(_ input: String) -> String {
    let name = InputName.fileName(of: input).lowercased()
    guard AudioFileName.isAudio(name) else { return name }
    if let format { return "\(PathText.stem(of: name)).\(format.rawValue)" }
    return Self.promised(by: name) == nil ? PathText.stem(of: name) + "." : name
  }

  /// Returns the output path of an input.
  func destination(for input: String, format: FileFormat) -> String {
    let stem = InputName.stem(of: input)
    guard let option else { return "\(stem)-ready.\(format.rawValue)" }
    if several || option.hasSuffix("/") || FileKind(at: option) == .directory {
      return (option.hasSuffix("/") ? option : option + "/") + "\(stem).\(format.rawValue)"
    }
    return option
  }

  /// Returns the format indicated by the extension of a path; `nil` if there is none.
  static func promised(by path: String?) -> String? {
    guard let path, let dot = PathText.name(of: path).lastIndex(of: ".") else { return nil }
    let suffix = PathText.name(of: path)[dot...].dropFirst().lowercased()
    return ["mp3", "wav", "flac", "pcm"].contains(suffix) ? suffix : nil
  }

  /// Returns a remark on an output whose extension is that of another kind of file; `nil` if it has none.
  ///
  /// - Parameters:
  ///   - path: The path given with -o.
  ///   - what: What is in the file: "the cover in it is mp3".
  ///   - formats: The formats that an extension can choose; empty if the format is fixed.
  /// - Returns: The remark.
  package static func misleading(_ path: String, _ what: String, formats: [String]) -> String? {
    let name = PathText.name(of: path)
    guard promised(by: path) == nil, let dot = name.lastIndex(of: ".") else { return nil }
    let suffix = name[dot...].dropFirst()
    guard (1...5).contains(suffix.count), suffix.contains(where: \.isLetter) else { return nil }
    let names = formats.map { "." + $0 }
    let advice =
      names.count < 2
      ? "" : "; a name in \(names.dropLast().joined(separator: ", ")) or \(names.last ?? "") chooses the format"
    return "-o \(Console.printable(path)): \(what), whatever .\(Console.printable(String(suffix))) says\(advice)"
  }
}

/// The outputs of a run, each of which belongs to one input: none takes the place of another's, even if files may be
/// replaced.
final class OutputClaims: Sendable {
  private let owners = Mutex<[String: String]>([:])

  /// Claims an output for an input.
  ///
  /// - Parameters:
  ///   - output: The path of the output.
  ///   - input: The path of the input.
  /// - Throws: `CommandError` with exit code 64 if it is another input's.
  func claim(_ output: String, for input: String) throws(CommandError) {
    let owner = owners.withLock { owners -> String in
      // Some disks do not tell upper from lower case.
      let key = output.lowercased()
      let owner = owners[key] ?? input
      owners[key] = owner
      return owner
    }
    guard owner != input else { return }
    throw CommandError(
      .usage,
      "\(Console.printable(input)): would become '\(Console.printable(output))', as \(Console.printable(owner)) does; rename"
        + " one, or prepare them in two runs", path: input)
  }
}

/// The check that no input is an output.
enum OutputGuard {
  /// Throws for an empty path, such as that of an unset shell variable, and for one that is not UTF-8, since the file
  /// would get another name.
  static func checkNamed(_ value: String?, _ option: String) throws(ValidationError) {
    guard let value else { return }
    if value.isEmpty { throw ValidationError("\(option) is empty; name a path after it, or leave it out") }
    guard CommandPaths.isExact(value, in: CommandContext.current.arguments) else {
      throw ValidationError("\(option) \(Console.printable(value)): is not UTF-8; name another path for the output")
    }
  }

  /// Throws if the output is one of the inputs.
  ///
  /// - Parameters:
  ///   - output: The path of the output.
  ///   - inputs: The paths of the inputs.
  ///   - flag: The option that names the output.
  /// - Throws: `CommandError` with exit code 64 if the output is one of the inputs, under whatever name.
  static func check(_ output: String, isNone inputs: [String], after flag: String = "-o") throws(CommandError) {
    guard let target = FileIdentity(at: output) else { return }
    for input in inputs where FileIdentity(at: input) == target {
      throw CommandError(
        .usage,
        "\(Console.printable(output)): is the input \(Console.printable(input)) itself, which is never changed; name another"
          + " \(flag)", path: input)
    }
  }

  /// Returns the paths of the files in `@FILE` arguments.
  static func files(behind arguments: [String?]) -> [String] {
    arguments.compactMap { $0 }.filter { $0.hasPrefix("@") }.map { String($0.dropFirst()) }
  }
}
