extension ServiceError {
  /// A fault of the bytes of a result, or of the file that keeps them.
  package indirect enum ResultProblem: Sendable, Equatable {
    /// There are no bytes.
    case empty
    /// The bytes are text of some kind, under a media type if one was reported.
    case text(kind: TextKind, mediaType: String?)
    /// The bytes have a content coding that was not requested.
    case encoded(String)
    /// There are more bytes than any cover has, from `origin` if that is known.
    case tooLarge(limit: Int, origin: String?)
    /// Some bytes are missing.
    case incomplete(bytes: Int, total: Int)
    /// The bytes do not match the kept ones.
    case mismatch
    /// The host cannot send the missing part.
    case noPart
    /// The number of bytes is not the one that the service reported.
    case length(Int, reported: Int)
    /// The bytes at `path` are not complete yet.
    case partial(path: String, bytes: Int)
    /// The bytes could not be moved to the output path, and are kept at `path`.
    case notPlaced(Problem, path: String)
    /// Another process is using the file.
    case inUse(path: String)
    /// The file that is to keep the bytes is not regular.
    case notRegular(path: String)
    /// No more bytes could be written.
    case outOfRoom(path: String, isQuota: Bool, kept: Int)
    /// A response that was kept earlier is at the path where another was to be kept.
    case earlierAnswer(path: String)
    /// The result could not be downloaded for the first reason, and a new query of its URL failed for the second.
    case notReported(ServiceError, ServiceError)
    /// The result could not be downloaded, even after a new query of its URL.
    case stillMissing(ServiceError)

    /// The kind of a text.
    package enum TextKind: String, Sendable {
      case page = "a web page"
      case xml = "XML"
      case json = "JSON"
      case plain = "text"
    }

    var underlying: (any Error)? {
      switch self {
      case .notPlaced(let problem, _): problem.underlying
      case .notReported(let error, _), .stillMissing(let error): error
      default: nil
      }
    }

    func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .empty: "the result is empty"
      case .text(let kind, let mediaType):
        "the result is \(kind.rawValue)\(mediaType.map { " (\($0))" } ?? ""), not audio"
      case .encoded(let codings): "the result came with the encoding '\(codings)', which was not asked for"
      case .tooLarge(let limit, let origin):
        "the result\(origin.map { " at \($0)" } ?? "") is over \(megabytes(limit)), which no cover is; it was not kept"
      case .incomplete(let bytes, let total): "the result came to \(bytes) of \(total) bytes only"
      case .mismatch:
        "the result's host answered with another part of it than was asked for, or of another file"
      case .noPart: "the result's host has no part of it where one is missing"
      case .length(let bytes, let reported): "the result came to \(bytes) bytes where the service reported \(reported)"
      case .partial(let path, let bytes): "\(path): the result is not whole yet (\(bytes) bytes)"
      case .notPlaced(let problem, let path):
        "\(problem.phrase(spell)) (what was fetched is kept in \(path): nothing needs to be bought or fetched again)"
      case .inUse(let path): "\(path): another process is fetching this result"
      case .notRegular(let path): "\(path): is not a plain file"
      case .outOfRoom(let path, let isQuota, let kept):
        "\(path): \(isQuota ? "your quota on this disk is used up" : "the disk is full"); the result's first \(kept) bytes "
          + "are kept there"
      case .earlierAnswer(let path):
        "\(path) holds an earlier answer of the service, which may have been paid for; nothing was sent"
      case .notReported(let error, let answer):
        "\(spell(error)); the service was asked for it again and did not report it (\(spell(answer)))"
      case .stillMissing(let error):
        "\(spell(error)); the service was asked for it again, and what it then reported gave no more"
      }
    }
  }
}
