/// Puts numbers and texts into bytes, for pipes, the cache and files of our own on this machine.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
  }

  mutating func put(_ number: Int?) {
    put(Int64(number == nil ? 0 : 1))
    put(Int64(number ?? 0))
  }

  mutating func put(_ number: Double) { put(Int64(bitPattern: number.bitPattern)) }

  mutating func put(_ text: [UInt8]) {
    put(Int64(text.count))
    bytes += text
  }

  mutating func put(_ text: String) { put(Array(text.utf8)) }
}

/// Takes them out again; every read says nil where the bytes end too early or make no sense.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func number() -> Int64? {
    guard rest.count >= 8 else { return nil }
    var number: UInt64 = 0
    for byte in rest.prefix(8).reversed() { number = number << 8 | UInt64(byte) }
    rest = rest.dropFirst(8)
    return Int64(bitPattern: number)
  }

  /// The outer nil is for bytes that make no sense.
  mutating func optionalInt() -> Int?? {
    guard let isThere = number(), let value = number() else { return nil }
    return .some(isThere == 0 ? nil : Int(value))
  }

  mutating func double() -> Double? { number().map { Double(bitPattern: UInt64(bitPattern: $0)) } }

  mutating func bytes() -> [UInt8]? {
    guard let count = number(), count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }

  mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }
}
