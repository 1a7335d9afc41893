import RepriseService

/// Advice on mistakes in the configuration file.
enum ConfigurationText {
  /// Returns the advice that follows the fact.
  static func advice(_ problem: ServiceError.ConfigurationProblem) -> String {
    switch problem {
    case .nulByte: "; write it again"
    case .notTOML(_, let line, _): line == nil ? "; see https://toml.io" : ""
    case .notUTF8: "; save it as UTF-8"
    case .notFile: "; move it away, or write a configuration there"
    case .writableByOthers(let path): "; run: chmod go-w \(path)"
    case .mistake(_, _, _, let mistake): advice(mistake)
    case .tooLarge, .service: ""
    }
  }

  private static func advice(_ mistake: ServiceError.ConfigurationProblem.Mistake) -> String {
    switch mistake {
    case .noneOf(_, isForKey: true), .keyInFile: ": \(whereKeysGo)"
    case .builtInLike: "; take it out"
    case .shape: "; change like, or take one of them out"
    case .noURL: ": say where the service is, as https://host, or which one it is like"
    case .empty: "; name the model"
    case .variables: ": put a key into a variable"
    case .resultForm: "; say \"url\""
    case .type, .elementType, .noneOf, .range, .unknown, .other: ""
    }
  }

  /// Locations for a key other than the configuration.
  private static let whereKeysGo =
    "put it into an environment variable and name that in key_variables, or into keys/NAME beside this file (chmod 600)"
}
