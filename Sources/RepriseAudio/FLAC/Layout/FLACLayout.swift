/// The layout of a native FLAC file (RFC 9639).
package struct FLACLayout: Sendable {
  /// The contents of STREAMINFO.
  package struct StreamInfo: Equatable, Sendable {
    /// Smallest and largest number of samples per channel in a block.
    package let minimumBlock: Int
    package let maximumBlock: Int
    /// Number of bytes of the largest frame; 0 if it is unknown.
    let largestFrame: Int
    /// Sample rate in Hz.
    package let sampleRate: Int
    /// Number of channels, 1 to 8.
    package let channels: Int
    /// Width of a sample, 4 to 32 bits.
    package let bitsPerSample: Int
    /// Number of samples per channel; 0 if the encoder did not know it.
    package let totalSamples: Int
    /// MD5 of the unencoded samples; 16 zeros if it was not computed.
    package let md5: [UInt8]
  }

  /// Offset of the "fLaC" marker.
  package let start: Int
  /// STREAMINFO; `nil` if the first block is of another type.
  package private(set) var streamInfo: StreamInfo?
  /// The 34 bytes of STREAMINFO.
  package private(set) var streamInfoBytes: [UInt8] = []
  /// Offset of the first frame; `nil` if the metadata do not end within the file.
  package private(set) var audioStart: Int?
  /// Blocks after STREAMINFO.
  package private(set) var otherBlocks = FirstOf<SideBlock<FLACFinding.BlockKind>>()
  /// `true` if another block precedes STREAMINFO.
  private(set) var hasLateStreamInfo = false
  /// `true` if there is a second STREAMINFO.
  package private(set) var hasSecondStreamInfo = false
  /// `true` if the frames begin after a block that is not marked as the last.
  package private(set) var isUnmarked = false
  /// Blocks for which other programs reject the file, the first of each kind.
  private(set) var brokenBlocks: [FLACFinding.BlockKind] = []
  /// Blocks after STREAMINFO that a rewritten file keeps: the type and the range of the body of each, the first
  /// thousand.
  private(set) var keptBlocks: [(type: UInt8, body: Range<Int>)] = []
  /// Size in bytes of a picture too large for the 24 bits of its block's size; `nil` if there is none.
  private(set) var overflowingPicture: Int?
  /// `true` if Vorbis comments name the encoder.
  private(set) var hasVendor = false
  /// Range of the seek points, 18 bytes each.
  private var seekPoints = 0..<0

  /// Reads the metadata blocks of a flac, wherever its stream begins; `nil` if the file is not a flac.
  package init?(_ file: borrowing InputFile) throws(AudioFileError) {
    let content = try FileSniffer.sniff(file)
    guard content.format == .flac else { return nil }
    try self.init(file, start: content.offset)
  }

  /// Reads the metadata blocks of the file whose "fLaC" marker is at `start`.
  package init(_ file: borrowing InputFile, start: Int) throws(AudioFileError) {
    self.start = start
    var offset = start + 4
    for _ in 0..<100_000 {
      let header = try file.bytes(at: offset, count: 32)
      // The frames begin even if no block is marked as the last.
      if header.first == 0xFF, FLACFrameHeader(header, at: 0) != nil {
        audioStart = offset
        isUnmarked = true
        return
      }
      guard let kind = header.byte(at: 0), var size = header.big(at: 1, width: 3) else { return }
      let type = Int(kind & 0x7F)
      if type == 6, let larger = try overflow(file, body: offset + 4, size: size) {
        overflowingPicture = larger
        size = larger
      }
      guard offset + 4 + size <= file.byteCount else { return }
      let body = offset + 4..<offset + 4 + size
      if type == 0, streamInfo == nil, size >= 34 {
        streamInfoBytes = try file.bytes(at: body.lowerBound, count: 34)
        streamInfo = StreamInfo(streamInfoBytes)
        hasLateStreamInfo = otherBlocks.count > 0
      } else {
        hasSecondStreamInfo = hasSecondStreamInfo || type == 0 && streamInfo != nil
        if type == 3, seekPoints.isEmpty { seekPoints = body.lowerBound..<body.lowerBound + size / 18 * 18 }
        let block = FLACFinding.BlockKind(type: type)
        if type == 4, let vendor = try file.bytes(at: body.lowerBound, count: min(4, size)).little(at: 0, width: 4) {
          hasVendor = hasVendor || vendor > 0
        }
        if size == overflowingPicture {
          otherBlocks.append(SideBlock(kind: block, bytes: size))
        } else if try FLACBlocks.isBroken(file, type: type, body: body) {
          if !brokenBlocks.contains(block) { brokenBlocks.append(block) }
          otherBlocks.append(SideBlock(kind: block, bytes: size))
        } else {
          if type != 0, keptBlocks.count < 1000 { keptBlocks.append((UInt8(type), body)) }
          otherBlocks.append(SideBlock(kind: block, bytes: size))
        }
      }
      offset += 4 + size
      if kind & 0x80 != 0 {
        audioStart = offset
        return
      }
    }
  }
}

