/// Decompression of gzip (RFC 1952) and zlib (RFC 1950), both around DEFLATE (RFC 1951), for answers that come compressed though
/// nobody asked for it.
///
/// Input is taken and output handed on in blocks; what is held is DEFLATE's window of 32 KiB. Check sums are not compared: what
/// is decompressed is JSON, which tells itself whether it makes sense.
package struct Inflate {
  /// Why there is no more output.
  package enum Stop: Error {
    /// The input ended before its end.
    case cut
    /// The input is not what its beginning said.
    case corrupt
    /// There is more output than is taken.
    case tooLarge
  }

  private let source: () throws -> [UInt8]
  private let sink: ([UInt8]) throws -> Void
  private let limit: Int
  private var input: [UInt8] = []
  private var position = 0
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private var written = 0

  private static let window = 32_768
  private static let block = 131_072

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
    try? run(
      from: {
        defer { rest = nil }
        return rest ?? []
      }, limit: limit, to: { plain += $0 })
    return plain
  }

  /// Decompresses a stream.
  ///
  /// - Parameters:
  ///   - source: the next bytes of it; none at its end.
  ///   - limit: the most bytes that are handed on.
  ///   - sink: takes what is decompressed, also of a stream that turns out to be broken.
  /// - Throws: `Stop`, or what the closures throw.
  static func run(
    from source: () throws -> [UInt8], limit: Int, to sink: ([UInt8]) throws -> Void
  ) throws {
    try withoutActuallyEscaping(source) { source in
      try withoutActuallyEscaping(sink) { sink in
        var inflate = Inflate(source: source, sink: sink, limit: limit)
        do { try inflate.stream() } catch {
          try inflate.flush(keeping: 0)
          throw error
        }
        try inflate.flush(keeping: 0)
      }
    }
  }

  private init(source: @escaping () throws -> [UInt8], sink: @escaping ([UInt8]) throws -> Void, limit: Int) {
    self.source = source
    self.sink = sink
    self.limit = limit
  }

  private mutating func stream() throws {
    let first = try byte()
    let second = try byte()
    guard first == 0x1F else { return try blocks() }
    var isFirst = true
    while true {
      if isFirst {
        guard second == 0x8B else { throw Stop.corrupt }
      } else {
        // Members may follow one another; what else follows is padding.
        guard let next = try nextByte(), next == 0x1F, try nextByte() == 0x8B else { return }
      }
      isFirst = false
      try skipHead()
      try blocks()
      for _ in 0..<8 { guard try nextByte() != nil else { return } }
    }
  }

  /// What follows a member's two magic bytes.
  private mutating func skipHead() throws {
    guard try byte() == 8 else { throw Stop.corrupt }
    let flags = try byte()
    for _ in 0..<6 { _ = try byte() }
    if flags & 4 != 0 {
      let length = Int(try byte()) | Int(try byte()) << 8
      for _ in 0..<length { _ = try byte() }
    }
    if flags & 8 != 0 { while try byte() != 0 {} }
    if flags & 16 != 0 { while try byte() != 0 {} }
    if flags & 2 != 0 { for _ in 0..<2 { _ = try byte() } }
  }

  private mutating func nextByte() throws -> UInt8? {
    if position == input.count {
      input = try source()
      position = 0
      guard !input.isEmpty else { return nil }
    }
    defer { position += 1 }
    return input[position]
  }

  private mutating func byte() throws -> UInt8 {
    guard let byte = try nextByte() else { throw Stop.cut }
    return byte
  }

  private mutating func take(_ count: Int) throws -> Int {
    while bitCount < count {
      bits |= UInt32(try byte()) << UInt32(bitCount)
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func put(_ byte: UInt8) throws {
    guard written < limit else { throw Stop.tooLarge }
    output.append(byte)
    written += 1
    if output.count >= Self.block { try flush(keeping: Self.window) }
  }

  /// Hands on what the window does not need any more. What it holds was handed on before.
  private var handedOn = 0
  private mutating func flush(keeping count: Int) throws {
    let fresh = output[handedOn...]
    if !fresh.isEmpty { try sink(Array(fresh)) }
    output.removeFirst(max(0, output.count - count))
    handedOn = output.count
  }

  private mutating func blocks() throws {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try stored()
      case 1: try coded(Self.fixed.0, Self.fixed.1)
      case 2:
        let (literals, distances) = try tables()
        try coded(literals, distances)
      default: throw Stop.corrupt
      }
    }
    // What follows begins at a whole byte.
    (bits, bitCount) = (0, 0)
  }

  private mutating func stored() throws {
    (bits, bitCount) = (0, 0)
    let length = Int(try byte()) | Int(try byte()) << 8
    let check = Int(try byte()) | Int(try byte()) << 8
    guard length ^ check == 0xFFFF else { throw Stop.corrupt }
    for _ in 0..<length { try put(try byte()) }
  }

  private mutating func coded(_ literals: Code, _ distances: Code) throws {
    while true {
      let symbol = try read(literals)
      switch symbol {
      case ..<256: try put(UInt8(symbol))
      case 256: return
      default:
        guard symbol - 257 < Self.lengths.count else { throw Stop.corrupt }
        let (base, extra) = Self.lengths[symbol - 257]
        let length = base + (try take(extra))
        let code = try read(distances)
        guard code < Self.distances.count else { throw Stop.corrupt }
        let (start, more) = Self.distances[code]
        let distance = start + (try take(more))
        for _ in 0..<length {
          guard distance <= output.count else { throw Stop.corrupt }
          try put(output[output.count - distance])
        }
      }
    }
  }

  /// A Huffman code: how many codes there are of each length, and the symbols in their order.
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    init(lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      for length in 1..<16 where counts[length] > 0 { symbols += lengths.indices.filter { lengths[$0] == length } }
    }
  }

  private mutating func read(_ code: Code) throws -> Int {
    var (value, first, index) = (0, 0, 0)
    for length in 1..<16 {
      value |= try take(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Stop.corrupt
  }

  private mutating func tables() throws -> (Code, Code) {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    let count = try take(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<count { lengths[order[index]] = try take(3) }
    let meta = Code(lengths: lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      let symbol = try read(meta)
      switch symbol {
      case 16:
        guard let last = all.last else { throw Stop.corrupt }
        all += [Int](repeating: last, count: try take(2) + 3)
      case 17: all += [Int](repeating: 0, count: try take(3) + 3)
      case 18: all += [Int](repeating: 0, count: try take(7) + 11)
      default: all.append(symbol)
      }
    }
    guard all.count == literals + distances else { throw Stop.corrupt }
    return (Code(lengths: Array(all[..<literals])), Code(lengths: Array(all[literals...])))
  }

  private static let fixed = (
    Code(lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }),
    Code(lengths: [Int](repeating: 5, count: 30))
  )

  /// Base and extra bits of each length and distance (RFC 1951, section 3.2.5).
  private static let lengths: [(Int, Int)] = {
    var base = 3
    return (0..<29).map { index in
      if index == 28 { return (258, 0) }
      let extra = index < 8 ? 0 : index / 4 - 1
      defer { base += 1 << extra }
      return (base, extra)
    }
  }()
  private static let distances: [(Int, Int)] = {
    var base = 1
    return (0..<30).map { index in
      let extra = index < 4 ? 0 : index / 2 - 1
      defer { base += 1 << extra }
      return (base, extra)
    }
  }()
}
