/// Distinguishes text from binary data, for a message that names the mistake: a saved web page, a playlist, an error
/// message.
enum TextSniffer {
  /// Returns "an HTML page", "JSON", "XML" or "text"; `nil` if the bytes are not text.
  static func kind(of head: [UInt8]) -> String? {
    if let text = utf16(head) { return kind(ofText: text) }
    let sample = head.prefix(4096)
    let isControl: (UInt8) -> Bool = { $0 < 32 && ![9, 10, 12, 13, 27].contains($0) || $0 == 127 }
    guard !sample.isEmpty, !sample.contains(where: isControl) else { return nil }
    let text = String(decoding: sample, as: UTF8.self)
    // One replaced scalar may be a character cut by the end of the sample.
    guard text.unicodeScalars.filter({ $0 == "\u{FFFD}" }).count <= 1 else { return nil }
    return kind(ofText: text)
  }

  /// Returns the beginning of a text in UTF-16 with a byte order mark; `nil` for all other data.
  static func utf16(_ head: [UInt8]) -> String? {
    let isLittle = head.starts(with: [0xFF, 0xFE])
    guard isLittle || head.starts(with: [0xFE, 0xFF]), head.count.isMultiple(of: 2) || head.count > 64 else {
      return nil
    }
    let sample = head.prefix(4096)
    var units: [UInt16] = []
    for offset in stride(from: 2, to: sample.count - 1, by: 2) {
      let (first, second) = (UInt16(sample[offset]), UInt16(sample[offset + 1]))
      units.append(isLittle ? second << 8 | first : first << 8 | second)
    }
    // Frames of audio hold every value; no text has control characters, unpaired surrogates or noncharacters.
    let isText = units.allSatisfy { $0 >= 32 && $0 != 127 && $0 < 0xFFFE || [9, 10, 12, 13].contains($0) }
    guard isText, units.count > 1 else { return nil }
    let text = String(decoding: units, as: UTF16.self)
    return text.unicodeScalars.filter({ $0 == "\u{FFFD}" }).count <= 1 ? text : nil
  }

  private static func kind(ofText text: String) -> String {
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(64).lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "an HTML page" }
    if start.hasPrefix("<?xml") || start.hasPrefix("<") { return "XML" }
    if start.hasPrefix("{") || start.hasPrefix("[{") { return "JSON" }
    if start.hasPrefix("#extm3u") { return "a playlist" }
    return "text"
  }
}
