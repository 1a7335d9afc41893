internal import CCurl
import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A client of HTTP based on libcurl that performs one exchange at a time.
///
/// Redirects, retries and the meaning of responses are up to the callers.
enum HTTPClient {
  /// Value of `User-Agent` in every request; some CDNs refuse libraries' default names.
  static let userAgent = "reprise/\(RepriseVersion.current)"

  /// Interval in milliseconds at which a waiting exchange checks for cancellation and time limits.
  private static let tick: Int32 = 100

  /// Performs an exchange and blocks until it is over: call it inside `Platform.offPool`.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - sink: The destination of a 2xx response's body.
  ///   - cancellation: The caller's request to stop.
  ///   - progress: Called as bytes are transferred.
  /// - Returns: The complete response, of any status.
  /// - Throws: `HTTPFailure` if there is no complete response.
  static func perform(
    _ request: HTTPRequest, into sink: HTTPSink, cancellation: Cancellation, progress: (HTTPProgress) -> Void
  ) throws(HTTPFailure) -> HTTPAnswer {
    if cancellation.isCancelled { throw HTTPFailure(kind: .cancelled, message: "", requestLeft: false, bodySent: 0) }
    blockBrokenPipeSignal()
    // HTTP/2 ends a refusal that comes before the body's end by RST_STREAM, and libcurl then reports the reset in place
    // of the response before it (seen with 7.88): a body is sent over HTTP/1.1 if the server supports that.
    guard request.body != nil, request.address.scheme == "https" else {
      return try perform(request, into: sink, by: .any, cancellation, progress)
    }
    do {
      return try perform(request, into: sink, by: .http1, cancellation, progress)
    } catch {
      guard case .noProtocol = error.kind else { throw error }
      return try perform(request, into: sink, by: .any, cancellation, progress)
    }
  }

  private static func perform(
    _ request: HTTPRequest, into sink: HTTPSink, by version: HTTPVersion, _ cancellation: Cancellation,
    _ progress: (HTTPProgress) -> Void
  ) throws(HTTPFailure) -> HTTPAnswer {
    let exchange: Exchange
    var handle: CurlHandle
    do {
      exchange = try Exchange(request, sink: sink)
      exchange.wantsProtocol = version == .http1
      if request.address.scheme == "https" { try CertificateBundle.ofEnvironment.check() }
      handle = try CurlHandle()
    } catch {
      throw HTTPFailure(kind: .ours(error), message: "", requestLeft: false, bodySent: 0)
    }
    configure(&handle, request, version)
    handle.connect(to: exchange)
    if version == .http1 { handle.listen(for: exchange) }
    // libcurl holds the exchange unretained: it must not be released before the handle's last call.
    return try withExtendedLifetime(exchange) { () throws(HTTPFailure) -> HTTPAnswer in
      try run(&handle, exchange, request, cancellation, progress)
    }
  }

  private static func run(
    _ handle: inout CurlHandle, _ exchange: Exchange, _ request: HTTPRequest, _ cancellation: Cancellation,
    _ progress: (HTTPProgress) -> Void
  ) throws(HTTPFailure) -> HTTPAnswer {
    do { try handle.begin() } catch {
      throw HTTPFailure(kind: .ours(error), message: "", requestLeft: false, bodySent: 0)
    }
    var watch = ExchangeWatch(request)
    var reported = HTTPProgress()
    while true {
      let result = handle.step(milliseconds: tick)
      let current = HTTPProgress(sent: exchange.bodySent, received: exchange.received, expected: exchange.expected)
      if current != reported, result != nil || watch.mayReport() {
        reported = current
        progress(current)
      }
      if let result { return try finish(handle, exchange, request, result) }
      let isCancelled = cancellation.isCancelled
      let isTooSlow = watch.isTooSlow(exchange)
      if isTooSlow || (isCancelled && !watch.maySettle(exchange)) {
        throw HTTPFailure(
          kind: isCancelled ? .cancelled : .tooSlow, message: watch.message, requestLeft: requestLeft(handle, request),
          bodySent: exchange.bodySent, answer: exchange.answer)
      }
    }
  }

  /// `true` if bytes of the request may have reached the host.
  ///
  /// Over https nothing of the request is sent before TLS is established; until then a proxy received only CONNECT.
  private static func requestLeft(_ handle: borrowing CurlHandle, _ request: HTTPRequest) -> Bool {
    request.address.scheme == "https" ? handle.hasTLS : handle.requestBytes > 0
  }

