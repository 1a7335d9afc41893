public import RepriseSystem

/// The JSON body of a submission, with the audio in Base64 made as it is read.
///
/// The whole length is known before the first byte, the audio file is never in memory, and no `/` is escaped.
public struct RequestBody: Sendable {
  /// The length of the whole body in bytes.
  public let byteCount: Int
  /// Everything before the audio's Base64, or the whole body if the reference is a URL.
  let prefix: [UInt8]
  /// Everything after it.
  let suffix: [UInt8]
  let audio: Audio?

  struct Audio: Sendable {
    let path: String
    let state: FileState
  }

  /// Makes the body of `request` as `service` wants it, and checks both.
  ///
  /// - Throws: `ServiceError`: `validation` for words, formats and sizes outside the service's limits, `io` if the
  ///   audio cannot be read.
  public init(_ request: CoverRequest, for service: ServiceDescription) throws(ServiceError) {
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

  /// Writes the whole body. Blocks: call it inside `Platform.offPool`.
  ///
  /// - Parameters:
  ///   - descriptor: an open file, pipe or terminal.
  ///   - path: what the descriptor is, for messages.
  ///   - cancellation: asked before every block.
  /// - Throws: `ServiceError`: `io` if reading or writing fails or the audio changed meanwhile, `cancelled`.
  public func write(to descriptor: Int32, path: String, cancellation: Cancellation) throws(ServiceError) {
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

/// `bytes` in words, to a tenth of a megabyte below ten and as digits need above, never rounded to look within a limit.
func megabytes(_ bytes: Int) -> String {
  if bytes < 1_000_000 { return "\(bytes) bytes" }
  if bytes % 1_000_000 == 0 { return "\(bytes / 1_000_000) MB" }
  // Rounded up, so that 50,000,001 bytes do not read as 50.0 MB.
  let tenths = bytes / 100_000 + (bytes % 100_000 == 0 ? 0 : 1)
  return "\(tenths / 10).\(tenths % 10) MB"
}

/// Writes all of `bytes`, however many calls it takes.
///
/// - Throws: `ServiceError` (`io`) in the system's words.
func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(ServiceError) {
  do { try BorrowedFile(descriptor: descriptor, path: path).write(bytes) } catch {
    throw ServiceError(.io, .file(error))
  }
}
