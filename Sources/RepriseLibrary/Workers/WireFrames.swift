#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What scan and worker say to each other over pipes: eight bytes that tell a length, and as many bytes.
struct WireFrames {
  /// Longer than any record: who says more has lost its mind.
  private static let longest = 16 << 20

  /// What a read brought.
  enum Reading {
    case some, end
    /// The other side talks nonsense.
    case nonsense
  }

  private var buffer: [UInt8] = []
  private var start = 0

  /// The next whole frame that has come.
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

  /// Reads what there is, waiting for the first byte.
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
      if let length = reader.number(), !(0...Int64(Self.longest)).contains(length) { return .nonsense }
      return .some
    }
  }

  /// Writes a frame.
  ///
  /// - Returns: whether the other side was there to take it.
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