  private static func finish(
    _ handle: borrowing CurlHandle, _ exchange: Exchange, _ request: HTTPRequest, _ result: CURLcode
  ) throws(HTTPFailure) -> HTTPAnswer {
    let requestLeft = requestLeft(handle, request)
    func failed(_ kind: HTTPFailure.Kind, _ message: String? = nil) -> HTTPFailure {
      HTTPFailure(
        kind: kind, message: message ?? printable(handle.message(for: result)), requestLeft: requestLeft,
        bodySent: exchange.bodySent, answer: exchange.answer)
    }
    // A refusal whose head was received is a response, even if the connection broke over the rest of either body.
    let isRefusal = exchange.status >= 300
    if result != CURLE_OK && !isRefusal {
      if let failure = exchange.failure { throw failed(failure) }
      // libcurl's "unsupported protocol" may also mean that the response was not HTTP.
      let isBroken = result == CURLE_UNSUPPORTED_PROTOCOL && requestLeft
      if exchange.wantsProtocol, exchange.bodySent == 0, exchange.hasNoProtocol || saysNoProtocol(handle, result) {
        throw failed(.noProtocol)
      }
      if result == CURLE_SSL_CACERT_BADFILE, let error = CertificateBundle.ofEnvironment.unusable {
        throw failed(.ours(error))
      }
      let isEnded = request.body != nil && exchange.status == 0 && result == CURLE_PARTIAL_FILE
      let kind = isBroken ? .broken : isEnded ? .streamEnded : kind(of: result)
      // RFC 9113, section 8.7: a refused stream was not processed, and may be sent again.
      if case .streamEnded = kind, handle.message(for: result).contains("REFUSED_STREAM") { throw failed(.broken) }
      if request.address.scheme == "https", !requestLeft {
        if let kind = tunnelFailure(handle) { throw failed(kind) }
        if case .broken = kind { throw failed(.noConnection) }
      }
      throw failed(kind)
    }
    if isRefusal, case .ours(let error)? = exchange.failure { throw failed(.ours(error)) }
    do { try exchange.finishFile() } catch { throw failed(.ours(error)) }
    return HTTPAnswer(
      status: exchange.status, headers: exchange.headers, body: exchange.body,
      redirect: exchange.headers["location"].map { RedirectTarget.of($0, from: request.address) },
      received: exchange.received, bodySent: exchange.bodySent)
  }

  /// `true` if TLS failed because the server supports none of the offered protocols (RFC 7301, section 3.2).
  private static func saysNoProtocol(_ handle: borrowing CurlHandle, _ result: CURLcode) -> Bool {
    handle.message(for: result).lowercased().contains("no application protocol")
  }

  /// Returns the failure between this machine and a proxy, or `nil` if no tunnel was requested or it is established.
  private static func tunnelFailure(_ handle: borrowing CurlHandle) -> HTTPFailure.Kind? {
    let status = handle.tunnelStatus
    // Without TLS only a CONNECT can have been sent.
    guard handle.requestBytes > 0, !(200...299).contains(status) else { return nil }
    return .noTunnel(proxy: printable(handle.peer, limit: 100), status: status)
  }

  private static func kind(of result: CURLcode) -> HTTPFailure.Kind {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
      CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      .noConnection
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .untrusted
    case CURLE_OPERATION_TIMEDOUT: .tooSlow
    case CURLE_PARTIAL_FILE: .cutShort
    case CURLE_HTTP2_STREAM: .streamEnded
    default: .broken
    }
  }

  /// The versions of HTTP that are offered.
  private enum HTTPVersion {
    case http1
    case any
  }

  private static func configure(_ handle: inout CurlHandle, _ request: HTTPRequest, _ version: HTTPVersion) {
    if version == .http1 { handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) }
    if request.address.scheme == "https" {
      let bundle = CertificateBundle.ofEnvironment
      if let file = bundle.file { handle.set(CURLOPT_CAINFO, file.path) }
      if let directory = bundle.directory { handle.set(CURLOPT_CAPATH, directory.path) }
    }
    handle.set(CURLOPT_URL, request.address.text)
    // Presigned URLs are signed as they are: no "/../" may be removed, no %2F decoded.
    handle.set(CURLOPT_PATH_AS_IS, 1)
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
    handle.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    handle.set(CURLOPT_FOLLOWLOCATION, 0)
    handle.set(CURLOPT_UNRESTRICTED_AUTH, 0)
    handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    handle.set(CURLOPT_NOSIGNAL, 1)
    // Without this option a cancelled exchange would wait for the system's resolver to give up.
    handle.tune(CURLOPT_QUICK_EXIT, 1)
    handle.set(CURLOPT_USERAGENT, userAgent)
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.timeouts.connect))
    // A proxy from the environment cannot reach this machine's loopback.
    if request.address.isLoopback { handle.set(CURLOPT_PROXY, "") }
    // A proxy's response to CONNECT is not the service's.
    handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let body = request.body {
      handle.set(CURLOPT_POST, 1)
      handle.set(CURLOPT_POSTFIELDSIZE_LARGE, bytes: body.byteCount)
      handle.tune(CURLOPT_UPLOAD_BUFFERSIZE, 256 * 1024)
      handle.addHeader("Content-Type: application/json")
      // libcurl would wait a second for "100 Continue" before a large body.
      handle.addHeader("Expect:")
    }
    // A request that names no coding leaves the choice to the server (RFC 9110, section 12.5.3).
    handle.addHeader("Accept-Encoding: identity")
    for header in request.headers { handle.addHeader("\(header.name): \(header.value)") }
  }

  private static func milliseconds(_ seconds: Double) -> Int { Int(min(max(seconds, 0.001), 86_400) * 1000) }

  /// Blocks SIGPIPE, which libcurl leaves to its caller under NOSIGNAL, in this thread alone.
  private static func blockBrokenPipeSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
