internal import CCurl
import Foundation
import Platform

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// HTTP by libcurl, one exchange at a time. Redirects, retries and meanings are the callers' business.
enum HTTPClient {
  /// What every request says it comes from; some CDNs refuse libraries' default names.
  static let userAgent = "reprise/\(ClientVersion.current)"

  /// How often a waiting exchange looks whether it should stop.
  private static let tick: Int32 = 100

  /// Runs an exchange and blocks until it is over: call it inside `Platform.offPool`.
  ///
  /// - Throws: `HTTPFailure` if there is no whole answer; a whole answer of any status is returned.
  static func perform(
    _ request: HTTPRequest, into sink: HTTPSink, cancellation: Cancellation, progress: (HTTPProgress) -> Void
  ) throws(HTTPFailure) -> HTTPAnswer {
    if cancellation.isCancelled { throw HTTPFailure(kind: .cancelled, words: "", requestLeft: false, bodySent: 0) }
    blockBrokenPipeSignal()
    let exchange: Exchange
    var handle: CurlHandle
    do {
      exchange = try Exchange(body: request.body, sink: sink)
      handle = try CurlHandle()
    } catch {
      throw HTTPFailure(kind: .ours(error), words: "", requestLeft: false, bodySent: 0)
    }
    configure(&handle, request)
    handle.connect(to: exchange)
    // libcurl holds the exchange unretained: it must not go before the handle's last call.
    return try withExtendedLifetime(exchange) { () throws(HTTPFailure) -> HTTPAnswer in
      try run(&handle, exchange, request, cancellation, progress)
    }
  }

  private static func run(
    _ handle: inout CurlHandle, _ exchange: Exchange, _ request: HTTPRequest, _ cancellation: Cancellation,
    _ progress: (HTTPProgress) -> Void
  ) throws(HTTPFailure) -> HTTPAnswer {
    var watch = ExchangeWatch(request)
    var reported = HTTPProgress()
    while true {
      let result = handle.step(milliseconds: tick)
      let current = HTTPProgress(sent: exchange.bodySent, received: exchange.received, expected: exchange.expected)
      if current != reported, result != nil || watch.mayReport() {
        reported = current
        progress(current)
      }
      if let result { return try finish(handle, exchange, result) }
      let stop: HTTPFailure.Kind? =
        if cancellation.isCancelled { .cancelled } else if watch.isTooSlow(exchange) { .tooSlow } else { nil }
      if let stop {
        throw HTTPFailure(
          kind: stop, words: watch.words, requestLeft: handle.requestBytes > 0, bodySent: exchange.bodySent)
      }
    }
  }

  private static func finish(
    _ handle: borrowing CurlHandle, _ exchange: Exchange, _ result: CURLcode
  ) throws(HTTPFailure) -> HTTPAnswer {
    func failed(_ kind: HTTPFailure.Kind) -> HTTPFailure {
      HTTPFailure(
        kind: kind, words: printable(handle.words(for: result)), requestLeft: handle.requestBytes > 0,
        bodySent: exchange.bodySent)
    }
    // A refusal whose head has come is an answer, even if the connection broke over the rest of our body or its words.
    let isRefusal = exchange.status >= 300
    if result != CURLE_OK && !isRefusal {
      if let failure = exchange.failure { throw failed(failure) }
      // libcurl's "unsupported protocol" may also mean that the answer was not HTTP.
      let isBroken = result == CURLE_UNSUPPORTED_PROTOCOL && handle.requestBytes > 0
      throw failed(isBroken ? .broken : kind(of: result))
    }
    if isRefusal, case .ours(let error)? = exchange.failure { throw failed(.ours(error)) }
    do { try exchange.finishFile() } catch { throw failed(.ours(error)) }
    return HTTPAnswer(
      status: exchange.status, headers: exchange.headers, body: exchange.body, redirect: handle.redirect,
      received: exchange.received)
  }

  private static func kind(of result: CURLcode) -> HTTPFailure.Kind {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
      CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      .noConnection
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .untrusted
    case CURLE_OPERATION_TIMEDOUT: .tooSlow
    case CURLE_PARTIAL_FILE: .cutShort
    default: .broken
    }
  }

  private static func configure(_ handle: inout CurlHandle, _ request: HTTPRequest) {
    handle.set(CURLOPT_URL, request.address.text)
    // Presigned URLs are signed as they are: no "/../" taken out, no %2F decoded.
    handle.set(CURLOPT_PATH_AS_IS, 1)
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
    handle.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    handle.set(CURLOPT_FOLLOWLOCATION, 0)
    handle.set(CURLOPT_UNRESTRICTED_AUTH, 0)
    handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    handle.set(CURLOPT_NOSIGNAL, 1)
    // Without it a cancelled exchange would wait for the system's resolver to give up.
    handle.set(CURLOPT_QUICK_EXIT, 1)
    handle.set(CURLOPT_USERAGENT, userAgent)
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.timeouts.connect))
    // A proxy from the environment can't reach this machine's loopback.
    if request.address.isLoopback { handle.set(CURLOPT_PROXY, "") }
    if let body = request.body {
      handle.set(CURLOPT_POST, 1)
      handle.set(CURLOPT_POSTFIELDSIZE_LARGE, bytes: body.byteCount)
      handle.set(CURLOPT_UPLOAD_BUFFERSIZE, 256 * 1024)
      handle.addHeader("Content-Type: application/json")
      // libcurl would wait a second for "100 Continue" before a large body.
      handle.addHeader("Expect:")
    }
    for header in request.headers { handle.addHeader("\(header.name): \(header.value)") }
  }

  private static func milliseconds(_ seconds: Double) -> Int { Int(min(max(seconds, 0.001), 86_400) * 1000) }

  /// With NOSIGNAL libcurl leaves SIGPIPE to us; blocked in this thread alone it harms nobody else.
  private static func blockBrokenPipeSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
