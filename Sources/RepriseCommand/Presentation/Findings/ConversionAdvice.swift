import RepriseSystem

/// Advice that names a command for a file.
enum ConversionAdvice {
  /// A command that turns a file into flac beside it, ready to be pasted into a shell.
  static func conversion(of path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[start...].lastIndex(of: ".") ?? path.endIndex
    let stem = path[..<(dot == start ? path.endIndex : dot)]
    // The input may itself be called .flac, whatever it is.
    let output = path.hasSuffix(".flac") ? "\(stem)-new.flac" : "\(stem).flac"
    return "ffmpeg -i \(shellWord(path)) \(shellWord(output))"
  }
}
