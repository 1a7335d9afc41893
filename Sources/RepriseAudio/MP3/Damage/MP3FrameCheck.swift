/// A check inside the consecutive layer III frames of one stream for defects that no encoder writes.
///
/// Nothing is decoded: the check covers checksums, side information, the sizes in the bit reservoir and the ends of the
/// Huffman codes.
struct MP3FrameCheck {
  /// The defects of a frame.
  enum Finding: Equatable {
    /// The CRC is not that of the header and side information.
    case checksum
    /// The side information holds undefined values.
    case sideInformation
    /// The data begin within those of the previous frame.
    case overlap
    /// The data extend beyond the end of the frame.
    case pastEnd
    /// The coded samples take more bits than the side information specifies.
    case codes
    /// The coded samples end elsewhere than the side information specifies; damage unless many frames of the stream do
    /// so.
    case suspect
    /// The data begin in frames before the stream, which was cut out of a longer one.
    case beforeStart
    /// The data begin in previous frames that could not be read.
    case lostReservoir
  }

  /// Number of frames with a CRC, and of those whose CRC is wrong.
  private(set) var protectedFrames = 0
  private(set) var wrongChecksums = 0
  /// Number of granules whose codes were all followed, and of those whose codes, filling aside, ended elsewhere.
  private(set) var granules = 0
  private(set) var inexactGranules = 0
  /// Number of frames whose data begin before the stream, and the largest number of bytes that one of them lacks.
  private(set) var framesBeforeStart = 0
  private(set) var bytesBeforeStart = 0

  /// Main data of the last frames, the newest last.
  private var data = [UInt8](repeating: 0, count: 1 << 15)
  /// Index in `data` after the main data.
  private var dataEnd = 0
  /// Number of contiguous bytes of main data.
  private var history = 0
  /// Number of bytes of main data since the start of the stream, up to `farthest`.
  private var passed = 0
  /// Index in `data` after the data of the last frame; `nil` if it is unknown.
  private var lastEnd: Int?
  private var bands: [Int] = []
  private var bandsOf: (MPEGFrameHeader.Version, Int)?

  /// Number of bytes that exceeds the reach of any frame: 511 bytes, 255 in MPEG-2 (ISO 11172-3 §2.4.1.7, ISO 13818-3
  /// §2.4.1.7).
  private static let farthest = 512
  /// Number of bytes after the last one that may be read.
  private static let slack = 16

  /// Discards the previous frames, which the next one does not continue.
  mutating func interrupt() {
    history = 0
    lastEnd = nil
  }

  /// Checks the next frame.
  ///
  /// - Parameters:
  ///   - frame: All bytes of the frame, from the header on.
  ///   - header: The header, of layer III.
  /// - Returns: The defect; `nil` if there is none.
  mutating func check(_ frame: RawSpan, header: MPEGFrameHeader) -> Finding? {
    let sideStart = header.isProtected ? 6 : 4
    let mainStart = sideStart + header.sideInformation
    guard mainStart <= frame.byteCount else {
      interrupt()
      return .sideInformation
    }
    var finding: Finding?
    if header.isProtected {
      protectedFrames += 1
      let crc = CRC16.frame(frame, sideStart..<mainStart, from: CRC16.frame(frame, 2..<4, from: 0xFFFF))
      if UInt16(frame.byte(4)) << 8 | UInt16(frame.byte(5)) != crc, !isTag(frame, at: mainStart) {
        wrongChecksums += 1
        finding = .checksum
      }
    }
    let side = MP3SideInformation(frame, at: sideStart, frame: header)
    let start = dataEnd - side.mainDataBegin
    let missing = side.mainDataBegin - history
    // The data that a frame may need of frames before the stream are limited by bytes alone: a frame of a low bit rate
    // holds less than the reservoir, so that several may lack some of their data.
    let isBeforeStart = missing > 0 && side.mainDataBegin > passed
    append(frame, from: mainStart)
    let found: Finding?
    if missing > 0 {
      found = MP3FrameCheck.isPossible(side) ? isBeforeStart ? .beforeStart : .lostReservoir : .sideInformation
      lastEnd = nil
      if found == .beforeStart {
        framesBeforeStart += 1
        bytesBeforeStart = max(bytesBeforeStart, missing)
      }
    } else {
      found = checkMain(
        side, header: header, isIntensity: frame.byte(3) & 0xD0 == 0x50, start: start + moved)
    }
    // The end of the data of a damaged frame is unknown, so the next one cannot be said to overlap them.
    if finding != nil || found != nil { lastEnd = nil }
    return finding ?? found
  }

  /// Distance by which `append` has moved the older data.
  private var moved = 0

