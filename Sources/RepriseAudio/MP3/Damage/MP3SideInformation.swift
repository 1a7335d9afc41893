/// The side information of a layer III frame (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
struct MP3SideInformation {
  /// One granule of one channel.
  struct Granule {
    /// Number of bits of scale factors and Huffman codes.
    var codedBits = 0
    /// Number of pairs of lines that are coded with the big tables.
    var bigValues = 0
    /// Index of the lengths of the scale factors.
    var scalefactorCompression = 0
    /// Block type: 0 normal, 1 start, 2 three short, 3 stop.
    var blockType = 0
    /// `true` if a block type other than the normal one is signalled.
    var isSwitched = false
    /// `true` if the lowest lines of a short block are long.
    var isMixed = false
    /// Numbers of the three tables, five bits each.
    var tables = 0
    /// Number of scale factor bands of the first region, minus one.
    var firstRegion = 0
    /// Number of scale factor bands of the second region, minus one.
    var secondRegion = 0
    /// `true` if quadruples are coded with table B.
    var usesTableB = false

    /// Returns the number of the table of a region.
    @inline(__always)
    func table(_ region: Int) -> Int { tables >> (10 - 5 * region) & 31 }
  }

  /// Number of bytes of the main data of earlier frames that belong to this one.
  private(set) var mainDataBegin = 0
  /// Channels of the first granule, then of the second; the first `count` elements are used.
  private(set) var granules: InlineArray<4, Granule> = InlineArray(repeating: Granule())
  /// Number of granules times channels.
  private(set) var count = 0
  /// Four bits for each channel, one for each group of scale factors that the second granule shares with the first.
  private(set) var sharedScalefactors = (0, 0)

  /// Reads the side information at `offset`.
  init(_ bytes: RawSpan, at offset: Int, frame: MPEGFrameHeader) {
    let isMPEG1 = frame.version == .mpeg1
    let channels = frame.channels
    var bit = offset * 8
    let head = bytes.bits64(at: bit)
    if isMPEG1 {
      mainDataBegin = Int(truncatingIfNeeded: head >> 55)
      let privateBits = channels == 1 ? 5 : 3
      sharedScalefactors.0 = Int(truncatingIfNeeded: head >> UInt64(64 - 9 - privateBits - 4) & 15)
      sharedScalefactors.1 = channels == 1 ? 0 : Int(truncatingIfNeeded: head >> UInt64(64 - 9 - privateBits - 8) & 15)
      bit += 9 + privateBits + 4 * channels
    } else {
      mainDataBegin = Int(truncatingIfNeeded: head >> 56)
      bit += 8 + channels
    }
    count = isMPEG1 ? 2 * channels : channels
    let compressionBits = isMPEG1 ? 4 : 9
    for index in 0..<count {
      // The fields up to the region counts take at most 61 bits, of which 57 can be read at once.
      let first = bytes.bits64(at: bit)
      let rest = bytes.bits64(at: bit + 29 + compressionBits)
      var granule = Granule()
      granule.codedBits = Int(truncatingIfNeeded: first >> 52)
      granule.bigValues = Int(truncatingIfNeeded: first >> 43 & 511)
      granule.scalefactorCompression =
        Int(truncatingIfNeeded: first >> UInt64(35 - compressionBits)) & (1 << compressionBits - 1)
      // The 23 bits after the compression: a flag for switched blocks, then one of two layouts.
      granule.isSwitched = rest >> 63 == 1
      if granule.isSwitched {
        granule.blockType = Int(truncatingIfNeeded: rest >> 61 & 3)
        granule.isMixed = rest >> 60 & 1 == 1
        granule.tables = Int(truncatingIfNeeded: rest >> 50 & 1023) << 5
      } else {
        granule.tables = Int(truncatingIfNeeded: rest >> 48 & 32767)
        granule.firstRegion = Int(truncatingIfNeeded: rest >> 44 & 15)
        granule.secondRegion = Int(truncatingIfNeeded: rest >> 41 & 7)
      }
      granule.usesTableB = rest >> (isMPEG1 ? 38 : 39) & 1 == 1
      granules[index] = granule
      bit += isMPEG1 ? 59 : 63
    }
  }
}
