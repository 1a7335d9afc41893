/// A reader that produces a request's body piece by piece, as the network takes it.
///
/// At most one block of the audio and its Base64 are in memory.
struct RequestBodyReader: ~Copyable {
  /// Length of a block in bytes, divisible by 3, so that only the file's last block is padded.
  private static let blockSize = 48 * 1024 * 3

  private let body: RequestBody
  private let source: AudioSource?
  private var block: [UInt8]
  private var encoded: [UInt8]
  private var position = 0
  private var audioLeft: Int
  private var suffixDone = false

  /// Opens the audio and checks that it still is the file from which the length was computed.
  ///
  /// - Parameter body: The body to read.
  /// - Throws: `ServiceError` (`io`) if the file is gone or has changed.
  init(_ body: RequestBody) throws(ServiceError) {
    self.body = body
    encoded = body.prefix
    if let audio = body.audio {
      let source = try AudioSource(path: audio.path)
      try Self.check(source, audio)
      self.source = consume source
      audioLeft = audio.state.bytes
      block = [UInt8](repeating: 0, count: min(Self.blockSize, audio.state.bytes))
    } else {
      source = nil
      audioLeft = 0
      block = []
    }
  }

  /// Returns the next bytes of the body, or none at its end.
  ///
  /// - Parameter limit: The maximum number of bytes.
  /// - Returns: The bytes.
  /// - Throws: `ServiceError` (`io`) if the audio cannot be read or changed while it was being sent. The body's last
  ///   bytes are then never produced, so that nobody can take the previous ones for a complete request.
  mutating func next(atMost limit: Int) throws(ServiceError) -> ArraySlice<UInt8> {
    while position == encoded.count {
      guard try refill() else { return [] }
    }
    let end = min(encoded.count, position + max(1, limit))
    defer { position = end }
    return encoded[position..<end]
  }

  private mutating func refill() throws(ServiceError) -> Bool {
    position = 0
    encoded.removeAll(keepingCapacity: true)
    if audioLeft > 0, let audio = body.audio {
      if audioLeft < block.count { block.removeLast(block.count - audioLeft) }
      let count = try source?.read(into: &block) ?? 0
      guard count == block.count else { throw Self.changed(audio.path) }
      audioLeft -= count
      if audioLeft == 0, source != nil { try checkEnd(audio) }
      Base64Encoder.append(block[...], to: &encoded)
      return true
    }
    guard !suffixDone else { return false }
    suffixDone = true
    encoded.append(contentsOf: body.suffix)
    return !encoded.isEmpty
  }

  private func checkEnd(_ audio: RequestBody.Audio) throws(ServiceError) {
    guard let state = try source?.state(), state == audio.state else { throw Self.changed(audio.path) }
  }

  private static func check(_ source: borrowing AudioSource, _ audio: RequestBody.Audio) throws(ServiceError) {
    guard try source.state() == audio.state else { throw changed(audio.path) }
  }

  private static func changed(_ path: String) -> ServiceError {
    ServiceError(.io, .request(.changed(path: path)))
  }
}
