/// Tells text from binary data, for a message that names the mistake: a saved web page, a playlist, an error message.
enum TextSniffer {
  /// "an HTML page", "JSON", "XML" or "text"; `nil` if the bytes are not text.
  static func kind(of head: [UInt8]) -> String? {
    let sample = head.prefix(4096)
    let isControl: (UInt8) -> Bool = { $0 < 32 && ![9, 10, 12, 13, 27].contains($0) || $0 == 127 }
    guard !sample.isEmpty, !sample.contains(where: isControl) else { return nil }
    let text = String(decoding: sample, as: UTF8.self)
    // One replaced scalar may be a character cut by the end of the sample.
    guard text.unicodeScalars.filter({ $0 == "\u{FFFD}" }).count <= 1 else { return nil }
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(64).lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "an HTML page" }
    if start.hasPrefix("<?xml") || start.hasPrefix("<") { return "XML" }
    if start.hasPrefix("{") || start.hasPrefix("[{") { return "JSON" }
    if start.hasPrefix("#extm3u") { return "a playlist" }
    return "text"
  }
}