extension FLACLayout {
  /// Returns the size of a picture whose block states only the last 24 bits of it, as writers leave that do not check;
  /// `nil` for any other.
  private func overflow(
    _ file: borrowing InputFile, body: Int, size: Int
  ) throws(AudioFileError) -> Int? {
    guard let picture = try FLACBlocks.pictureBytes(file, body: body), picture >= 1 << 24, picture & 0xFFFFFF == size
    else { return nil }
    // What follows is another block, or the first frame.
    let next = try file.bytes(at: body + picture, count: FLACFrameHeader.mostBytes)
    if FLACFrameHeader(next, at: 0) != nil { return picture }
    guard let type = next.byte(at: 0), type & 0x7F <= 6, let length = next.big(at: 1, width: 3),
      body + picture + 4 + length <= file.byteCount
    else { return nil }
    return picture
  }

  /// Returns `true` if there are frames at the positions of the seek points, of which at most eight are checked.
  ///
  /// Missing or additional frames shift all seek points after them. The result is `true` if there are no seek points.
  func seekPointsHold(_ file: borrowing InputFile, first: FLACFrameHeader) throws(AudioFileError) -> Bool {
    guard let audioStart else { return true }
    let count = seekPoints.count / 18
    let step = max(count / 8, 1)
    for index in stride(from: 0, to: count, by: step) {
      let point = try file.bytes(at: seekPoints.lowerBound + 18 * index, count: 16)
      guard let high = point.big(at: 0, width: 4), let low = point.big(at: 4, width: 4), high != 0xFFFF_FFFF,
        let offset = point.big(at: 9, width: 7), point.byte(at: 8) == 0
      else { continue }
      let header = try file.bytes(at: audioStart + offset, count: FLACFrameHeader.mostBytes)
      guard let frame = FLACFrameHeader(header, at: 0),
        frame.firstSample(blockSize: first.blockSize) == high << 32 | low
      else { return false }
    }
    return true
  }
}

extension FLACFinding.BlockKind {
  /// Creates a kind from the type number of a block (RFC 9639 §8.1, table 2).
  init(type: Int) {
    self =
      switch type {
      case 0: .streamInfo
      case 1: .padding
      case 2: .application
      case 3: .seekTable
      case 4: .tags
      case 5: .cueSheet
      case 6: .picture
      default: .unknown(type)
      }
  }
}

extension FLACLayout.StreamInfo {
  /// Reads the 34 bytes of a STREAMINFO block (RFC 9639 §8.2).
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 34, let low = bytes.big(at: 0, width: 2), let high = bytes.big(at: 2, width: 2),
      let word = bytes.big(at: 10, width: 4), let rest = bytes.big(at: 14, width: 4)
    else { return nil }
    minimumBlock = low
    maximumBlock = high
    largestFrame = bytes.big(at: 7, width: 3) ?? 0
    sampleRate = word >> 12
    channels = (word >> 9 & 7) + 1
    bitsPerSample = (word >> 4 & 31) + 1
    totalSamples = (word & 15) << 32 | rest
    md5 = Array(bytes[18..<34])
  }
}
