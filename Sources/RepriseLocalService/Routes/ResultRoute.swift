internal import RepriseService
internal import Foundation

/// `GET /results/covers%2F<id>.<format>?signature=…`: a result, as a presigned object store serves it.
///
/// Like such a store it takes the path byte for byte (`%2F` is no `/`), wants the signature from the link, and refuses
/// a request that also carries `Authorization`, so that a client that leaks its key there is found out.
struct ResultRoute: Sendable {
  let store: GenerationStore
  let folder: WorkFolder

  private static let folderName = "results"
  private static let keyPrefix = "covers/"

  /// The link's path and query.
  static func target(_ record: GenerationRecord) -> String {
    let key = keyPrefix + record.id + "." + record.submission.setting.format.rawValue
    return "/\(folderName)/\(PercentCoding.encode(key))?signature=\(record.signature)"
  }

  /// The object's key, if the raw path's segments name one.
  static func key(_ segments: [String]) -> String? {
    guard segments.count == 2, segments[0] == folderName else { return nil }
    return PercentCoding.decode(segments[1])
  }

  /// Serves a result or a part of it.
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
    guard let file = try? DownloadFile(path: folder.result(record)) else { throw Self.missing }

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

  /// The text, nil if it is not percent-encoded UTF-8.
  static func decode(_ text: some StringProtocol) -> String? { String(text).removingPercentEncoding }
}
