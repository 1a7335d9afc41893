extension ServiceError {
  /// A fault of the configuration file.
  package indirect enum ConfigurationProblem: Sendable, Equatable {
    /// The file holds a NUL byte.
    case nulByte(path: String)
    /// The file is not TOML from a line on; `said` is the parser's message.
    case notTOML(path: String, line: Int?, said: String)
    /// The file is not UTF-8.
    case notUTF8(path: String)
    /// The path does not lead to a regular file.
    case notFile(path: String)
    /// Other users may write the file, or own it.
    case writableByOthers(path: String)
    /// The file is longer than allowed.
    case tooLarge(path: String, bytes: Int, limit: Int)
    /// A key in the file has an invalid value; the line is counted from 1, `nil` if it could not be found.
    case mistake(path: String, line: Int?, key: String, Mistake)
    /// A service in the file cannot be used.
    case service(path: String, name: String, ServiceError)

    /// A mistake in the value of a key of the file.
    ///
    /// Values are never kept, since one of them may be a key.
    package enum Mistake: Sendable, Equatable, CustomStringConvertible {
      /// The value has another type than the wanted one.
      case type(found: String, wanted: String)
      /// An element of the list has another type than the wanted one.
      case elementType(found: String, wanted: String)
      /// The value is none of these words; `isForKey` is `true` if a key may have been meant.
      case noneOf([String], isForKey: Bool)
      /// The number is out of bounds; all three as they are shown.
      case range(String, least: String, most: String)
      /// A key was put into the file itself.
      case keyInFile
      /// The name is unknown in this table; `known` holds the names that exist.
      case unknown(known: [String])
      /// A built-in service has `like`, which only others may have.
      case builtInLike(String)
      /// The service named by `like` has another shape.
      case shape(like: String, shape: String)
      /// The service has no URL.
      case noURL
      /// The value is empty.
      case empty
      /// The value must be names of environment variables.
      case variables
      /// The result is to be the audio itself in the response, which only services of one shape send.
      case resultForm
      /// Another fact, with the key as subject.
      case other(String)

      /// The fact, with the key as subject.
      package var description: String {
        switch self {
        case .type(let found, let wanted): "is \(found); \(wanted) is wanted"
        case .elementType(let found, let wanted): "holds \(found); \(wanted) is wanted"
        case .noneOf(let values, let isForKey):
          "is none of \(values.map { "\"\($0)\"" }.joined(separator: ", "))"
            + (isForKey ? "; a key itself does not belong into this file" : "")
        case .range(let value, let least, let most): "is \(value); \(least) to \(most) is allowed"
        case .keyInFile: "a key does not belong into this file"
        case .unknown(let known): "is not known here; known are \(known.joined(separator: ", "))"
        case .builtInLike(let name): "\(name) is built in and can't be like another"
        case .shape(let like, let shape): "\(like) has the shape \(shape)"
        case .noURL: "is missing"
        case .empty: "is empty"
        case .variables: "takes names of environment variables, such as STUDIO_KEY (A-Z 0-9 _), not keys"
        case .resultForm: "only a service of the shape minimax answers with the audio itself"
        case .other(let text): text
        }
      }
    }

    func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .nulByte(let path): "\(path): holds a NUL byte, which no text does"
      case .notTOML(let path, let line, let said):
        path + (line.map { ":\($0)" } ?? "") + ": is not TOML" + (said.isEmpty ? "" : ": \(said)")
      case .notUTF8(let path): "\(path): is not UTF-8"
      case .notFile(let path): "\(path): is not a file"
      case .writableByOthers(let path):
        "\(path): belongs to another user or may be written by others, and it says where keys are sent"
      case .tooLarge(let path, let bytes, let limit):
        "\(path): has \(bytes) bytes; a configuration has at most \(limit)"
      case .mistake(let path, let line, let key, let mistake):
        path + (line.map { ":\($0)" } ?? "") + ": \(key): \(mistake)"
      case .service(let path, let name, let error): "\(path): the service '\(name)': \(spell(error))"
      }
    }
  }
}
