/// What a layer III frame says about its main data (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
struct MP3SideInformation {
  /// One granule of one channel.
  struct Granule {
    /// Bits of scale factors and Huffman codes.
    var codedBits = 0
    /// Pairs of lines that are coded with the big tables.
    var bigValues = 0
    /// Which lengths the scale factors have.
    var scalefactorCompression = 0
    /// 0 normal, 1 start, 2 three short, 3 stop.
    var blockType = 0
    /// Whether a block type other than the normal one is announced.
    var isSwitched = false
    /// Whether the lowest lines of a short block are long.
    var isMixed = false
    /// The numbers of the three tables, five bits each.
    var tables = 0
    /// Scale factor bands of the first region, less one.
    var firstRegion = 0
    /// Of the second, less one.
    var secondRegion = 0
    /// Whether quadruples are coded with table B.
    var usesTableB = false

    /// The number of a region's table.
    @inline(__always)
    func table(_ region: Int) -> Int { tables >> (10 - 5 * region) & 31 }
  }

  /// How many bytes of earlier frames' main data belong to this one.
  private(set) var mainDataBegin = 0
  /// The first granule's channels, then the second's; `count` of them are used.
  private(set) var granules: InlineArray<4, Granule> = InlineArray(repeating: Granule())
  /// Granules times channels.
  private(set) var count = 0
  /// For each channel four bits: whether the second granule takes the first one's scale factors of that group.
  private(set) var sharedScalefactors = (0, 0)

  /// Reads the side information that begins at a byte.
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
      // Up to the region counts it is at most 61 bits, of which 57 can be had at once.
      let first = bytes.bits64(at: bit)
      let rest = bytes.bits64(at: bit + 29 + compressionBits)
      var granule = Granule()
      granule.codedBits = Int(truncatingIfNeeded: first >> 52)
      granule.bigValues = Int(truncatingIfNeeded: first >> 43 & 511)
      granule.scalefactorCompression =
        Int(truncatingIfNeeded: first >> UInt64(35 - compressionBits)) & (1 << compressionBits - 1)
      // The 23 bits behind the compression: whether blocks are switched, then one of two layouts.
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
