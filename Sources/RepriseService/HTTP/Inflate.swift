internal import CZlib

/// Decompression of gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951) data by zlib, for responses that come
/// compressed though nobody asked for it.
package enum Inflate {
  /// Why there is no more output.
  package enum Stop: Error {
    /// The input ended before its end.
    case cut
    /// The input is not what its beginning said, or a check sum differs.
    case corrupt
    /// There is more output than is taken.
    case tooLarge
    /// zlib is missing, or has no memory.
    case unavailable
  }

  /// What a stream has around its deflate data.
  enum Wrapper {
    /// gzip's head or zlib's, whichever it begins with.
    case detected
    /// Nothing, as some servers send what they call "deflate".
    case none

    /// What zlib calls it: the window's size, which also tells of the head.
    fileprivate var windowBits: Int32 {
      switch self {
      case .detected: 15 + 32
      case .none: -15
      }
    }
  }

  /// Whether bytes begin as gzip does.
  static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

  /// Whether bytes begin as zlib does, which plain text can't.
  private static func isZlib(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == 0x78 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 && bytes[1] & 0x20 == 0
      && (bytes[1] < 0x20 || bytes[1] >= 0x7F)
  }

  /// A body in plain, or as it is if it is not compressed; of one that is broken what could be read.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that are taken.
  ///   - encoding: what the headers call the body's encoding. Raw deflate data has no beginning of its own, and is
  ///     looked for only where they say "deflate".
  package static func plain(_ body: [UInt8], limit: Int, encoding: String? = nil) -> [UInt8] {
    if isGzip(body) || isZlib(body) { return decompressed(body, .detected, limit)?.bytes ?? body }
    guard encoding?.lowercased().contains("deflate") == true, !body.isEmpty, AnswerJSON(body) == nil else {
      return body
    }
    let tries = [Wrapper.detected, .none].compactMap { decompressed(body, $0, limit) }
    // Text that is not compressed at all may begin as deflate data does, but not end as such.
    if let whole = tries.first(where: \.isWhole) { return whole.bytes }
    return isText(body) ? body : tries.first { !$0.bytes.isEmpty && isText($0.bytes) }?.bytes ?? body
  }

  /// Whether bytes are text without control characters but those between lines and for colors.
  static func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.contains { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B || $0 == 0x7F }
  }

  /// What could be read, and whether the stream came to its end; `nil` without zlib.
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
      // What came before the trouble counts.
      return (plain, false)
    }
  }

  /// Decompresses a stream; gzip members that follow one another are one text, what else follows is ignored.
  ///
  /// - Parameters:
  ///   - source: the next bytes of it; none at its end.
  ///   - wrapper: what the stream has around its data.
  ///   - limit: the most bytes that are handed on.
  ///   - sink: takes what is decompressed, also of a stream that turns out to be broken.
  /// - Throws: `Stop`, or what the closures throw.
  static func run(
    from source: () throws -> [UInt8], wrapper: Wrapper = .detected, limit: Int, to sink: ([UInt8]) throws -> Void
  ) throws {
    var handle = try InflateHandle(wrapper)
    var left = limit
    var input: [UInt8] = []
    var mayHoldMore = false
    while true {
      if input.isEmpty && !mayHoldMore {
        input = try source()
        guard !input.isEmpty else { throw Stop.cut }
      }
      let step = handle.take(&input)
      mayHoldMore = step.output.count == InflateHandle.block
      try sink(Array(step.output.prefix(left)))
      left -= step.output.count
      guard left >= 0 else { throw Stop.tooLarge }
      switch step.state {
      case .goesOn: break
      case .broken: throw Stop.corrupt
      case .ended:
        if input.isEmpty { input = try source() }
        guard wrapper == .detected, input.first == 0x1F else { return }
        handle.begin()
      }
    }
  }
}

/// One zlib stream; all C pointers of it live here.
@safe private struct InflateHandle: ~Copyable {
  /// How far a stream is after some input.
  enum State {
    case goesOn
    case ended
    case broken
  }

  private let stream: UnsafeMutablePointer<z_stream>
  /// Bytes of output a call makes at most.
  static let block = 131_072

  /// - Throws: `Inflate.Stop` (`unavailable`).
  init(_ wrapper: Inflate.Wrapper) throws(Inflate.Stop) {
    guard unsafe reprise_zlib_missing() == nil else { throw .unavailable }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe reprise_inflate_start(stream, wrapper.windowBits) == Z_OK else {
      unsafe stream.deallocate()
      throw .unavailable
    }
    unsafe self.stream = stream
  }

  /// Makes it ready for another member.
  mutating func begin() { _ = unsafe inflateReset(stream) }

  /// Decompresses the beginning of `input`, which is taken off it.
  mutating func take(_ input: inout [UInt8]) -> (output: [UInt8], state: State) {
    var state = State.goesOn
    var used = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: Self.block) { buffer, count in
      used = unsafe input.withUnsafeMutableBufferPointer { bytes in
        let offered = UInt32(min(bytes.count, 1 << 30))
        unsafe stream.pointee.next_in = bytes.baseAddress
        unsafe stream.pointee.avail_in = offered
        unsafe stream.pointee.next_out = buffer.baseAddress
        unsafe stream.pointee.avail_out = UInt32(Self.block)
        switch unsafe inflate(stream, Z_NO_FLUSH) {
        case Z_OK: break
        case Z_STREAM_END: state = .ended
        // No progress, which without input is no fault.
        case Z_BUF_ERROR where bytes.isEmpty: break
        default: state = .broken
        }
        let left = unsafe stream.pointee.avail_in
        return Int(offered - left)
      }
      let room = unsafe stream.pointee.avail_out
      count = Self.block - Int(room)
    }
    input.removeFirst(used)
    return (output, state)
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }
}
