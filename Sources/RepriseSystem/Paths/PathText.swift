/// The parts of a path.
///
/// Foundation's `NSString.deletingLastPathComponent` traps on a relative path of one character (Swift 6.3.1 on Linux),
/// which people do type.
package enum PathText {
  /// Returns the directory that a path is in: `a/b` → `a`, `b` → `.`, `/b` → `/`.
  package static func directory(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    let directory = withoutTrailingSlashes(String(trimmed[..<slash]))
    return directory.isEmpty ? "/" : directory
  }

  /// Returns the last component of a path: `a/b.wav` → `b.wav`, `/` → the empty string.
  package static func name(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return trimmed }
    return String(trimmed[trimmed.utf8.index(after: slash)...])
  }

  /// Returns the last component without its extension: `a/b.c.wav` → `b.c`, `.hidden` → `.hidden`.
  package static func stem(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// Returns a relative path made absolute against a directory, or an absolute path unchanged.
  package static func absolute(_ path: String, in directory: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : directory + "/" + path
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var rest = path[...]
    while rest.utf8.count > 1, rest.utf8.last == UInt8(ascii: "/") { rest.removeLast() }
    return rest == "/" ? "" : String(rest)
  }
}
