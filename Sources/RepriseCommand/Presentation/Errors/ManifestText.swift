import RepriseJobs
import RepriseSystem

/// The text for errors in a manifest: the facts with their positions, and advice.
enum ManifestText {
  /// Returns a line for every problem, and one for the problems not shown.
  static func sentence(_ error: ManifestError) -> String {
    var lines = error.problems.map { "\(error.name): \($0)\(advice($0.fault))" }
    if error.count > error.problems.count {
      lines.append("\(error.name): and \(error.count - error.problems.count) more")
    }
    return lines.joined(separator: "\n")
  }

  /// Returns the exit code: that of a missing input if files named by the manifest can't be read, and nothing else is
  /// wrong.
  static func status(of error: ManifestError) -> ExitStatus {
    let areAllShown = error.count == error.problems.count
    let isOfFiles = error.problems.allSatisfy { if case .text(_, _, .unreadable) = $0.fault { true } else { false } }
    return areAllShown && isOfFiles ? .noInput : .usage
  }

  /// Returns the advice that follows the fact.
  private static func advice(_ fault: ManifestProblem.Fault) -> String {
    switch fault {
    case .tooLarge, .tooManyRows: "; split the manifest"
    case .utf16, .notUTF8(isJSON: false): "; save it as UTF-8 (spreadsheets call it 'CSV UTF-8')"
    case .empty: "; its first line names the columns, such as path,prompt"
    case .noPathColumn: "; the first line names the columns, such as path,prompt"
    case .fieldCount: "; a field with the separator in it requires quotes around it"
    case .strayQuote: "; put the field in quotes and double those in it"
    case .outputDirectory: "; name a file"
    case .text(_, _, .unreadable(let error)):
      error.code == .missing ? "; a file is named relative to the manifest's directory" : ""
    case .text(_, _, .tooLong): "; is it the right file?"
    default: ""
    }
  }
}
