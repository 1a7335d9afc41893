import Foundation
package import RepriseSystem

/// A response on disk that holds the result itself.
package enum InlineAnswer {
  private static let blockSize = 1 << 18
  /// Maximum length in bytes of a decompressed response: more than the largest result in hexadecimal.
  static let largestPlain = 600_000_000

  /// Reads the outline of a response.
  ///
  /// Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - path: The path of the response.
  ///   - cancellation: The caller's request to stop.
  /// - Returns: The outline, also of a response whose end is missing.
  /// - Throws: `ServiceError`: `badAnswer` if the response holds more than any plausible one, `io`, `cancelled`.
  package static func outline(of path: String, cancellation: Cancellation) throws(ServiceError) -> AnswerOutline {
    let source = try AudioSource(path: path)
    var outline = AnswerOutline()
    var block = [UInt8](repeating: 0, count: blockSize)
    while true {
      try stopIfAsked(cancellation)
      let count = try source.read(into: &block)
      try outline.take(block[..<count])
      if count < block.count { break }
    }
    return outline
  }

  /// Replaces a response that came compressed unrequested by its decompressed form.
  ///
  /// Blocks: call it inside `offPool`. A response whose data is truncated or corrupt is replaced by the part before the
  /// error, and stays beside it with the extension `gz`. Without zlib, and over `limit`, the response is unchanged.
  ///
  /// - Parameters:
  ///   - path: The path of the response.
  ///   - limit: The maximum length of the output in bytes.
  /// - Throws: `ServiceError` (`io`); the response is then unchanged.
  package static func decompress(_ path: String, limit: Int) throws(ServiceError) {
    do {
      let source = try AudioSource(path: path)
      var block = [UInt8](repeating: 0, count: blockSize)
      let first = try source.read(into: &block)
      guard Inflate.isGzip(block[..<first]) else { return }
      let file = try TemporaryFile(for: path, replacing: true, mode: 0o600)
      var next = Array(block[..<first])
      let descriptor = file.descriptor
      do {
        try Inflate.run(
          from: {
            let bytes = next
            next = bytes.isEmpty ? [] : Array(block[..<(try source.read(into: &block))])
            return bytes
          }, limit: limit, to: { try writeAll($0[...], to: descriptor, path: path) })
      } catch Inflate.Stop.unavailable, Inflate.Stop.tooLarge {
        return
      } catch is Inflate.Stop {
        // The part before the error may hold the whole audio. What was paid for stays as it came, beside it.
        guard unsafe link(path, path + ".gz") == 0 else { return }
      }
      try file.commit()
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.io, .failed(path: path, ServiceError.Cause(error)))
    }
  }

  /// Decodes the audio of a response into a file of its own.
  ///
  /// Blocks: call it inside `offPool`. Memory is bounded.
  ///
  /// - Parameters:
  ///   - path: The path of the response, which stays.
  ///   - output: The audio's final path.
  ///   - replacing: `true` to replace an existing file.
  ///   - limit: The maximum size of the audio in bytes.
  ///   - cancellation: The caller's request to stop.
  ///   - progress: Called as audio is decoded.
  /// - Returns: The decoded audio.
  /// - Throws: `ServiceError`: `badAnswer` if the response is no JSON or holds no audio, `notAudio` if the audio is not
  ///   hexadecimal or decodes to text, `tooLarge`, `io`, `cancelled`. No file is left behind then.
  package static func decode(
    _ path: String, to output: String, replacing: Bool, limit: Int, cancellation: Cancellation,
    progress: (CoverProgress) -> Void = { _ in }
  ) throws(ServiceError) -> Downloaded {
    let outline = try outline(of: path, cancellation: cancellation)
    let fields = try fields(of: outline, path)
    let file: TemporaryFile
    do { file = try TemporaryFile(for: output, replacing: replacing, isNameless: true) } catch {
      throw ServiceError(.io, .file(error))
    }
    var writer = HexWriter(descriptor: file.descriptor, output: output, limit: limit)
    switch MiniMaxAnswer.audio(in: fields) {
    case let text as String where !text.isEmpty: try writer.take(Array(text.utf8)[...])
    case let mark as [String: Any]:
      guard let index = mark[""] as? Int, outline.spans.indices.contains(index) else { throw noAudio(path) }
      try copy(outline.spans[index], of: path, to: &writer, cancellation, progress)
    default: throw noAudio(path)
    }
    try writer.finish()
    do { try file.commit() } catch { throw ServiceError(.io, .file(error)) }
    return Downloaded(path: output, bytes: writer.bytes, announcedBytes: nil, contentType: nil)
  }

  /// Returns the fields of an outline; of one whose end is missing those received in full, if the audio was.
  private static func fields(of outline: AnswerOutline, _ path: String) throws(ServiceError) -> [String: Any] {
    if let json = AnswerJSON(outline.text), let fields = json.object {
      if !json.isCut || MiniMaxAnswer.audio(in: fields) != nil { return fields }
    }
    throw ServiceError(
      .badAnswer,
      .inline(outline.isCutInString ? .endsInString(path: path) : .notJSON(path: path)))
  }

  private static func noAudio(_ path: String) -> ServiceError {
    ServiceError(.badAnswer, .inline(.noAudio(path: path)))
  }

  private static func copy(
    _ span: Range<Int>, of path: String, to writer: inout HexWriter, _ cancellation: Cancellation,
    _ progress: (CoverProgress) -> Void
  ) throws(ServiceError) {
    let source = try AudioSource(path: path)
    try source.seek(to: span.lowerBound)
    var left = span.count
    var block = [UInt8](repeating: 0, count: blockSize)
    while left > 0 {
      try stopIfAsked(cancellation)
      let count = min(try source.read(into: &block), left)
      guard count > 0 else { throw ServiceError(.io, .inline(.shrank(path: path))) }
      try writer.take(block[..<count])
      left -= count
      progress(.downloading(received: writer.bytes, total: span.count / 2))
    }
  }

  private static func stopIfAsked(_ cancellation: Cancellation) throws(ServiceError) {
    if cancellation.isCancelled { throw ServiceError(.cancelled, .detail("stopped; the service's answer is kept")) }
  }
}

/// A writer of bytes given in hexadecimal digits that checks if they can be audio.
private struct HexWriter {
  let descriptor: Int32
  let output: String
  let limit: Int
  private(set) var bytes = 0
  private var hex = HexDecoder()
  private var head: [UInt8] = []

  init(descriptor: Int32, output: String, limit: Int) {
    self.descriptor = descriptor
    self.output = output
    self.limit = limit
  }

  mutating func take(_ digits: ArraySlice<UInt8>) throws(ServiceError) {
    let decoded = try hex.decode(digits)
    bytes += decoded.count
    guard bytes <= limit else {
      throw ServiceError(
        .tooLarge,
        .inline(.audioTooLarge(limit: limit)))
    }
    if head.count < 1024 { head.append(contentsOf: decoded.prefix(1024 - head.count)) }
    try writeAll(decoded[...], to: descriptor, path: output)
  }

  func finish() throws(ServiceError) {
    try hex.finish()
    if let error = ResultCheck.textInsteadOfAudio(head, contentType: nil) { throw error }
  }
}
