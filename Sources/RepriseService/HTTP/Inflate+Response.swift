package import RepriseSystem

/// Some responses are compressed though the request asked for no compression.
extension Inflate {
  /// `true` if bytes begin with gzip's header.
  static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

  /// `true` if bytes begin with zlib's header, which plain text cannot.
  private static func isZlib(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == 0x78 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 && bytes[1] & 0x20 == 0
      && (bytes[1] < 0x20 || bytes[1] >= 0x7F)
  }

  /// Returns a body decompressed, or unchanged if it is not compressed; of a corrupt one the readable part.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - limit: The maximum length of the output in bytes.
  ///   - encoding: The body's content coding by the header fields. Raw deflate data have no header of their own, and
  ///     are tried only if this is "deflate".
  /// - Returns: The decompressed body.
  package static func plain(_ body: [UInt8], limit: Int, encoding: String? = nil) -> [UInt8] {
    if isGzip(body) || isZlib(body) { return decompressed(body, .detected, limit)?.bytes ?? body }
    guard encoding?.lowercased().contains("deflate") == true, !body.isEmpty, AnswerJSON(body) == nil else {
      return body
    }
    let tries = [Wrapper.detected, .none].compactMap { decompressed(body, $0, limit) }
    // Text that is not compressed may begin like deflate data, but not end like them.
    if let whole = tries.first(where: \.isWhole) { return whole.bytes }
    return isText(body) ? body : tries.first { !$0.bytes.isEmpty && isText($0.bytes) }?.bytes ?? body
  }

  /// `true` if bytes are text without control characters but those between lines and for colors.
  static func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.contains { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B || $0 == 0x7F }
  }

  /// Returns the readable output, and whether the stream reached its end; `nil` without zlib.
  private static func decompressed(
    _ body: [UInt8], _ wrapper: Wrapper, _ limit: Int
  ) -> (bytes: [UInt8], isWhole: Bool)? {
    var plain: [UInt8] = []
    var rest: [UInt8]? = body
    do {
      try run(
        from: {
          defer { rest = nil }
          return rest ?? []
        }, wrapper: wrapper, limit: limit, to: { plain += $0 })
      return (plain, true)
    } catch Stop.unavailable {
      return nil
    } catch {
      // Output before the error counts.
      return (plain, false)
    }
  }
}
