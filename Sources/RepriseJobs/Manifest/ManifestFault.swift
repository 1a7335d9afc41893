package import RepriseSystem

extension ManifestProblem {
  /// A fault at a position of a manifest.
  package enum Fault: Sendable, Equatable, CustomStringConvertible {
    /// The manifest has more bytes than the limit.
    case tooLarge(limit: Int)
    /// The manifest is in UTF-16.
    case utf16
    /// The manifest is not text.
    case notText
    /// A text in it is not UTF-8; JSON always is.
    case notUTF8(isJSON: Bool)
    /// There are more rows than the limit.
    case tooManyRows(limit: Int)
    /// There are no rows.
    case noRows
    /// There is no header.
    case empty
    /// The header has a column twice.
    case columnTwice(String)
    /// The header has an unknown column.
    case unknownColumn(String)
    /// The header has no column `path`.
    case noPathColumn
    /// A row has another number of fields than the header.
    case fieldCount(Int, header: Int)
    /// A field is in a column without a name.
    case unnamedColumn(String)
    /// A quotation mark is in a field that does not begin with one.
    case strayQuote
    /// A quotation mark is not closed: at all, or within the given number of bytes.
    case openQuote(limit: Int?)
    /// Text follows a closing quotation mark.
    case textBehindQuote
    /// An object has an unknown key.
    case unknownKey(String)
    /// An object has a key twice.
    case keyTwice(String)
    /// The value of a key is neither a string nor null.
    case notString(String)
    /// A line is not a JSON object, for this reason.
    case json(JSONFault)
    /// A row has no path.
    case noPath
    /// A path in a column holds a zero byte.
    case zeroByte(column: String)
    /// An output is a directory.
    case outputDirectory
    /// An output is the recording of a line, perhaps its own.
    case outputIsRecording(String, line: Int, isOwn: Bool)
    /// An output is also the output of another line.
    case outputTwice(String, line: Int)
    /// The text of a column is in a file that cannot be used.
    case text(column: String, file: String, TextFault)

    /// The reason for which a file provides no text.
    package enum TextFault: Sendable, Equatable {
      /// The file cannot be read.
      case unreadable(FileError)
      /// The file has more bytes than the limit.
      case tooLong(limit: Int)
      /// The file is not UTF-8.
      case notUTF8
      /// The file is empty.
      case empty
    }

    /// The reason for which a line is not a JSON object.
    package enum JSONFault: Sendable, Equatable, CustomStringConvertible {
      /// A character required by a rule is missing.
      case missing(String, rule: String)
      /// A string, such as a key, is missing.
      case noString(String)
      /// A string does not end on its line.
      case openString
      /// A string holds a control character.
      case controlCharacter
      /// A backslash ends a line.
      case lastBackslash
      /// An escape is not a JSON escape.
      case escape
      /// A surrogate is alone.
      case surrogate
      /// Text follows the object.
      case textBehind
      /// Values are nested more deeply than the limit.
      case nesting(limit: Int)
      /// A value is missing or is not JSON.
      case noValue

      /// A short phrase that describes the fault.
      package var description: String {
        switch self {
        case .missing(let character, let rule): "a '\(character)' is missing: \(rule)"
        case .noString(let what): "\(what) is missing here"
        case .openString: "a string begins here and does not end on this line"
        case .controlCharacter: "a control character in a string; write it as \\n, \\t or \\u00XX"
        case .lastBackslash: "a backslash at the end of a line"
        case .escape: "an escape that JSON does not know; a backslash itself is written \\\\"
        case .surrogate: "half of a surrogate pair, which is not a character"
        case .textBehind: "there is text after the object; each line is one object"
        case .nesting(let limit): "is nested more than \(limit) deep"
        case .noValue: "a value is missing or is not JSON"
        }
      }
    }

    /// A short phrase that describes the fault.
    package var description: String {
      switch self {
      case .tooLarge(let limit): "is over \(limit) bytes"
      case .utf16: "is UTF-16"
      case .notText: "is not text; a manifest is CSV or JSON Lines in UTF-8"
      case .notUTF8(isJSON: true): "is not UTF-8; JSON is (a file whose name is not UTF-8 can't be in a manifest)"
      case .notUTF8(isJSON: false):
        "is not UTF-8, as a manifest must be (a file whose name is not UTF-8 can't be in it)"
      case .tooManyRows(let limit): "more than \(limit) rows"
      case .noRows: "has no rows, so there is nothing to do"
      case .empty: "is empty"
      case .columnTwice(let name): "there are two columns '\(name)'"
      case .unknownColumn(let name): "unknown column '\(name)'; \(ManifestColumn.known)"
      case .noPathColumn: "there is no column 'path'"
      case .fieldCount(let count, let header):
        "has \(count) field\(count == 1 ? "" : "s"), the header has \(header)"
      case .unnamedColumn(let text): "'\(text)' is in a column without a name"
      case .strayQuote: "a quote inside a field that does not begin with one"
      case .openQuote(nil): "a quote opens here and is never closed"
      case .openQuote(let limit?): "a quote opens here and is not closed within \(limit) bytes"
      case .textBehindQuote: "there is text after a closing quote; a quote inside quotes is written twice"
      case .unknownKey(let key): "unknown key '\(key)'; \(ManifestColumn.known)"
      case .keyTwice(let key): "'\(key)' is there twice"
      case .notString(let key): "'\(key)' takes a string in quotes, or null"
      case .json(let fault): fault.description
      case .noPath: "'path' is empty; every row requires one"
      case .zeroByte(let column): "'\(column)' holds a zero byte, which no file name does"
      case .outputDirectory: "'output' names a directory"
      case .outputIsRecording(let output, let line, let isOwn):
        "the output '\(output)' is \(isOwn ? "its own recording" : "the recording of line \(line)"), and recordings are "
          + "never changed"
      case .outputTwice(let output, let line):
        "the output '\(output)' is also that of line \(line); names that differ in case only count as one, as they do on "
          + "many disks"
      case .text(let column, let file, let fault): "'\(column)': \(file): \(Self.phrase(fault))"
      }
    }

    private static func phrase(_ fault: TextFault) -> String {
      switch fault {
      case .unreadable(let error): error.message
      case .tooLong(let limit): "is over \(limit) bytes"
      case .notUTF8: "is not UTF-8 text"
      case .empty: "is empty"
      }
    }
  }
}
