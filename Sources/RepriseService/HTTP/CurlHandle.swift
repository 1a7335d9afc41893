internal import CCurl

/// The state of libcurl for one exchange: the easy handle, the multi handle that drives it, the header list.
///
/// All C pointers of the module live here and are released with the value.
@safe struct CurlHandle: ~Copyable {
  private let easy: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private var list: UnsafeMutablePointer<curl_slist>?
  /// First option that libcurl rejected.
  private var refused: (option: CURLoption, result: CURLcode)?
  private let errorText: UnsafeMutablePointer<CChar>

  /// `true` if libcurl is initialized, which must happen once, before anything else and on one thread, as a global
  /// does.
  private static let ready: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Creates the handles.
  ///
  /// - Throws: `ServiceError` (`io`) if libcurl is not installed or has no memory.
  init() throws(ServiceError) {
    if let reason = unsafe reprise_curl_missing() {
      throw ServiceError(.io, .setup(.missing(reason: unsafe String(cString: reason))))
    }
    guard Self.ready, let easy = unsafe curl_easy_init() else {
      throw ServiceError(.io, .setup(.notStarted))
    }
    guard let multi = unsafe curl_multi_init() else {
      unsafe curl_easy_cleanup(easy)
      throw ServiceError(.io, .setup(.notStarted))
    }
    unsafe self.easy = easy
    unsafe self.multi = multi
    unsafe list = nil
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    unsafe reprise_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
  }

  /// Records the first option that libcurl rejected, without which `begin` refuses to continue.
  private mutating func note(_ option: CURLoption, _ result: CURLcode) {
    if result != CURLE_OK, refused == nil { refused = (option, result) }
  }

  /// Sets a number or a switch.
  mutating func set(_ option: CURLoption, _ value: Int) {
    note(option, unsafe reprise_curl_set_long(easy, option, value))
  }

  /// Sets a length in bytes.
  mutating func set(_ option: CURLoption, bytes: Int) {
    note(option, unsafe reprise_curl_set_offset(easy, option, curl_off_t(bytes)))
  }

  /// Sets a text, which libcurl copies.
  mutating func set(_ option: CURLoption, _ value: String) {
    note(option, unsafe reprise_curl_set_string(easy, option, value))
  }

  /// Sets a number that only affects speed, so that a libcurl without the option is acceptable.
  mutating func tune(_ option: CURLoption, _ value: Int) {
    _ = unsafe reprise_curl_set_long(easy, option, value)
  }

  /// Adds the easy handle to the multi handle, once all options are set.
  ///
  /// - Throws: `ServiceError` (`refused`) if an option was rejected: without it certificates might go unchecked or the
  ///   key might be left out, so nothing is sent. `io` if libcurl has no memory.
  mutating func begin() throws(ServiceError) {
    if let (option, result) = refused {
      let reason = unsafe String(cString: curl_easy_strerror(result))
      throw ServiceError(.refused, .setup(.option(Int(option.rawValue), reason: reason)))
    }
    guard unsafe curl_multi_add_handle(multi, easy) == CURLM_OK else {
      throw ServiceError(.io, .setup(.notStarted))
    }
  }

  /// Adds a header line; a name with nothing after the colon removes the one that libcurl would send.
  mutating func addHeader(_ line: String) {
    if let longer = unsafe curl_slist_append(list, line) {
      unsafe list = longer
      note(CURLOPT_HTTPHEADER, unsafe reprise_curl_set_list(easy, CURLOPT_HTTPHEADER, list))
    } else {
      note(CURLOPT_HTTPHEADER, CURLE_OUT_OF_MEMORY)
    }
  }

