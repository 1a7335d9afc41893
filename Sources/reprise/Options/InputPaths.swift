import Foundation
import Platform

/// The files that a command's arguments name.
enum InputPaths {
  /// Refuses `-`, which cannot work.
  static func checkNotStdin(_ path: String) throws(Trouble) {
    guard path != "-" else {
      throw Trouble(
        .usage,
        "-: audio can't be read from stdin, since its true length shows only by seeking in it; save it to a file first"
          + " (a file of that name is './-')")
    }
  }

  /// Every argument that is a folder replaced by the files in it, at any depth, sorted; hidden ones are left out.
  ///
  /// Content decides what is audio, so nothing is left out by its extension. Links to folders are not followed.
  static func expanding(_ arguments: [String]) throws(Trouble) -> [String] {
    var result: [String] = []
    for argument in arguments {
      try checkNotStdin(argument)
      guard FileKind(at: argument) == .folder else {
        result.append(argument)
        continue
      }
      let prefix = argument.hasSuffix("/") ? argument : argument + "/"
      var found: [String] = []
      let walk = FileManager.default.enumerator(atPath: argument)
      while let name = walk?.nextObject() as? String {
        let components = name.split(separator: "/")
        if components.contains(where: { $0.hasPrefix(".") }) { continue }
        let type = walk?.fileAttributes?[.type] as? FileAttributeType
        if type == .typeRegular || type == .typeSymbolicLink && FileKind(at: prefix + name) != .folder {
          found.append(prefix + name)
        }
      }
      result += found.sorted()
    }
    return result
  }
}
