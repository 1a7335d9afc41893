/// Computes the end of a granule's scale factors and the bounds of its regions (ISO 11172-3 §2.4.2.7 and Table B.8, ISO
/// 13818-3 §2.4.3.2).
enum MP3Bands {
  /// Returns the first line of every long scale factor band, by sample rate.
  static func long(_ frame: MPEGFrameHeader) -> [Int] {
    switch (frame.version, frame.sampleRate) {
    case (.mpeg1, 44100): at44100
    case (.mpeg1, 48000): at48000
    case (.mpeg1, _): at32000
    case (_, 24000): at24000
    case (_, 8000): at8000
    default: at22050
    }
  }

  private static let at44100 = [
    0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 52, 62, 74, 90, 110, 134, 162, 196, 238, 288, 342, 418, 576,
  ]
  private static let at48000 = [
    0, 4, 8, 12, 16, 20, 24, 30, 36, 42, 50, 60, 72, 88, 106, 128, 156, 190, 230, 276, 330, 384, 576,
  ]
  private static let at32000 = [
    0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 54, 66, 82, 102, 126, 156, 194, 240, 296, 364, 448, 550, 576,
  ]
  private static let at24000 = [
    0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 114, 136, 162, 194, 232, 278, 332, 394, 464, 540, 576,
  ]
  private static let at22050 = [
    0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576,
  ]
  private static let at8000 = [
    0, 12, 24, 36, 48, 60, 72, 88, 108, 132, 160, 192, 232, 280, 336, 400, 476, 566, 568, 570, 572, 574, 576,
  ]

  /// Returns the number of pairs of values in each of the three regions.
  ///
  /// - Parameters:
  ///   - granule: The granule.
  ///   - bands: The result of `long(_:)` for the frame.
  ///   - sampleRate: The sample rate, in Hz.
  /// - Returns: The number of pairs in each region.
  static func regions(
    _ granule: MP3SideInformation.Granule, bands: borrowing Span<Int>, sampleRate: Int
  ) -> (Int, Int, Int) {
    let pairs = granule.bigValues
    if granule.isSwitched {
      let short = sampleRate == 8000 ? 36 : 18
      let first = min(pairs, granule.blockType == 2 ? short : bands[8] / 2)
      return (first, pairs - first, 0)
    }
    let first = min(pairs, bands[min(granule.firstRegion + 1, 22)] / 2)
    let second = min(pairs, bands[min(granule.firstRegion + granule.secondRegion + 2, 22)] / 2)
    return (first, second - first, pairs - second)
  }

  /// Returns the number of bits of scale factors in an MPEG-1 granule.
  ///
  /// - Parameters:
  ///   - granule: The granule.
  ///   - shared: The groups, one bit each of four, that a second granule shares with the first.
  /// - Returns: The number of bits.
  static func scalefactorBits(_ granule: MP3SideInformation.Granule, shared: Int) -> Int {
    let compression = granule.scalefactorCompression
    let first = 0x4433_3222_1113_0000 >> (4 * compression) & 15
    let second = 0x3232_1321_3210_3210 >> (4 * compression) & 15
    if granule.isSwitched, granule.blockType == 2 { return (granule.isMixed ? 17 : 18) * first + 18 * second }
    return (shared & 8 == 0 ? 6 : 0) * first + (shared & 4 == 0 ? 5 : 0) * first + (shared & 2 == 0 ? 5 : 0) * second
      + (shared & 1 == 0 ? 5 : 0) * second
  }

  /// Returns the number of bits of scale factors in an MPEG-2 or 2.5 granule.
  ///
  /// - Parameters:
  ///   - granule: The granule.
  ///   - isIntensity: `true` for the right channel of intensity stereo.
  /// - Returns: The number of bits.
  static func lowRateScalefactorBits(_ granule: MP3SideInformation.Granule, isIntensity: Bool) -> Int {
    let code = granule.scalefactorCompression
    let lengths: (Int, Int, Int, Int)
    let row: Int
    if isIntensity {
      let half = code >> 1
      switch half {
      case ..<180: (lengths, row) = ((half / 36, half % 36 / 6, half % 6, 0), 3)
      case ..<244: (lengths, row) = (((half - 180) >> 4, (half - 180) >> 2 & 3, (half - 180) & 3, 0), 4)
      default: (lengths, row) = (((half - 244) / 3, (half - 244) % 3, 0, 0), 5)
      }
    } else {
      switch code {
      case ..<400: (lengths, row) = (((code >> 4) / 5, (code >> 4) % 5, code >> 2 & 3, code & 3), 0)
      case ..<500: (lengths, row) = ((((code - 400) >> 2) / 5, ((code - 400) >> 2) % 5, code & 3, 0), 1)
      default: (lengths, row) = (((code - 500) / 3, (code - 500) % 3, 0, 0), 2)
      }
    }
    let kind = !granule.isSwitched || granule.blockType != 2 ? 0 : granule.isMixed ? 2 : 1
    let counts = bandCounts[row * 3 + kind]
    return lengths.0 * counts.0 + lengths.1 * counts.1 + lengths.2 * counts.2 + lengths.3 * counts.3
  }

  /// Number of scale factors of each length (ISO 13818-3 §2.4.3.2): rows of long, short and mixed blocks.
  private static let bandCounts: [(Int, Int, Int, Int)] = [
    (6, 5, 5, 5), (9, 9, 9, 9), (6, 9, 9, 9), (6, 5, 7, 3), (9, 9, 12, 6), (6, 9, 12, 6),
    (11, 10, 0, 0), (18, 18, 0, 0), (15, 18, 0, 0), (7, 7, 7, 0), (12, 12, 12, 0), (6, 15, 12, 0),
    (6, 6, 6, 3), (12, 9, 9, 6), (6, 12, 9, 6), (8, 8, 5, 0), (15, 12, 9, 0), (6, 18, 9, 0),
  ]
}
