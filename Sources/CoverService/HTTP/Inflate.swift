internal import CZlib

/// Decompression of gzip (RFC 1952) and zlib (RFC 1950) data by zlib, for answers that come compressed though nobody asked for it.
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

  /// Whether bytes begin as gzip does.
  static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

  /// Whether bytes begin as zlib does, which plain text can't.
  private static func isZlib(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == 0x78 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 && bytes[1] & 0x20 == 0
      && (bytes[1] < 0x20 || bytes[1] >= 0x7F)
  }

  /// A body in plain, or as it is if it is not compressed; of one that is broken what could be read.
  ///
  /// - Parameter limit: the most bytes that are taken.
  package static func plain(_ body: [UInt8], limit: Int) -> [UInt8] {
    guard isGzip(body) || isZlib(body) else { return body }
    var plain: [UInt8] = []
    var rest: [UInt8]? = body
    do {
      try run(
        from: {
          defer { rest = nil }
          return rest ?? []
        }, limit: limit, to: { plain += $0 })
    } catch Stop.unavailable {
      return body
    } catch {
      // What came before the trouble counts.
    }
    return plain
  }

  /// Decompresses a stream; gzip members that follow one another are one text, what else follows is ignored.
  ///
  /// - Parameters:
  ///   - source: the next bytes of it; none at its end.
  ///   - limit: the most bytes that are handed on.
  ///   - sink: takes what is decompressed, also of a stream that turns out to be broken.
  /// - Throws: `Stop`, or what the closures throw.
  static func run(from source: () throws -> [UInt8], limit: Int, to sink: ([UInt8]) throws -> Void) throws {
    var handle = try InflateHandle()
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
        guard input.first == 0x1F else { return }
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
  init() throws(Inflate.Stop) {
    guard unsafe reprise_zlib_missing() == nil else { throw .unavailable }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe reprise_inflate_start(stream) == Z_OK else {
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
