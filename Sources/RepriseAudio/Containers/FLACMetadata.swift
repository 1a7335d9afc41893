/// The metadata blocks of a flac stream in a container, for a file of its own (RFC 9639 §8).
///
/// A container may mark any of them as the last one, or none: the marks are written anew.
struct FLACMetadata {
  private struct Block {
    let type: UInt8
    var bodies: [Range<Int>]
    let byteCount: Int
  }

  private var blocks: [Block] = []
  /// Largest number of blocks; files have a handful.
  private static let mostBlocks = 1000

  /// `true` if the first block is STREAMINFO.
  var hasStreamInfo: Bool { blocks.first.map { $0.type == 0 && $0.byteCount >= 34 } ?? false }

  /// Adds a block from the ranges of a packet; returns `false` if they are not one whole block.
  mutating func add(_ bytes: RawSpan, packet: [Range<Int>]) -> Bool {
    var header: [UInt8] = []
    var bodies: [Range<Int>] = []
    for range in packet {
      let front = min(4 - header.count, range.count)
      header += bytes.copy(at: range.lowerBound, count: front)
      if front < range.count { bodies.append(range.lowerBound + front..<range.upperBound) }
    }
    guard header.count == 4, let size = header.big(at: 1, width: 3), blocks.count < Self.mostBlocks,
      bodies.reduce(0, { $0 + $1.count }) == size
    else { return false }
    // There is one STREAMINFO, the first block.
    guard (header[0] & 0x7F == 0) == blocks.isEmpty else { return false }
    blocks.append(Block(type: header[0] & 0x7F, bodies: bodies, byteCount: size))
    return true
  }

  /// Adds the blocks that lie one behind the other in a range, up to the one that is marked as the last; returns
  /// `false` if they do not fit into it.
  mutating func add(_ bytes: RawSpan, blocksIn range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while offset + 4 <= range.upperBound, let word = bytes.big32(at: offset) {
      let end = offset + 4 + Int(word & 0xFF_FFFF)
      guard end <= range.upperBound, add(bytes, packet: [offset..<end]) else { return false }
      offset = end
      if word >> 31 == 1 { break }
    }
    return hasStreamInfo
  }

  /// Appends the marker of a flac file and all blocks to a splice.
  func append(to splice: inout ByteSplice) {
    splice.append(Array("fLaC".utf8))
    for (index, block) in blocks.enumerated() {
      let mark: UInt8 = index == blocks.count - 1 ? 0x80 : 0
      splice.append([mark | block.type] + (0..<3).map { UInt8(truncatingIfNeeded: block.byteCount >> (16 - 8 * $0)) })
      for body in block.bodies { splice.append(body) }
    }
  }
}
