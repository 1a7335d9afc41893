import Foundation
import Platform

/// The paths on the command line as they were typed, byte by byte.
enum CommandPaths {
  /// The parser's texts have lost what is not UTF-8; the process's own arguments have not.
  ///
  /// - Parameter texts: as the parser read them.
  static func raw(_ texts: [String]) -> [RawPath] {
    guard texts.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }) else { return texts.map { RawPath($0) } }
    var typed: [String: [UInt8]] = [:]
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
      let bytes = unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
      let path = RawPath(bytes)
      if !path.isText { typed[path.text] = bytes }
    }
    return texts.map { text in typed[text].map { RawPath($0) } ?? RawPath(text) }
  }
}
