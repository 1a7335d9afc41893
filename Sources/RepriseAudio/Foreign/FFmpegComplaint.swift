/// What ffmpeg wrote to stderr, where it writes nothing about a file without a fault.
package struct FFmpegComplaint: Equatable {
  /// Number of lines.
  package let lines: Int
  /// First line, without the addresses and names that differ from run to run.
  package let first: String
  /// `true` if a checksum was wrong.
  package let isChecksum: Bool

  /// Creates a complaint of the first bytes that were written; `nil` if there are none.
  package init?(_ text: String, lines: Int) {
    guard let line = text.split(whereSeparator: \.isNewline).first else { return nil }
    first = Self.stable(line)
    self.lines = max(lines, 1)
    isChecksum = ["CRC error", "CRC mismatch"].contains { text.contains($0) }
  }

  /// Returns a line without its address: "[aac @ 0x55ca] Reserved bit set" as "aac: Reserved bit set".
  private static func stable(_ line: Substring) -> String {
    var rest = line
    for prefix in ["file:/proc/self/fd/0: ", "file:/dev/fd/0: "] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
    }
    guard rest.hasPrefix("["), let end = rest.firstRange(of: "] "),
      let at = rest[..<end.lowerBound].firstRange(of: " @ 0x")
    else {
      return String(rest.prefix(200))
    }
    let name = rest[rest.index(after: rest.startIndex)..<at.lowerBound].prefix { $0 != "," }
    return String("\(name): \(rest[end.upperBound...])".prefix(200))
  }
}
