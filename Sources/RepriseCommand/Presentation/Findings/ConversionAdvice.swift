import RepriseSystem

/// Advice that names a command for a file.
enum ConversionAdvice {
  /// Returns a shell command that converts a file to FLAC in the same directory.
  static func conversion(of path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[start...].lastIndex(of: ".") ?? path.endIndex
    let stem = path[..<(dot == start ? path.endIndex : dot)]
    // The input may itself have the extension .flac, whatever its format.
    let output = path.hasSuffix(".flac") ? "\(stem)-new.flac" : "\(stem).flac"
    return "ffmpeg -i \(shellWord(path)) \(shellWord(output))"
  }
}
