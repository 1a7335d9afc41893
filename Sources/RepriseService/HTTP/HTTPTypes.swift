import RepriseSystem

/// One HTTP request; it never follows a redirect by itself.
struct HTTPRequest: Sendable {
  /// `http` or `https`, used byte for byte.
  var address: WebAddress
  /// Sent with POST; without it the request is a GET.
  var body: RequestBody?
  /// Names and values, checked to hold no line ends by those who make them.
  var headers: [(name: String, value: String)] = []
  var timeouts: ServiceDescription.Timeouts
  /// Called once, on the exchange's thread, just before libcurl is given the body's last bytes: until it returns,
  /// nobody can have a whole request. If it throws, nobody will.
  var beforeLastBytes: @Sendable () throws -> Void = {}
  /// Seconds after which the exchange is given up, whatever it is doing.
  var within: Double?
  /// The time that its limits go by.
  var waiting = Waiting.machine
}

/// Header fields by name, whatever its case; of several with one name the last counts.
struct HTTPHeaders: Sendable {
  private var fields: [String: String] = [:]

  subscript(name: String) -> String? {
    get { fields[name.lowercased()] }
    set { fields[name.lowercased()] = newValue }
  }

  /// The announced length of the body in bytes. Beside a Transfer-Encoding it counts for nothing (RFC 9112, section
  /// 6.3).
  var contentLength: Int? {
    guard self["transfer-encoding"] == nil, let length = self["content-length"].flatMap({ Int($0) }), length >= 0 else {
      return nil
    }
    return length
  }
}

/// What came back, as far as it is kept in memory.
struct HTTPAnswer: Sendable {
  var status: Int
  var headers: HTTPHeaders
  /// The body, empty if it went to a file.
  var body: [UInt8]
  /// Where a 3xx response leads: its Location, byte for byte if that is absolute.
  var redirect: String?
  /// Body bytes received, wherever they went.
  var received: Int
  /// Bytes of the request's body that were handed to libcurl by then: no more than these have left.
  var bodySent = 0
}

/// Why there is no response.
struct HTTPFailure: Error {
  enum Kind: Sendable {
    /// No connection: no such host, refused, no route, no TLS.
    case noConnection
    /// A proxy made no tunnel: its address, and the status of its response, 0 if there was none.
    case noTunnel(proxy: String, status: Int)
    /// The certificate is not one we trust.
    case untrusted
    /// Something took too long; the connection was there.
    case tooSlow
    /// The connection broke, or what came over it was not HTTP.
    case broken
    /// TLS stands, or would, and HTTP/1.1 was not agreed on; nothing of a body has left.
    case noProtocol
    /// The server ended the request over HTTP/2, perhaps with a response that libcurl did not hand on.
    case streamEnded
    /// The response is larger than we take.
    case answerTooLarge(limit: Int)
    /// The body ended before the announced length.
    case cutShort
    /// The caller asked to stop.
    case cancelled
    /// A file of ours failed, or we refused what came: already in words.
    case ours(ServiceError)
  }

  var kind: Kind
  /// libcurl's own words.
  var words: String
  /// Whether bytes of the request may have reached anybody.
  var requestLeft: Bool
  /// Body bytes handed to libcurl: no more than these have left.
  var bodySent: Int
  /// What of a response had come by then, if its status line had.
  var answer: HTTPAnswer?

  /// Why there is none, as far as that is known.
  var reason: String {
    guard case .noTunnel(let proxy, let status) = kind else { return words }
    return ServiceError.ConnectionProblem.tunnel(proxy, status, words)
  }
}

/// Where a 2xx response's body goes.
enum HTTPSink: Sendable {
  /// Into memory, no more than so many bytes.
  case memory(limit: Int)
  /// Into an open file, no more than so many bytes; responses that are not 2xx stay in memory.
  case file(descriptor: Int32, path: String, limit: Int)
  /// The same for a response of any kind: text is kept too, since it was paid for.
  case answer(descriptor: Int32, path: String, limit: Int)
  /// Into a partial download, which decides what fits to what it has; responses but 200 and 206 stay in memory.
  case part(PartFile)
}

/// How far a transfer is.
struct HTTPProgress: Sendable, Equatable {
  /// Body bytes sent.
  var sent = 0
  /// Body bytes received.
  var received = 0
  /// What Content-Length announced.
  var expected: Int?
}
