import RepriseSystem

/// Advice that names a command for a file.
enum ConversionAdvice {
  /// Returns a shell command that converts a file to FLAC in the same directory, under a name that is free.
  static func conversion(of path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[start...].lastIndex(of: ".") ?? path.endIndex
    let stem = path[..<(dot == start ? path.endIndex : dot)]
    // A path that ffmpeg could take for a protocol or an option begins with a directory.
    let input = path.hasPrefix("-") || path.contains(":") && !path.hasPrefix("/") ? "./\(path)" : path
    return "ffmpeg -i \(shellWord(input)) \(shellWord(freeName(String(stem), not: path)))"
  }

  /// Returns a name ending in `.flac` that no file has.
  private static func freeName(_ stem: String, not path: String) -> String {
    let prefix = stem.hasPrefix("-") || stem.contains(":") && !stem.hasPrefix("/") ? "./" : ""
    let names = ["\(stem).flac", "\(stem)-new.flac"] + (2...99).map { "\(stem)-new-\($0).flac" }
    return prefix + (names.first { $0 != path && FileKind(at: $0) == .nothing } ?? "\(stem)-new-100.flac")
  }
}
