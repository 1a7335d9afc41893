internal import CZlib

/// Decompression of gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951) data by zlib.
package enum Inflate {
  /// The reason why there is no more output.
  package enum Stop: Error {
    /// The input is truncated.
    case cut
    /// The input is not in the detected format, or a checksum differs.
    case corrupt
    /// The output is larger than the limit.
    case tooLarge
    /// zlib is missing, or has no memory.
    case unavailable
  }

  /// The format around a stream's deflate data.
  package enum Wrapper: Sendable {
    /// gzip or zlib, detected by the header.
    case detected
    /// Raw deflate data, as some servers send for "deflate".
    case none

    /// zlib's `windowBits` argument: the size of the window, which also selects the header's format.
    fileprivate var windowBits: Int32 {
      switch self {
      case .detected: 15 + 32
      case .none: -15
      }
    }
  }

  /// Decompresses a stream; consecutive gzip members form one output, other trailing data are ignored.
  ///
  /// - Parameters:
  ///   - source: Returns the next bytes of the stream; none at its end.
  ///   - wrapper: The format around the stream's data.
  ///   - limit: The maximum length of the output in bytes.
  ///   - sink: Takes the output, also of a stream that turns out to be corrupt.
  /// - Throws: `Stop`, or the errors of the closures.
  package static func run(
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

/// A zlib stream, which owns all of its C pointers.
@safe private struct InflateHandle: ~Copyable {
  /// The state of a stream after some input.
  enum State {
    case goesOn
    case ended
    case broken
  }

  private let stream: UnsafeMutablePointer<z_stream>
  /// Maximum length of a call's output in bytes.
  static let block = 131_072

  /// Creates a stream.
  ///
  /// - Parameter wrapper: The format around the stream's data.
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

  /// Resets the stream for another member.
  mutating func begin() { _ = unsafe inflateReset(stream) }

  /// Decompresses the beginning of `input` and removes it from there.
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
        // Without input the lack of progress is no fault.
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
