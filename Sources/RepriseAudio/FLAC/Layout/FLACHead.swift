/// The metadata in front of a stream, written anew.
package struct FLACHead: Sendable, Equatable {
  /// The 34 bytes of STREAMINFO.
  private(set) var streamInfo: [UInt8]

  /// Creates metadata with the STREAMINFO of a stream.
  package init(streamInfo: [UInt8]) {
    self.streamInfo = Array((streamInfo + [UInt8](repeating: 0, count: 34)).prefix(34))
  }

  /// Creates the STREAMINFO of a stream that has none; `nil` if its frames do not state rate and width.
  init?(first: FLACFrameHeader) {
    guard let rate = first.sampleRate, let bits = first.bitsPerSample, rate < 1 << 20 else { return nil }
    self.init(streamInfo: [])
    set(blockSize: first.isVariable ? 65535 : first.blockSize)
    let word = rate << 12 | (first.channels - 1) << 9 | (bits - 1) << 4
    for index in 0..<4 { streamInfo[10 + index] = UInt8(truncatingIfNeeded: word >> (24 - 8 * index)) }
  }

  /// Sets the smallest and largest block size, in samples; the last block of a stream does not count.
  mutating func set(blockSize: Int) {
    let size = min(max(blockSize, 16), 65535)
    for place in [0, 2] {
      streamInfo[place] = UInt8(truncatingIfNeeded: size >> 8)
      streamInfo[place + 1] = UInt8(truncatingIfNeeded: size)
    }
  }

  /// Sets the widest range of block sizes.
  mutating func setAnyBlockSize() { streamInfo.replaceSubrange(0..<4, with: [0, 16, 0xFF, 0xFF]) }

  /// Sets the sample rate in Hz, the number of channels and the width of a sample in bits; `nil` leaves a value.
  mutating func set(sampleRate: Int?, channels: Int, bits: Int?) {
    guard let word = streamInfo.big(at: 10, width: 4) else { return }
    let rate = sampleRate.map { min($0, (1 << 20) - 1) } ?? word >> 12
    let width = bits.map { $0 - 1 } ?? word >> 4 & 31
    let new = rate << 12 | (channels - 1) << 9 | width << 4 | word & 15
    for index in 0..<4 { streamInfo[10 + index] = UInt8(truncatingIfNeeded: new >> (24 - 8 * index)) }
  }

  /// Sets the number of samples per channel.
  package mutating func set(total: Int) {
    guard (0..<1 << 36).contains(total) else { return }
    streamInfo[13] = streamInfo[13] & 0xF0 | UInt8(truncatingIfNeeded: total >> 32)
    for index in 0..<4 { streamInfo[14 + index] = UInt8(truncatingIfNeeded: total >> (24 - 8 * index)) }
  }

  /// Removes the MD5 of the samples.
  mutating func removeMD5() { streamInfo.replaceSubrange(18..<34, with: repeatElement(0, count: 16)) }

  /// Returns the marker and the STREAMINFO block.
  ///
  /// - Parameter isLast: `true` if no other block follows.
  /// - Returns: The bytes.
  package func bytes(isLast: Bool) -> [UInt8] {
    Array("fLaC".utf8) + [isLast ? 0x80 : 0, 0, 0, 34] + streamInfo
  }

  /// Number of bytes of the marker and the STREAMINFO block.
  package static let byteCount = 42
}

extension FLACLayout {
  /// Returns the STREAMINFO with which libFLAC decodes the frames as they are; `nil` if there is none.
  ///
  /// libFLAC multiplies the numbers of frames by the block size in the header where that is a single one. Where the
  /// frames state another rate, width or number of channels, theirs are taken.
  ///
  /// - Parameter first: The first frame.
  /// - Returns: The metadata to decode with; `nil` if nothing states rate and width.
  func head(first: FLACFrameHeader?) -> FLACHead? {
    guard let info = streamInfo else { return first.flatMap { FLACHead(first: $0) } }
    var head = FLACHead(streamInfo: streamInfoBytes)
    guard let first else { return head }
    head.set(sampleRate: first.sampleRate, channels: first.channels, bits: first.bitsPerSample)
    let isOther = info.minimumBlock == info.maximumBlock && first.blockSize != info.maximumBlock
    if first.isVariable {
      if first.blockSize > info.maximumBlock { head.setAnyBlockSize() }
    } else if isOther || first.blockSize > info.maximumBlock {
      head.set(blockSize: first.blockSize)
    }
    return head
  }
}
