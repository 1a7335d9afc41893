import Foundation
import RepriseService
import RepriseSystem

/// The names of inputs that are no files: `-`, which is stdin, and URLs.
package enum InputName {
  /// Returns `true` if an argument is no path, so that it is fetched, or refused with the reason if its scheme is
  /// neither http nor https.
  package static func isFetched(_ argument: String) -> Bool { argument == "-" || isURL(argument) }

  /// Returns `true` if an argument is an http or https URL.
  package static func isFetchedURL(_ argument: String) -> Bool { InputDownload.isURL(argument) }

  /// Returns `true` if an argument is a URL of any scheme, and no file has that name.
  package static func isURL(_ argument: String) -> Bool {
    if InputDownload.isURL(argument) { return true }
    guard let mark = argument.range(of: "://") else { return false }
    let scheme = argument[..<mark.lowerBound].utf8
    guard let first = scheme.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first | 0x20 else { return false }
    let isScheme = scheme.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
      default: false
      }
    }
    return isScheme && FileKind(at: argument) == .nothing
  }

  /// Returns the name that a file made of an input gets, with its extension: that of the file, or for a URL the end of
  /// its path.
  package static func fileName(of input: String) -> String {
    guard isFetched(input) else { return PathText.name(of: input) }
    guard input != "-", let mark = input.range(of: "://") else { return "stdin" }
    let place = input[mark.upperBound...].prefix { $0 != "?" && $0 != "#" }
    let parts = place.split(separator: "/", omittingEmptySubsequences: true)
    guard let host = parts.first else { return "input" }
    let last = parts.count > 1 ? parts[parts.count - 1] : host.split(separator: "@").last ?? host
    let name = String(last).removingPercentEncoding ?? String(last)
    let plain = String(
      String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 || $0 == "/" || $0 == "\u{7F}" ? "_" : $0 }))
    // A hidden file, or a name that begins like an option, is nobody's wish.
    let visible = plain.drop { $0 == "." || $0 == "-" }
    return visible.isEmpty ? "input" : String(visible.prefix(120))
  }

  /// Returns `fileName(of:)` without its extension.
  package static func stem(of input: String) -> String {
    isFetched(input) ? PathText.stem(of: fileName(of: input)) : PathText.stem(of: input)
  }
}
