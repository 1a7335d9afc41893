/// A JSON text whose end is missing, closed behind the last value in it that is surely whole.
enum CutJSON {
  /// The text's beginning with its brackets closed; nil if nothing whole is in it.
  ///
  /// What is a value is left to the parser: this only knows strings, brackets and commas. A number at the cut may have
  /// digits to come, so only what follows it ends it.
  static func closed(_ text: [UInt8]) -> [UInt8]? {
    var closers: [UInt8] = []
    var isInString = false
    var isEscaped = false
    /// Whether a string that begins here is a value rather than a name.
    var isValue = false
    /// Behind the last whole value: how much of the text, and what closes it.
    var last: (count: Int, closers: [UInt8])?
    for (index, byte) in text.enumerated() {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
          if isValue { last = (index + 1, closers) }
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"):
        closers.append(UInt8(ascii: "}"))
        isValue = false
      case UInt8(ascii: "["):
        closers.append(UInt8(ascii: "]"))
        isValue = true
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // An answer nests a few levels; what closes more than was opened is no JSON.
        guard closers.popLast() == byte else { return nil }
        last = (index + 1, closers)
      case UInt8(ascii: ":"): isValue = true
      case UInt8(ascii: ","):
        last = (index, closers)
        isValue = closers.last == UInt8(ascii: "]")
      default: break
      }
    }
    return last.map { Array(text[..<$0.count]) + $0.closers.reversed() }
  }
}
