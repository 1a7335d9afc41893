import AudioFiles
import Foundation
import Platform

/// Where prepared files go.
struct OutputNames: Sendable {
  let option: String?
  /// Whether `option` names a folder.
  let several: Bool

  /// Refuses what can't work before any work is done.
  func check() throws {
    guard several else { return }
    guard let option else {
      throw Trouble(.usage, "several inputs want a folder for the outputs: add -o FOLDER")
    }
    let kind = FileKind(at: option)
    guard kind == .folder else {
      if kind != .nothing {
        throw Trouble(.usage, "\(Console.printable(option)): is a file; several inputs want a folder after -o")
      }
      throw FileError(errno: ENOENT, path: option + "/", doing: "create")
    }
  }

  /// The output of one input.
  func destination(for input: String, format: FileFormat) throws -> String {
    let stem = PathText.stem(of: input)
    guard let option else { return "\(stem)-ready.\(format.rawValue)" }
    if several || FileKind(at: option) == .folder {
      return (option.hasSuffix("/") ? option : option + "/") + "\(stem).\(format.rawValue)"
    }
    return option
  }
}
