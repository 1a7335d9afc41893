import RepriseAudio

/// The page's data: files as JSON that may be put inside a script element, one after another.
///
/// Words that occur often (formats, codecs, reasons, kinds of damage) are numbered; their list follows the files, and
/// then groups of the files' numbers.
struct PageRows {
  private var numbers: [String: Int] = [:]
  private var words: [String] = []
  private var hasRows = false

  /// The text before the first file.
  static let opening = "{\"files\":["

  /// Returns a file as an array: path, verdict, format, codec, sample rate, channels, seconds, bytes, loudness, depth
  /// of the check, reasons, damage (start, end, kind).
  ///
  /// report.js reads the fields in this order.
  mutating func row(path: String, facts: ScannedFacts) -> String {
    var cells = [Self.literal(path), "\(ReportTotals.index(of: facts.verdict))"]
    cells.append(number(of: facts.format.rawValue))
    cells.append(number(of: VisibleText.sentence(facts.codec ?? "unknown")))
    cells.append(facts.sampleRate.map { "\($0)" } ?? "null")
    cells.append(facts.channels.map { "\($0)" } ?? "null")
    cells.append(Self.literal(facts.seconds))
    cells.append(facts.bytes.map { "\($0)" } ?? "null")
    cells.append(Self.literal(facts.loudness))
    cells.append(number(of: facts.checked.rawValue))
    let reasons = facts.reasons.map { reason in
      "[\(number(of: reason.code)),\(Self.literal(VisibleText.sentence(reason.message)))]"
    }
    cells.append("[" + reasons.joined(separator: ",") + "]")
    let damage = facts.damage.filter { $0.start <= $0.end && abs($0.start) < 1e12 && abs($0.end) < 1e12 }
      .map { "[\(Self.literal($0.start)),\(Self.literal($0.end)),\(number(of: VisibleText.sentence($0.what)))]" }
    cells.append("[" + damage.joined(separator: ",") + "]")
    let separator = hasRows ? ",\n" : "\n"
    hasRows = true
    return separator + "[" + cells.joined(separator: ",") + "]"
  }

  /// The text after the last file, before the groups.
  var listOfWords: String { "\n],\"words\":[" + words.map { Self.literal($0) }.joined(separator: ",") + "]" }

  /// The text after the last group.
  static let closing = "}"

  private mutating func number(of word: String) -> String {
    if let known = numbers[word] { return "\(known)" }
    numbers[word] = words.count
    words.append(word)
    return "\(words.count - 1)"
  }

  /// Returns a number to the thousandth, trailing zeros dropped; `null` if there is none, or none that JSON can hold.
  private static func literal(_ number: Double?) -> String {
    guard let number, number.isFinite, abs(number) < 1e12 else { return "null" }
    var text = fixed(number, decimals: 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Returns a JSON string in which nothing ends a script element or, to any reader, a line.
  static func literal(_ text: String) -> String {
    var result: [UInt8] = [0x22]
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C: result += [0x5C, byte]
      // So that `</script`, `<!--`, `]]>` and entities have no effect.
      case 0..<0x20, 0x26, 0x3C, 0x3E, 0x7F:
        let digits = String(byte, radix: 16)
        result += Array(("\\u00" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8)
      default: result.append(byte)
      }
    }
    result.append(0x22)
    let literal = String(decoding: result, as: UTF8.self)
    guard literal.unicodeScalars.contains(where: { $0 == "\u{2028}" || $0 == "\u{2029}" }) else { return literal }
    return literal.unicodeScalars.map { scalar in
      scalar == "\u{2028}" ? "\\u2028" : scalar == "\u{2029}" ? "\\u2029" : String(scalar)
    }.joined()
  }
}
