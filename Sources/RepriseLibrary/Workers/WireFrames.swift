#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Frames on a pipe between a worker and its client: a length in eight bytes, little-endian, and that number of bytes.
///
/// The value decodes the frames that it reads; ``write(_:to:)`` encodes.
struct WireFrames {
  /// Upper bound for a frame's length in bytes.
  ///
  /// A larger length prefix means the peer is broken.
  private static let longest = 16 << 20

  /// The outcome of a read.
  enum Reading {
    case some, end
    /// A length that no frame has.
    case malformed
  }

  private var buffer: [UInt8] = []
  private var start = 0

  /// Returns the next frame of which all bytes have been read; `nil` if there is none yet.
  mutating func take() -> ArraySlice<UInt8>? {
    var reader = ByteReader(buffer[start...])
    guard let length = reader.number(), length >= 0, length <= buffer.count - start - 8 else { return nil }
    let body = start + 8
    defer {
      start = body + Int(length)
      if start == buffer.count {
        buffer.removeAll(keepingCapacity: buffer.capacity < 1 << 18)
        start = 0
      }
    }
    return buffer[body..<body + Int(length)]
  }

  /// Reads the available bytes, blocking until the first byte arrives.
  mutating func read(from descriptor: Int32) -> Reading {
    if start > 1 << 16 {
      buffer.removeFirst(start)
      start = 0
    }
    var block = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { unsafe systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return .end }
      buffer += block[..<count]
      var reader = ByteReader(buffer[start...])
      if let length = reader.number(), !(0...Int64(Self.longest)).contains(length) { return .malformed }
      return .some
    }
  }

  /// Writes a frame.
  ///
  /// - Returns: `true` if all of the frame was written, `false` if the other end is closed.
  static func write(_ body: [UInt8], to descriptor: Int32) -> Bool {
    var writer = ByteWriter()
    writer.put(body)
    var rest = writer.bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
