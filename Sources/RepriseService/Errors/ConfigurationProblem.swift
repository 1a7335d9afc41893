extension ServiceError {
  /// What was wrong with the configuration file.
  public indirect enum ConfigurationProblem: Sendable, Equatable {
    /// It holds a NUL byte.
    case nulByte(path: String)
    /// It is not TOML from a line on, in the parser's words.
    case notTOML(path: String, line: Int?, said: String)
    /// It is not UTF-8.
    case notUTF8(path: String)
    /// What is at its path is no file.
    case notFile(path: String)
    /// Others may write it, or own it.
    case writableByOthers(path: String)
    /// It is longer than it may be.
    case tooLarge(path: String, bytes: Int, limit: Int)
    /// A key in it has a value that makes no sense; the line is counted from 1, `nil` where it could not be found.
    case mistake(path: String, line: Int?, key: String, Mistake)
    /// A service of it can't be used.
    case service(path: String, name: String, ServiceError)

    /// What is wrong with a key of the file. Values are never kept: one of them may be a key.
    public enum Mistake: Sendable, Equatable, CustomStringConvertible {
      /// The value is of another type than the one that is wanted.
      case type(found: String, wanted: String)
      /// An element of the list is of another type than the one that is wanted.
      case elementType(found: String, wanted: String)
      /// The value is none of these; where a key may have been meant, that is told.
      case noneOf([String], isForKey: Bool)
      /// The number is outside of its bounds, all as they are shown.
      case range(String, least: String, most: String)
      /// A key was put into the file itself.
      case keyInFile
      /// Nothing has this name here; these are known.
      case unknown(known: [String])
      /// A built-in service can't be like another.
      case builtInLike(String)
      /// The service it is like has another shape.
      case shape(like: String, shape: String)
      /// A service without a URL.
      case noURL
      /// The value is empty.
      case empty
      /// Names of environment variables are wanted.
      case variables
      /// Only services of one shape response with the audio itself.
      case resultForm
      /// Another fact, for the key as subject.
      case other(String)

      /// The fact, for the key as subject.
      public var description: String {
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
        case .variables: "wants names of environment variables, such as STUDIO_KEY (A-Z 0-9 _), not keys"
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
