import Foundation
import RepriseService
import RepriseSystem

/// The names of inputs that are no files: `-`, which is stdin, and http and https URLs.
package enum InputName {
  /// Returns `true` if an argument is no path.
  package static func isFetched(_ argument: String) -> Bool { argument == "-" || InputDownload.isURL(argument) }

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
