internal import RepriseService
internal import Foundation

/// `GET /results/covers%2F<id>.<format>?signature=…`: a result, as a presigned object store serves it.
///
/// Like an object store the route compares the path byte for byte (`%2F` is not `/`), requires the signature from the
/// link, and refuses a request that also carries `Authorization`, so that a client that leaks its key there is
/// detected.
struct ResultRoute: Sendable {
  let store: GenerationStore
  let directory: WorkDirectory

  private static let directoryName = "results"
  private static let keyPrefix = "covers/"

  /// Returns the path and query of the link.
  static func target(_ record: GenerationRecord) -> String {
    let key = keyPrefix + record.id + "." + record.submission.setting.format.rawValue
    return "/\(directoryName)/\(PercentCoding.encode(key))?signature=\(record.signature)"
  }

  /// Returns the object's key, if the segments of the raw path name one.
  static func key(_ segments: [String]) -> String? {
    guard segments.count == 2, segments[0] == directoryName else { return nil }
    return PercentCoding.decode(segments[1])
  }

  /// Serves a result or a part of a result.
  func reply(key: String, signature: String?, isAuthorized: Bool, range: String?, ifRange: String?) async throws
    -> Reply
  {
    guard key.hasPrefix(Self.keyPrefix), let dot = key.lastIndex(of: ".") else { throw Self.missing }
    let id = String(key[..<dot].dropFirst(Self.keyPrefix.count))
    guard let record = await store.record(id), key[dot...].dropFirst() == record.submission.setting.format.rawValue
    else { throw Self.missing }
    if isAuthorized {
      throw HTTPError(400, "this link is signed; send no Authorization header with it")
    }
    guard signature == record.signature else { throw HTTPError(403, "the signature does not match this link") }
    guard case .completed = record.state else { throw Self.missing }
    if record.isResultGone { throw HTTPError(410, "the link has expired and the result is removed") }
    guard let file = try? DownloadFile(path: directory.result(record)) else { throw Self.missing }

    let tag = "\"\(record.signature.prefix(8))-\(file.byteCount)\""
    var headers = [
      ("Content-Type", record.submission.setting.format.mediaType), ("Accept-Ranges", "bytes"), ("ETag", tag),
      ("Cache-Control", "private"),
    ]
    switch ByteRange(ifRange == nil || ifRange == tag ? range : nil, length: file.byteCount) {
    case .whole: return Reply(status: 200, headers: headers, content: .file(file, 0..<file.byteCount))
    case .part(let part):
      headers.append(("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.byteCount)"))
      return Reply(status: 206, headers: headers, content: .file(file, part))
    case .unsatisfiable:
      throw HTTPError(
        416, "the range lies outside the file's \(file.byteCount) bytes",
        headers: [("Content-Range", "bytes */\(file.byteCount)")])
    }
  }

  private static var missing: HTTPError { HTTPError(404, "there is no such result") }
}

/// Percent-encoding of one path segment or query value (RFC 3986 §2).
enum PercentCoding {
  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

  static func encode(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  /// Returns the decoded text, or nil if the text is not percent-encoded UTF-8.
  static func decode(_ text: some StringProtocol) -> String? { String(text).removingPercentEncoding }
}
