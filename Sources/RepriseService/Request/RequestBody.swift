package import RepriseSystem

/// The JSON body of a submission, whose audio is encoded in Base64 as it is read.
///
/// The total length is known before the first byte, the audio file is never in memory as a whole, and no `/` is
/// escaped.
package struct RequestBody: Sendable {
  /// Length of the whole body in bytes.
  package let byteCount: Int
  /// Bytes before the audio's Base64, or the whole body if the reference is a URL.
  let prefix: [UInt8]
  /// Bytes after the audio's Base64.
  let suffix: [UInt8]
  let audio: Audio?

  struct Audio: Sendable {
    let path: String
    let state: FileState
  }

  /// Creates the body of a request in a service's form, and validates the request and the audio.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - service: The service to which it is to be sent.
  /// - Throws: `ServiceError`: `validation` for texts, formats and sizes outside the service's limits, `io` if the
  ///   audio cannot be read.
  package init(_ request: CoverRequest, for service: ServiceDescription) throws(ServiceError) {
    try request.validate(for: service)
    let layout = try service.adapter().layout(of: request)
    var text = "{" + layout.fields.map { JSONText.of($0.name) + ":" + $0.json }.joined(separator: ",")
    text += "," + JSONText.of(layout.referenceField) + ":"
    switch layout.reference {
    case .url(let url):
      prefix = Array((text + JSONText.of(url) + "}").utf8)
      suffix = []
      audio = nil
      byteCount = prefix.count
    case .file(let path, let before):
      let state = try AudioSource(path: path).state()
      let limit = service.limits.maximumBytes
      guard state.bytes > 0 else { throw ServiceError(.validation, .request(.empty(path: path))) }
      guard state.bytes <= limit, let encoded = Base64Encoder.length(of: state.bytes) else {
        throw ServiceError(.validation, .request(.tooLarge(path: path, bytes: state.bytes, limit: limit)))
      }
      prefix = Array((text + "\"" + before).utf8)
      suffix = Array("\"}".utf8)
      audio = Audio(path: path, state: state)
      byteCount = prefix.count + encoded + suffix.count
    }
  }

  /// Writes the whole body.
  ///
  /// Blocks: call it inside `Platform.offPool`.
  ///
  /// - Parameters:
  ///   - descriptor: An open file, pipe or terminal.
  ///   - path: A name of the descriptor, for messages.
  ///   - cancellation: The caller's request to stop, checked before every block.
  /// - Throws: `ServiceError`: `io` if reading or writing fails or the audio changed meanwhile, `cancelled`.
  package func write(to descriptor: Int32, path: String, cancellation: Cancellation) throws(ServiceError) {
    var reader = try RequestBodyReader(self)
    while true {
      if cancellation.isCancelled {
        throw ServiceError(.cancelled, .detail("stopped; the request was not written in full"))
      }
      let block = try reader.next(atMost: 1 << 20)
      if block.isEmpty { return }
      try writeAll(block, to: descriptor, path: path)
    }
  }
}

/// Returns a number of bytes in words, never rounded so as to appear within a limit that it exceeds.
///
/// Numbers below a megabyte are given in bytes, others in megabytes, rounded up to a tenth.
func megabytes(_ bytes: Int) -> String {
  if bytes < 1_000_000 { return "\(bytes) bytes" }
  if bytes % 1_000_000 == 0 { return "\(bytes / 1_000_000) MB" }
  // Rounded up, so that 50,000,001 bytes do not read as 50.0 MB.
  let tenths = bytes / 100_000 + (bytes % 100_000 == 0 ? 0 : 1)
  return "\(tenths / 10).\(tenths % 10) MB"
}

/// Writes all of `bytes`, in as many calls as necessary.
///
/// - Parameters:
///   - bytes: The bytes to write.
///   - descriptor: An open file.
///   - path: A name of the descriptor, for messages.
/// - Throws: `ServiceError` (`io`) with the system's message.
func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(ServiceError) {
  do { try BorrowedFile(descriptor: descriptor, path: path).write(bytes) } catch {
    throw ServiceError(.io, .file(error))
  }
}
