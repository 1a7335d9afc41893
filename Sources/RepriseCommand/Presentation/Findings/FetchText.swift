import RepriseSystem

/// The text on inputs that are no files and could not be fetched.
enum FetchText {
  /// Returns the fact.
  static func fact(_ problem: FetchProblem) -> Phrase {
    switch problem {
    case .address: .predicate("is no URL that can be fetched: it names no host, contains spaces, or is too long")
    case .scheme(let scheme):
      .clause("it is, or redirects to, a URL that begins with '\(scheme):'; only http and https are fetched")
    case .status(let status, let host): .clause("\(host) answered with status \(status)\(meaning(status))")
    case .tooLarge(let limit, let announced?):
      .predicate(
        "has \(announced) bytes, over the limit of \(text(limit: limit)); nothing of it was fetched")
    case .tooLarge(let limit, nil):
      .predicate(
        "is larger than the limit of \(text(limit: limit)); it was read no further, and nothing of it was kept")
    case .cutShort(let bytes, let announced?): .clause("only \(bytes) of \(announced) bytes came")
    case .cutShort(let bytes, nil): .clause("it broke off after \(counted(bytes, "byte"))")
    case .encoded(let codings, let host): .clause("\(host) sent it compressed (\(codings)), which was not asked for")
    case .redirects(let limit, let host): .clause("it redirects more than \(limit) times, last to \(host)")
    case .insecureRedirect(let host): .clause("\(host) redirects from https to http, which is not followed")
    case .noConnection(let host, let reason): .clause("there is no connection to \(host) (\(reason))")
    case .tooSlow(let host, let reason): .clause("\(host) is too slow: \(reason)")
    case .untrusted(let host, let reason): .clause("the certificate of \(host) is not trusted (\(reason))")
    case .terminal: .clause("nothing was piped to it: stdin is a terminal")
    case .unreadable(let errno): .clause("stdin could not be read: \(systemText(errno))")
    case .file(let error): .clause("it could not be kept in \(error.path): \(error.message)")
    case .cancelled: .clause("interrupted")
    }
  }

  /// Returns advice; `nil` if there is none.
  static func advice(_ problem: FetchProblem) -> String? {
    switch problem {
    case .address, .scheme: "name a file, or an http or https URL"
    case .status(let status, _):
      (500...599).contains(status) ? "try again later" : "check the URL, or fetch it by hand and name the file"
    case .tooLarge: "--max-fetch BYTES raises the limit"
    case .cutShort, .noConnection, .tooSlow: "try again, or fetch it by hand and name the file"
    case .encoded, .redirects, .insecureRedirect, .untrusted: "fetch it by hand and name the file"
    case .terminal: "pipe audio to it, or name a file (one called '-' is './-')"
    case .file(let error): error.isOutOfRoom ? "set TMPDIR to a place with more room" : nil
    case .unreadable, .cancelled: nil
    }
  }

  /// Returns a limit as it is typed: "100 MB", and in bytes if it is no round number.
  private static func text(limit: Int) -> String {
    for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")] where limit > 0 && limit % unit == 0 {
      return "\(limit / unit) \(name)"
    }
    return counted(limit, "byte")
  }

  private static func meaning(_ status: Int) -> String {
    switch status {
    case 401, 403: " (not permitted)"
    case 404, 410: " (there is nothing there)"
    case 429: " (too many requests)"
    case 500...: " (server error)"
    default: ""
    }
  }
}
