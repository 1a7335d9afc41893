/// Parses the rows of a manifest in comma-, semicolon- or tab-separated values.
struct DelimitedManifest {
  private let bytes: [UInt8]
  private var text: DelimitedText
  private var columns: [ManifestColumn?] = []
  /// Indices of columns without a name, which spreadsheets write after the last one.
  private var unnamed: Set<Int> = []

  /// Parses the header.
  init(_ bytes: [UInt8], from position: TextPosition, problems: inout ProblemList) {
    self.bytes = bytes
    var position = position
    let reported = Self.declaredDelimiter(bytes, at: &position)
    text = DelimitedText(bytes, delimiter: reported ?? Self.delimiter(bytes, at: position), from: position)
    var header = text.next()
    while let record = header, record.isBlank { header = text.next() }
    guard let header else {
      problems.add(ManifestProblem(line: 1, column: 1, .empty))
      return
    }
    if let problem = header.problem {
      problems.add(problem)
      return
    }
    for (index, field) in header.fields.enumerated() {
      var column: ManifestColumn?
      switch ManifestColumn.meaning(of: field.text) {
      case .column(let known):
        if columns.contains(known) { problems.add(problem(field, .columnTwice(known.rawValue))) }
        column = known
      case .comment: break
      case .unknown where field.text.isEmpty: unnamed.insert(index)
      case .unknown:
        problems.add(problem(field, .unknownColumn(shortened(field.text))))
      }
      columns.append(column)
    }
    if !columns.contains(.path) {
      problems.add(ManifestProblem(line: header.line, column: 1, .noPathColumn))
      // Every row would report the same problem again.
      columns = []
    }
  }

  /// Returns the next row that is not blank, or nil at the end.
  mutating func next(problems: inout ProblemList) -> RawRow? {
    while !columns.isEmpty, let record = text.next() {
      if let problem = record.problem {
        problems.add(problem)
        if problems.isHopeless { return nil }
        continue
      }
      if record.isBlank { continue }
      guard record.fields.count == columns.count else {
        let fault = ManifestProblem.Fault.fieldCount(record.fields.count, header: columns.count)
        problems.add(ManifestProblem(line: record.line, column: 1, fault))
        continue
      }
      var row = RawRow(line: record.line)
      for (index, field) in record.fields.enumerated() {
        if let column = columns[index] {
          row.fields[column] = field
        } else if unnamed.contains(index), !field.text.isEmpty {
          problems.add(problem(field, .unnamedColumn(shortened(field.text))))
        }
      }
      return row
    }
    return nil
  }

  private func problem(_ field: DelimitedText.Field, _ fault: ManifestProblem.Fault) -> ManifestProblem {
    ManifestProblem(line: field.position.line, column: field.position.column(in: bytes), fault)
  }

  /// Returns the delimiter in a first line `sep=;`, which spreadsheets write and read.
  private static func declaredDelimiter(_ bytes: [UInt8], at position: inout TextPosition) -> UInt8? {
    let line = bytes[position.offset...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard line.count == 5, line.starts(with: Array("sep=".utf8)), let reported = line.last,
      DelimitedText.delimiters.contains(reported)
    else { return nil }
    let next = position.line + 1
    while position.line < next, position.offset < bytes.count { position.advance(in: bytes) }
    return reported
  }

  /// Returns the delimiter with which the header has the most known names.
  private static func delimiter(_ bytes: [UInt8], at position: TextPosition) -> UInt8 {
    var best = (delimiter: DelimitedText.delimiters[0], count: 0)
    for delimiter in DelimitedText.delimiters {
      var text = DelimitedText(bytes, delimiter: delimiter, from: position)
      var header = text.next()
      while let record = header, record.isBlank { header = text.next() }
      let count =
        header?.fields.count {
          if case .unknown = ManifestColumn.meaning(of: $0.text) { false } else { true }
        } ?? 0
      if count > best.count { best = (delimiter, count) }
    }
    return best.delimiter
  }
}

/// Returns the beginning of an untrusted text, on one line, for a message.
func shortened(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(60) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: result.append(" ")
    default: result.append(scalar)
    }
  }
  return String(result) + (text.unicodeScalars.count > 60 ? "…" : "")
}
