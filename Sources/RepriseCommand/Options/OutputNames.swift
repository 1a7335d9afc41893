import ArgumentParser
import RepriseAudio
import Foundation
import RepriseSystem

/// The paths of prepared files.
struct OutputNames: Sendable {
  let option: String?
  /// `true` if `option` names a directory.
  let several: Bool

  /// Checks the option before any work is done, and creates a directory that is named with a trailing `/`.
  ///
  /// - Parameters:
  ///   - inputs: The paths of the inputs.
  ///   - isDryRun: `true` if nothing is to be written.
  ///   - directories: The created directories, to which a new one is added.
  /// - Throws: `CommandError` if the outputs cannot be written there.
  func check(_ inputs: [String], isDryRun: Bool = false, making directories: NewDirectories) throws {
    guard let option else {
      if several { throw CommandError(.usage, "several inputs require a directory for the outputs: add -o DIRECTORY") }
      return
    }
    if option == "-" { throw CommandError(.usage, "-o -: prepared audio can't go to stdout; name a file") }
    if option.hasSuffix("/"), FileKind(at: option) == .nothing, !isDryRun { try directories.make(option) }
    guard several else { return }
    try Self.checkDirectory(option)
    try checkCollisions(inputs)
  }

  /// Throws if several outputs cannot be written into a path.
  static func checkDirectory(_ option: String) throws(CommandError) {
    let name = Console.printable(option)
    switch FileKind(at: option) {
    case .directory: break
    case .nothing where option.hasSuffix("/"): break
    case .nothing:
      throw CommandError(.inputOutput, "\(name): no such directory; with a / at its end it is made: -o \(name)/")
    case .file, .special:
      throw CommandError(.usage, "\(name): is not a directory, and several outputs require one after -o")
    }
  }

  /// Throws if two inputs of the same name would result in the same file.
  private func checkCollisions(_ inputs: [String]) throws(CommandError) {
    var taken: [String: String] = [:]
    for input in inputs {
      let name = PathText.name(of: input).lowercased()
      if let other = taken[name], other != input {
        throw CommandError(
          .usage,
          "\(Console.printable(other)) and \(Console.printable(input)) would both become"
            + " '\(Console.printable(PathText.stem(of: input)))' in one directory; rename one, or prepare them in two runs"
        )
      }
      taken[name] = input
    }
  }

  /// Returns the output path of an input.
  func destination(for input: String, format: FileFormat) -> String {
    let stem = PathText.stem(of: input)
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
}

/// The check that no input is an output.
enum OutputGuard {
  /// Throws for an empty path, such as that of an unset shell variable.
  static func checkNamed(_ value: String?, _ option: String) throws(ValidationError) {
    guard value?.isEmpty == true else { return }
    throw ValidationError("\(option) is empty; name a path after it, or leave it out")
  }

  /// Throws if the output is one of the inputs.
  ///
  /// - Parameters:
  ///   - output: The path of the output.
  ///   - inputs: The paths of the inputs.
  /// - Throws: `CommandError` with exit code 64 if the output is one of the inputs, under whatever name.
  static func check(_ output: String, isNone inputs: [String]) throws(CommandError) {
    guard let target = FileIdentity(at: output) else { return }
    for input in inputs where FileIdentity(at: input) == target {
      throw CommandError(
        .usage,
        "\(Console.printable(output)): is the input \(Console.printable(input)) itself, which is never changed; name another"
          + " -o", path: input)
    }
  }

  /// Returns the paths of the files in `@FILE` arguments.
  static func files(behind arguments: [String?]) -> [String] {
    arguments.compactMap { $0 }.filter { $0.hasPrefix("@") }.map { String($0.dropFirst()) }
  }
}
