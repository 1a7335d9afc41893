/// Texts of unknown origin, made safe to display: characters that are invisible, or that would reorder others, are
/// escaped.
///
/// Control and format characters (line ends, U+202E and similar ones, zero-width ones) become `\n`, `\r`, `\t` or
/// `\u{202e}`; bytes that are not UTF-8 become `\xff`.
enum VisibleText {
  /// Returns a path or another name in which backslashes are doubled, so that every name is displayed differently.
  static func name(_ bytes: [UInt8]) -> String { escaped(bytes, doublesBackslashes: true) }

  /// Returns a sentence in which backslashes are unchanged.
  static func sentence(_ text: String) -> String { escaped(Array(text.utf8), doublesBackslashes: false) }

  private static func escaped(_ bytes: [UInt8], doublesBackslashes: Bool) -> String {
    // Fast path: most names need no escape.
    if bytes.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x5C }) { return String(decoding: bytes, as: UTF8.self) }
    var result = ""
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .emptyInput: return result
      case .error(let length):
        for byte in bytes[position..<position + length] { result += "\\x" + digits(UInt32(byte), atLeast: 2) }
        position += length
      case .valid(let encoded):
        position += encoded.count
        append(Unicode.UTF8.decode(encoded), to: &result, doublesBackslashes)
      }
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String, _ doublesBackslashes: Bool) {
    switch scalar {
    case "\\": result += doublesBackslashes ? "\\\\" : "\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        result += "\\u{" + digits(scalar.value, atLeast: 1) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func digits(_ value: UInt32, atLeast width: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
