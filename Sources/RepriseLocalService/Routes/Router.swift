internal import RepriseService
internal import FlyingFox
internal import Foundation
internal import RepriseSystem

/// Responds to every request of the service.
struct Router: HTTPHandler {
  let submit: SubmitRoute
  let results: ResultRoute
  let logs: LogsRoute
  let store: GenerationStore
  /// `http://127.0.0.1:PORT`, once the port is known.
  let baseURL: BaseURL
  let onEvent: @Sendable (LocalServerEvent) -> Void

  /// The methods that reach the router, so that it can respond with 405: IANA's registry.
  ///
  /// FlyingFox itself responds to others with 404.
  static let methods = [
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LABEL",
    "LINK",
    "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "OPTIONS",
    "ORDERPATCH", "PATCH", "POST", "PRI", "PROPFIND", "PROPPATCH", "PUT", "QUERY", "REBIND", "REPORT", "SEARCH",
    "TRACE",
    "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
  ].map { HTTPMethod($0) }

  private static let requestIDHeader = HTTPHeader("X-Client-Request-Id")
  private static let generatePath = "/v2/generate/audio"

  func handleRequest(_ request: HTTPRequest) async -> HTTPResponse {
    let clock = ContinuousClock()
    let start = clock.now
    let path = request.target.path()
    let sentID = request.headers[Self.requestIDHeader].flatMap { try? ClientRequestID($0) }
    let requestID = sentID ?? .random()
    let body = IncomingBody(of: request)
    let reply: Reply
    do {
      reply = try await route(request, path: path, body: body, sentID: sentID)
    } catch {
      reply = Self.reply(to: error, path: path, requestID: requestID.text)
    }
    let isHead = request.method == .HEAD
    let unread = body.isPending ? body : nil
    let status = reply.status
    let onEvent = onEvent
    let replyBody = ReplyBody(content: reply.content, isSent: !isHead, unread: unread) { bytes, isComplete in
      onEvent(
        .request(
          .init(
            method: String(request.method.rawValue.prefix(20)), path: Self.loggable(path), status: status, bytes: bytes,
            milliseconds: start.duration(to: clock.now) / .milliseconds(1), isComplete: isComplete)))
    }
    var headers = HTTPHeaders()
    for (name, value) in reply.headers { headers[HTTPHeader(name)] = value }
    headers[Self.requestIDHeader] = requestID.text
    // A client that reads the log needs the time of the server's clock.
    headers[HTTPHeader("Date")] = HTTPDate.text(.now)
    headers[.contentLength] = String(reply.content.byteCount)
    if unread != nil { headers[.connection] = "close" }
    return HTTPResponse(
      statusCode: Self.statusCode(status), headers: headers,
      body: HTTPBodySequence(from: replyBody, count: reply.content.byteCount, suggestedBufferSize: 65_536))
  }

  private func route(
    _ request: HTTPRequest, path: String, body: IncomingBody, sentID: ClientRequestID?
  ) async throws -> Reply {
    try RequestGuard.check(
      host: request.headers[.host], origin: request.headers[HTTPHeader("Origin")],
      fetchSite: request.headers[HTTPHeader("Sec-Fetch-Site")])
    let query = Self.query(request.target.query())
    if path == Self.generatePath {
      switch request.method {
      case .POST:
        return try await submit.reply(
          to: body, contentType: request.headers[.contentType], clientRequestID: sentID?.text)
      case .GET, .HEAD: return try await poll(query["generation_id"])
      default: throw Self.notAllowed(request.method, "GET, HEAD, POST")
      }
    }
    if path == LogsRoute.path {
      guard request.method == .GET || request.method == .HEAD else {
        throw Self.notAllowed(request.method, "GET, HEAD")
      }
      return try await logs.reply(query)
    }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    if let key = ResultRoute.key(segments) {
      guard request.method == .GET || request.method == .HEAD else {
        throw Self.notAllowed(request.method, "GET, HEAD")
      }
      return try await results.reply(
        key: key, signature: query["signature"], isAuthorized: request.headers[.authorization] != nil,
        range: request.headers[.range], ifRange: request.headers[HTTPHeader("If-Range")])
    }
    throw HTTPError(404, "there is nothing at this path")
  }

  private func poll(_ id: String?) async throws -> Reply {
    guard let id, !id.isEmpty else { throw HTTPError(400, "generation_id is missing") }
    guard let record = await store.record(id) else { throw HTTPError(404, "there is no generation with this id") }
    return GenerationReply.make(
      record, resultURL: baseURL.value + ResultRoute.target(record), progress: store.progress[id])
  }

  private static func notAllowed(_ method: HTTPMethod, _ allowed: String) -> HTTPError {
    HTTPError(405, "this path takes \(allowed)", headers: [("Allow", allowed)])
  }

  private static func reply(to error: any Error, path: String, requestID: String) -> Reply {
    let failure: HTTPError
    switch error {
    case let known as HTTPError: failure = known
    case is CancellationError: failure = HTTPError(503, "the service is stopping")
    default: failure = HTTPError(500, "the service failed at this request")
    }
    return .json(failure.status, failure.body(path: path, requestID: requestID), headers: failure.headers)
  }

  /// Returns the first value of every name; `+` stays `+`.
  private static func query(_ text: String) -> [String: String] {
    var query: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentCoding.decode(parts[0]), query[name] == nil else { continue }
      query[name] = parts.count == 2 ? PercentCoding.decode(parts[1]) : ""
    }
    return query
  }

  /// Returns the path without characters that could forge or flood a log.
  private static func loggable(_ path: String) -> String {
    String(path.unicodeScalars.prefix(200).map { $0.value > 0x20 && $0.value < 0x7F ? Character($0) : "?" })
  }

  private static func statusCode(_ status: Int) -> HTTPStatusCode {
    let known: [HTTPStatusCode] = [
      .ok, .partialContent, .badRequest, .forbidden, .notFound, .methodNotAllowed, .requestTimeout, .gone,
      .payloadTooLarge, .unsupportedMediaType, .rangeNotSatisfiable, .tooManyRequests, .internalServerError,
      .serviceUnavailable,
    ]
    return known.first { $0.code == status } ?? HTTPStatusCode(status, phrase: "Status")
  }
}
