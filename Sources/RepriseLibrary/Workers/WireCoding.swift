/// A value that is written to bytes and read back on the same machine: through a pipe to a worker, in the cache, in a
/// temporary file.
protocol WireValue: Sendable {
  /// Reads a value.
  ///
  /// - Returns: `nil` if the bytes are truncated or malformed.
  init?(from reader: inout ByteReader)

  /// Appends the value's bytes.
  func write(to writer: inout ByteWriter)
}

extension WireValue {
  /// Decodes a value from the whole of some bytes; `nil` if they are truncated or malformed.
  init?(encoded bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    self.init(from: &reader)
  }

  /// The value's bytes.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }
}

/// Encodes integers (eight bytes, little-endian), floating-point numbers and length-prefixed byte strings.
struct ByteWriter {
  /// The bytes that have been written.
  private(set) var bytes: [UInt8] = []

  /// Appends an integer.
  mutating func put(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
  }

  /// Appends an integer that may be missing.
  mutating func put(_ number: Int?) {
    put(Int64(number == nil ? 0 : 1))
    put(Int64(number ?? 0))
  }

  /// Appends a floating-point number as its bit pattern.
  mutating func put(_ number: Double) { put(Int64(bitPattern: number.bitPattern)) }

  /// Appends a Boolean.
  mutating func put(_ flag: Bool) { put(Int64(flag ? 1 : 0)) }

  /// Appends the number of bytes, then the bytes.
  mutating func put(_ text: [UInt8]) {
    put(Int64(text.count))
    bytes += text
  }

  /// Appends a string as UTF-8.
  mutating func put(_ text: String) { put(Array(text.utf8)) }
}

/// A reader that decodes the output of ``ByteWriter``.
///
/// Reads return `nil` if the input is truncated or malformed.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  /// Creates a reader at the first of these bytes.
  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Reads the next integer.
  mutating func number() -> Int64? {
    guard rest.count >= 8 else { return nil }
    var number: UInt64 = 0
    for byte in rest.prefix(8).reversed() { number = number << 8 | UInt64(byte) }
    rest = rest.dropFirst(8)
    return Int64(bitPattern: number)
  }

  /// Reads the next integer that may be missing; the outer `nil` stands for malformed input.
  mutating func optionalInt() -> Int?? {
    guard let isThere = number(), let value = number() else { return nil }
    return .some(isThere == 0 ? nil : Int(value))
  }

  /// Reads the next floating-point number.
  mutating func double() -> Double? { number().map { Double(bitPattern: UInt64(bitPattern: $0)) } }

  /// Reads the next Boolean.
  mutating func flag() -> Bool? { number().map { $0 != 0 } }

  /// Reads the next length-prefixed bytes.
  mutating func bytes() -> [UInt8]? {
    guard let count = number(), count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }

  /// Reads the next string; bytes that are not UTF-8 are replaced by U+FFFD.
  mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }
}
