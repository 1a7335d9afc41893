import RepriseSystem

/// An HTTP request, which never follows a redirect by itself.
struct HTTPRequest: Sendable {
  /// Address, `http` or `https`, used byte for byte.
  var address: WebAddress
  /// Body, sent with POST; without it the request is a GET.
  var body: RequestBody?
  /// Names and values of header fields; whoever sets them ensures that they hold no line ends.
  var headers: [(name: String, value: String)] = []
  var timeouts: ServiceDescription.Timeouts
  /// Called once, on the exchange's thread, just before libcurl is given the body's last bytes.
  ///
  /// Until the call returns, nobody can have a complete request. If it throws, nobody ever will.
  var beforeLastBytes: @Sendable () throws -> Void = {}
  /// Time limit of the whole exchange in seconds.
  var within: Double?
  /// Clock for the time limits.
  var waiting = Waiting.machine
}

/// Header fields by name, case-insensitive; of several with one name the last counts.
struct HTTPHeaders: Sendable {
  private var fields: [String: String] = [:]

  subscript(name: String) -> String? {
    get { fields[name.lowercased()] }
    set { fields[name.lowercased()] = newValue }
  }

  /// Announced length of the body in bytes.
  ///
  /// Ignored beside a Transfer-Encoding (RFC 9112, section 6.3).
  var contentLength: Int? {
    guard self["transfer-encoding"] == nil, let length = self["content-length"].flatMap({ Int($0) }), length >= 0 else {
      return nil
    }
    return length
  }
}

/// An HTTP response, as far as it is kept in memory.
struct HTTPAnswer: Sendable {
  var status: Int
  var headers: HTTPHeaders
  /// Body, empty if it was written to a file.
  var body: [UInt8]
  /// Target of a 3xx response: its Location, byte for byte if that is absolute.
  var redirect: String?
  /// Number of body bytes received, in memory or in a file.
  var received: Int
  /// Number of bytes of the request's body that were handed to libcurl by then, an upper bound of those sent.
  var bodySent = 0
}

/// The failure of an exchange without a complete response.
struct HTTPFailure: Error {
  enum Kind: Sendable {
    /// There is no connection: no such host, refused, no route, no TLS.
    case noConnection
    /// A proxy made no tunnel: its address, and the status of its response, 0 if there was none.
    case noTunnel(proxy: String, status: Int)
    /// The certificate is not trusted.
    case untrusted
    /// A time limit was exceeded after the connection was established.
    case tooSlow
    /// The connection broke, or the received data were not HTTP.
    case broken
    /// TLS is established, or would be, and HTTP/1.1 was not agreed on; nothing of a body was sent.
    case noProtocol
    /// The server ended the request over HTTP/2, perhaps with a response that libcurl did not deliver.
    case streamEnded
    /// The response is larger than the limit.
    case answerTooLarge(limit: Int)
    /// The body ended before the announced length.
    case cutShort
    /// The caller cancelled.
    case cancelled
    /// A local file failed, or the client rejected the response; the error is complete.
    case ours(ServiceError)
  }

  var kind: Kind
  /// Message of libcurl.
  var message: String
  /// `true` if bytes of the request may have reached the host.
  var requestLeft: Bool
  /// Number of body bytes handed to libcurl, an upper bound of those sent.
  var bodySent: Int
  /// Part of a response received by then, if its status line was.
  var answer: HTTPAnswer?

  /// Reason for the failure, as far as that is known.
  var reason: String {
    guard case .noTunnel(let proxy, let status) = kind else { return message }
    return ServiceError.ConnectionProblem.tunnel(proxy, status, message)
  }
}

/// The destination of a 2xx response's body.
enum HTTPSink: Sendable {
  /// Memory, for no more than `limit` bytes.
  case memory(limit: Int)
  /// An open file, for no more than `limit` bytes; responses other than 2xx stay in memory.
  case file(descriptor: Int32, path: String, limit: Int)
  /// An open file, for no more than `limit` bytes of any content, a larger announced body being refused at
  /// the end of the header; responses other than 2xx stay in memory.
  case input(descriptor: Int32, path: String, limit: Int)
  /// An open file, for a response of any kind: text is kept too, since it was paid for.
  case answer(descriptor: Int32, path: String, limit: Int)
  /// A partial download, which decides if the bytes match the kept ones; responses but 200 and 206 stay in memory.
  case part(PartFile)
}

/// The progress of a transfer.
struct HTTPProgress: Sendable, Equatable {
  /// Number of body bytes sent.
  var sent = 0
  /// Number of body bytes received.
  var received = 0
  /// Value of Content-Length.
  var expected: Int?
}
