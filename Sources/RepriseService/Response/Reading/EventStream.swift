/// Server-sent events (WHATWG HTML, section 9.2) whose data are JSON.
enum EventStream {
  private static let fields = ["data", "event", "id", "retry", ""]

  /// Returns the data of each event in order, or `nil` if the body is no such stream.
  static func texts(_ body: [UInt8]) -> [[UInt8]]? {
    let start = body.drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
    guard fields.contains(where: { start.starts(with: Array("\($0):".utf8)) }) else { return nil }
    var texts: [[UInt8]] = []
    var data: [UInt8] = []
    func flush() {
      if !data.isEmpty { texts.append(data) }
      data = []
    }
    for line in start.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = line.last == 0x0D ? line.dropLast() : line
      if line.isEmpty {
        flush()
      } else if line.starts(with: Array("data:".utf8)) {
        data += line.dropFirst(5) + [0x0A]
      }
    }
    // The end of the last event may be missing.
    flush()
    return texts.isEmpty ? nil : texts
  }
}
