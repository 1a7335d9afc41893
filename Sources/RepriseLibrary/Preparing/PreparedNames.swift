internal import Foundation
package import RepriseSystem

/// The path of a file's output below the directory of outputs, before names that several files require are
/// distinguished.
package struct PreparedLocation: Sendable, Equatable {
  /// Directories, with slashes between: `album/disc 1`, or empty.
  package var directory: String
  /// The name without its extension.
  package var stem: String
  /// The source's extension with its dot, or empty.
  package var suffix: String
}

/// The directories that were named, and the output paths of the files in them.
///
/// A single named directory is left out of the output paths; of several each keeps its name. A file that was named
/// itself keeps its name alone, one from a list its path, without a slash in front and without `..`.
package struct PreparedNames: Sendable {
  /// Maximum length of a stem in bytes: with `.flac` or `-cover.mp3` behind it a name is still no longer than names can
  /// be.
  private static let longestStem = 240
  private static let longestName = 255

  private let roots: [(prefix: [UInt8], name: String?)]
  private let named: Set<RawPath>

  /// Creates the names of a run.
  ///
  /// - Parameters:
  ///   - arguments: Files and directories as they were named.
  ///   - hasLists: `true` if further ones come from lists.
  /// - Throws: `DigestError` if the system has no SHA-256.
  package init(arguments: [RawPath], hasLists: Bool) throws(DigestError) {
    let directories = arguments.filter { FileKind(at: $0) == .directory }
    let prefixes = Set(directories.map { $0.appending([]).bytes }).sorted { $0.lexicographicallyPrecedes($1) }
    named = Set(arguments)
    if prefixes.count == 1 && !hasLists && directories.count == arguments.count {
      roots = [(prefixes[0], nil)]
      return
    }
    var taken: Set<String> = []
    var roots: [(prefix: [UInt8], name: String?)] = []
    for prefix in prefixes {
      let real = VisitedDirectories.realPath(RawPath(prefix)) ?? prefix
      let last = real.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? Array("root".utf8)
      let name = try Self.shortened(Self.text(of: last[...]), to: Self.longestName)
      var free = name
      var number = 1
      while !taken.insert(Self.key(free)).inserted {
        number += 1
        free = try Self.shortened("\(name)-\(number)", to: Self.longestName)
      }
      roots.append((prefix, free))
    }
    self.roots = roots
  }

  /// Returns the output path of a file that was found below a directory, named or listed.
  package func location(of path: RawPath) throws(DigestError) -> PreparedLocation {
    var parts: [String]
    // Of nested directories the outer one, which keeps more of the tree.
    if let root = roots.filter({ path.bytes.starts(with: $0.prefix) }).min(by: { $0.prefix.count < $1.prefix.count }) {
      parts = (root.name.map { [$0] } ?? []) + Self.parts(path.bytes[root.prefix.count...])
    } else {
      parts = Self.parts(named.contains(path) ? path.name[...] : path.bytes[...])
    }
    let name = parts.popLast() ?? "unnamed"
    switch parts.first.map(Self.key) {
    case ".reprise": parts[0] = "_reprise"
    case "manifest.csv": parts[0] = "_manifest.csv"
    default: break
    }
    let stem = PathText.stem(of: name)
    let suffix = String(decoding: name.utf8.dropFirst(stem.utf8.count), as: UTF8.self)
    let directory = try parts.map { part throws(DigestError) in try Self.directory(part) }.joined(separator: "/")
    return PreparedLocation(directory: directory, stem: stem, suffix: suffix)
  }

  /// Returns a directory's name: never one that an output or a cover could have too, now or in another run.
  private static func directory(_ name: String) throws(DigestError) -> String {
    let isFile = [".mp3", ".wav", ".flac"].contains { key(name).utf8.reversed().starts(with: $0.utf8.reversed()) }
    return try shortened(isFile ? name + "_" : name, to: longestName)
  }

  /// Returns the names that an output can have, the best first; from the third on they are numbered.
  package static func stem(of location: PreparedLocation, choice: Int) throws(DigestError) -> String {
    switch choice {
    case 0: try shortened(location.stem, to: longestStem)
    case 1: try shortened(location.stem + location.suffix, to: longestStem)
    default: try shortened("\(location.stem)\(location.suffix).\(choice)", to: longestStem)
    }
  }

  /// Returns the key by which two names are equal on some disk: without case, and accents in one normal form.
  static func key(_ path: String) -> String { path.lowercased().precomposedStringWithCanonicalMapping }

  private static func parts(_ bytes: ArraySlice<UInt8>) -> [String] {
    var parts: [String] = []
    for part in bytes.split(separator: UInt8(ascii: "/")) {
      switch text(of: part) {
      case ".": continue
      case "..": _ = parts.popLast()
      case let name: parts.append(name)
      }
    }
    return parts
  }

  /// Returns a name as a text: bytes that are not UTF-8, and U+FFFD, which a manifest cannot distinguish from them, as
  /// %FF.
  static func text(of bytes: ArraySlice<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains("\u{FFFD}") { return text }
    var result = ""
    var rest = bytes
    while let first = rest.first {
      let scalar = (1...4).lazy.compactMap { count in String(validating: rest.prefix(count), as: UTF8.self) }
        .first { $0.unicodeScalars.count == 1 }
      if let scalar, scalar != "\u{FFFD}" {
        result += scalar
        rest = rest.dropFirst(scalar.utf8.count)
      } else {
        result += "%" + String(UInt16(first) + 256, radix: 16).dropFirst().uppercased()
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// Returns the name, or for one that is too long its beginning and sixteen digits of its digest.
  static func shortened(_ name: String, to most: Int) throws(DigestError) -> String {
    guard name.utf8.count > most else { return name }
    var beginning = String.UnicodeScalarView()
    var count = 0
    for scalar in name.unicodeScalars {
      count += UTF8.width(scalar)
      if count > most - 17 { break }
      beginning.append(scalar)
    }
    return String(beginning) + "-" + (try SHA256.hex(of: name)).prefix(16)
  }
}