  /// Sends the body from `exchange` and receives the response into it; `exchange` must outlive the run.
  mutating func connect(to exchange: Exchange) {
    let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
    let reading = unsafe reprise_curl_set_transfer(easy, CURLOPT_READFUNCTION) { buffer, size, count, context in
      guard let buffer = unsafe buffer, let context = unsafe context else { return Int(CURL_READFUNC_ABORT) }
      let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      guard let bytes = exchange.nextBytes(atMost: size * count) else { return Int(CURL_READFUNC_ABORT) }
      unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count).copyBytes(from: bytes)
      return bytes.count
    }
    note(CURLOPT_READFUNCTION, reading)
    note(CURLOPT_READDATA, unsafe reprise_curl_set_pointer(easy, CURLOPT_READDATA, context))
    let writing = unsafe reprise_curl_set_transfer(easy, CURLOPT_WRITEFUNCTION) { buffer, size, count, context in
      guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
      let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: buffer, count: size * count))
      return exchange.take(bytes) ? bytes.count : 0
    }
    note(CURLOPT_WRITEFUNCTION, writing)
    note(CURLOPT_WRITEDATA, unsafe reprise_curl_set_pointer(easy, CURLOPT_WRITEDATA, context))
    let heading = unsafe reprise_curl_set_transfer(easy, CURLOPT_HEADERFUNCTION) { buffer, size, count, context in
      guard let buffer = unsafe buffer, let context = unsafe context else { return 0 }
      let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      let line = unsafe UnsafeRawBufferPointer(start: buffer, count: size * count)
      return unsafe exchange.takeHeader(String(decoding: line, as: UTF8.self)) ? size * count : 0
    }
    note(CURLOPT_HEADERFUNCTION, heading)
    note(CURLOPT_HEADERDATA, unsafe reprise_curl_set_pointer(easy, CURLOPT_HEADERDATA, context))
  }

  /// Observes libcurl's debug messages on the connection, the only source for the agreement of TLS on a protocol.
  mutating func listen(for exchange: Exchange) {
    let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
    let listening = unsafe reprise_curl_set_debug(easy) { _, kind, text, count, context in
      guard kind == CURLINFO_TEXT, let text = unsafe text, let context = unsafe context else { return 0 }
      let line = unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
      if line.hasPrefix("ALPN"), line.contains("did not agree") {
        unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().hasNoProtocol = true
      }
      return 0
    }
    guard listening == CURLE_OK else { return }
    note(CURLOPT_DEBUGDATA, unsafe reprise_curl_set_pointer(easy, CURLOPT_DEBUGDATA, context))
    set(CURLOPT_VERBOSE, 1)
  }

  /// Transfers what can be transferred, then waits for more.
  ///
  /// - Parameter milliseconds: The maximum wait.
  /// - Returns: libcurl's result once the exchange is over, else `nil`.
  mutating func step(milliseconds: Int32) -> CURLcode? {
    var running: Int32 = 0
    guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &left) {
      if unsafe message.pointee.msg == CURLMSG_DONE { return unsafe message.pointee.data.result }
    }
    guard running > 0 else { return CURLE_FAILED_INIT }
    guard unsafe curl_multi_poll(multi, nil, 0, milliseconds, nil) == CURLM_OK else { return CURLE_FAILED_INIT }
    return nil
  }

  /// Number of bytes of request heads that were sent, a proxy's CONNECT among them.
  var requestBytes: Int {
    var count = 0
    unsafe reprise_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &count)
    return count
  }

  /// `true` if TLS with the service itself is established, so that more than a proxy's CONNECT may have been sent.
  var hasTLS: Bool {
    var time: curl_off_t = 0
    let isKnown = unsafe reprise_curl_get_offset(easy, CURLINFO_APPCONNECT_TIME_T, &time) == CURLE_OK
    // `true` if unknown, which is the safe result.
    return !isKnown || time > 0
  }

  /// Status of a proxy's response to CONNECT; 0 if none was sent or received.
  var tunnelStatus: Int {
    var status = 0
    unsafe reprise_curl_get_long(easy, CURLINFO_HTTP_CONNECTCODE, &status)
    return status
  }

  /// Address and port of the connection's other end, which is the proxy if there is one.
  var peer: String {
    var address: UnsafePointer<CChar>?
    unsafe reprise_curl_get_string(easy, CURLINFO_PRIMARY_IP, &address)
    var port = 0
    unsafe reprise_curl_get_long(easy, CURLINFO_PRIMARY_PORT, &port)
    let text = unsafe address.map { unsafe String(cString: $0) } ?? ""
    return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
  }

  /// Returns libcurl's message for an error.
  func message(for code: CURLcode) -> String {
    let detail = unsafe String(cString: errorText)
    return detail.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : detail
  }

  deinit {
    unsafe curl_multi_remove_handle(multi, easy)
    unsafe curl_easy_cleanup(easy)
    unsafe curl_multi_cleanup(multi)
    unsafe curl_slist_free_all(list)
    unsafe errorText.deallocate()
  }
}