  private mutating func checkMain(
    _ side: MP3SideInformation, header: MPEGFrameHeader, isIntensity: Bool, start: Int
  ) -> Finding? {
    guard MP3FrameCheck.isPossible(side) else {
      lastEnd = nil
      return .sideInformation
    }
    var total = 0
    for index in 0..<side.count { total += side.granules[index].codedBits }
    let end = start + (total + 7) / 8
    defer { lastEnd = end }
    if end > dataEnd {
      lastEnd = nil
      return .pastEnd
    }
    let overlaps = lastEnd.map { start < $0 } ?? false
    let codes = checkCodes(side, header: header, isIntensity: isIntensity, from: start * 8)
    return codes == .codes ? .codes : overlaps ? .overlap : codes
  }

  /// Returns `true` if the values of all granules are defined.
  private static func isPossible(_ side: MP3SideInformation) -> Bool {
    for index in 0..<side.count {
      let granule = side.granules[index]
      if granule.bigValues > 288 || granule.isSwitched && granule.blockType == 0 { return false }
    }
    return true
  }

  private mutating func checkCodes(
    _ side: MP3SideInformation, header: MPEGFrameHeader, isIntensity: Bool, from start: Int
  ) -> Finding? {
    if bandsOf.map({ $0 != (header.version, header.sampleRate) }) ?? true {
      bands = MP3Bands.long(header)
      bandsOf = (header.version, header.sampleRate)
    }
    let isMPEG1 = header.version == .mpeg1
    var bit = start
    var finding: Finding?
    for index in 0..<side.count {
      let granule = side.granules[index]
      let end = bit + granule.codedBits
      defer { bit = end }
      // Decoders disagree about the regions of a mixed block at a low sample rate.
      if granule.isSwitched, granule.isMixed, !isMPEG1 { continue }
      let channel = index % header.channels
      let scalefactors: Int
      if isMPEG1 {
        let shared = channel == 0 ? side.sharedScalefactors.0 : side.sharedScalefactors.1
        scalefactors = MP3Bands.scalefactorBits(granule, shared: index < header.channels ? 0 : shared)
      } else {
        scalefactors = MP3Bands.lowRateScalefactorBits(
          granule, isIntensity: channel == 1 && isIntensity)
      }
      let regions = MP3Bands.regions(granule, bands: bands.span, sampleRate: header.sampleRate)
      for region in 0..<3 where granule.table(region) == 4 || granule.table(region) == 14 {
        let pairs = region == 0 ? regions.0 : region == 1 ? regions.1 : regions.2
        if pairs > 0 { return .sideInformation }
      }
      guard granule.codedBits > 0 || granule.bigValues > 0 else { continue }
      granules += 1
      let first = bit + scalefactors
      let outcome =
        first > end
        ? .overrun
        : unsafe MP3HuffmanCount.outcome(data.span.bytes, from: first, to: end, granule: granule, regions: regions)
      switch outcome {
      case .exact, .filled: break
      case .overrun: return .codes
      case .inexact:
        inexactGranules += 1
        finding = .suspect
      }
    }
    return finding
  }

  /// Appends the main data of a frame to those of the previous frames.
  private mutating func append(_ frame: RawSpan, from start: Int) {
    let count = frame.byteCount - start
    moved = 0
    if dataEnd + count + MP3FrameCheck.slack > data.count {
      let kept = min(dataEnd, MP3FrameCheck.farthest)
      for offset in 0..<kept { data[offset] = data[dataEnd - kept + offset] }
      moved = kept - dataEnd
      lastEnd = lastEnd.map { $0 + moved }
      dataEnd = kept
    }
    if dataEnd + count + MP3FrameCheck.slack > data.count {
      data += [UInt8](repeating: 0, count: count)
    }
    let offset = dataEnd
    var span = data.mutableSpan
    var target = unsafe span.mutableBytes
    var done = 0
    while done + 8 <= count {
      let word = unsafe frame.unsafeLoadUnaligned(fromByteOffset: start + done, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: offset + done, as: UInt64.self)
      done += 8
    }
    while done < count {
      target.storeBytes(of: frame.byte(start + done), toByteOffset: offset + done, as: UInt8.self)
      done += 1
    }
    dataEnd += count
    history = min(history + count, MP3FrameCheck.farthest)
    passed = min(passed + count, MP3FrameCheck.farthest)
  }

  /// Returns `true` if there is a Xing, Info or VBRI header, for whose frame no encoder computes the CRC.
  private func isTag(_ frame: RawSpan, at mainStart: Int) -> Bool {
    for offset in [mainStart, mainStart - 2, 36] {
      let word = frame.bits64(at: offset * 8) >> 32
      if [0x5869_6E67, 0x496E_666F, 0x5642_5249].contains(word) { return true }
    }
    return false
  }
}
