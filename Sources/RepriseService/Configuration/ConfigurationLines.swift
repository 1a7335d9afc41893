/// An index of the lines on which the keys of a TOML text are, as far as that can be determined without parsing the
/// text.
///
/// The parser reports lines only for syntax errors. Tables under headers and bare, quoted or dotted keys are found;
/// what is inside inline tables is not.
struct ConfigurationLines: Sendable {
  private var lines: [[String]: Int] = [:]

  /// Indexes a text.
  init(_ text: String) {
    var header: [String] = []
    var number = 0
    // A carriage return and a line feed are one `Character` in Swift.
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
      number += 1
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.first == "[" {
        header = Self.keys(trimmed.dropFirst { $0 == "[" }, until: "]")
        if lines[header] == nil { lines[header] = number }
      } else if trimmed.first != "#", trimmed.contains("=") {
        let keys = header + Self.keys(trimmed, until: "=")
        if lines[keys] == nil { lines[keys] = number }
      }
    }
  }

  /// Returns the line of a key or of a table's header, counted from 1.
  ///
  /// If the key has no line of its own, the line of the nearest table that holds it counts; `nil` if none is known.
  func line(of keys: [String]) -> Int? {
    var keys = keys
    while !keys.isEmpty {
      if let line = lines[keys] { return line }
      keys.removeLast()
    }
    return nil
  }

  private static func keys(_ text: Substring, until end: Character) -> [String] {
    text.prefix { $0 != end }.split(separator: ".").map { part in
      String(part.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" })
    }
  }
}

extension Substring {
  fileprivate func dropFirst(while isLead: (Character) -> Bool) -> Substring { drop(while: isLead) }
}
