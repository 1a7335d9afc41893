import RepriseSystem

/// Finds the mp3 or flac stream in a Matroska or WebM file (RFC 9559).
///
/// The elements that hold others are entered and never left: what follows the contents of a cluster, whose size may be
/// unknown, is recognised by its own identifier.
struct MatroskaUnwrapper {
  private enum ID {
    static let header: UInt32 = 0x1A45_DFA3
    static let segment: UInt32 = 0x1853_8067
    static let tracks: UInt32 = 0x1654_AE6B
    static let cluster: UInt32 = 0x1F43_B675
    static let group: UInt32 = 0xA0
    static let block: UInt32 = 0xA1
    static let simpleBlock: UInt32 = 0xA3
  }

  private var found: Unwrapping?
  private var track: MatroskaTrack?
  private var isWebM = false
  /// Offset of the end of the segment; `nil` if it is not known.
  private var segmentEnd: Int?
  private var hasSegment = false
  /// `true` if the last element was in a cluster, so that more audio may follow.
  private var isInCluster = false

  /// Returns the stream of the file whose first element is at the offset; `nil` if its audio has another format.
  static func find(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) -> Unwrapping? {
    var reader = MatroskaUnwrapper()
    var place = offset
    var elements = 0
    while place < bytes.byteCount, place < reader.segmentEnd ?? .max {
      guard let element = EBMLElement(bytes, at: place) else {
        reader.found?.damage.append(.damaged(offset: place))
        break
      }
      guard let next = reader.take(element, bytes) else {
        // Another file behind the first, another format, or a structure that cannot be followed.
        guard reader.found?.damage.isEmpty == false else { return nil }
        break
      }
      place = next
      elements += 1
      if elements & 1023 == 0 {
        try cancellation?.check()
        passed(place)
      }
    }
    // Another file behind the first is more of the recording.
    if let end = reader.segmentEnd, EBMLElement(bytes, at: end)?.id == ID.header { return nil }
    reader.judgeEnd(place, of: bytes.byteCount)
    return reader.found
  }

  /// Handles an element and returns the offset at which to go on; `nil` if that is impossible.
  private mutating func take(_ element: EBMLElement, _ bytes: RawSpan) -> Int? {
    switch element.id {
    case ID.header:
      guard !hasSegment else { return nil }
      isWebM = element.children(bytes).first { $0.id == 0x4282 }?.text(bytes) == "webm"
      return element.end
    case ID.segment:
      guard !hasSegment else { return nil }
      hasSegment = true
      segmentEnd = element.end
      return element.body
    case ID.tracks where track == nil: return takeTracks(element, bytes)
    case ID.cluster:
      guard track != nil else { return nil }
      isInCluster = true
      return element.body
    case ID.group: return element.body
    case ID.block, ID.simpleBlock:
      guard let end = element.end else {
        found?.damage.append(.damaged(offset: element.start))
        return nil
      }
      guard takeBlock(element.body..<end, bytes) else {
        found?.damage.append(.damaged(offset: element.start))
        return nil
      }
      return end
    default:
      guard let end = element.end else {
        found?.damage.append(.damaged(offset: element.start))
        return nil
      }
      // Identifiers of four bytes are those of the segment's own children.
      if element.id > 0xFF_FFFF { isInCluster = false }
      return end
    }
  }

  private mutating func takeTracks(_ element: EBMLElement, _ bytes: RawSpan) -> Int? {
    guard let end = element.end, end <= bytes.byteCount,
      let (track, others) = MatroskaTrack.find(bytes, in: element)
    else { return nil }
    var unwrapping = Unwrapping(container: isWebM ? .webM : .matroska, codec: track.codec)
    if track.codec == .flac {
      var metadata = FLACMetadata()
      guard metadata.add(bytes, blocksIn: track.metadata) else { return nil }
      metadata.append(to: &unwrapping.content)
    }
    if others > 0 { unwrapping.remarks.append(.otherTracks(others)) }
    if track.delay > 0 { unwrapping.remarks.append(.leavesOut(front: track.delay, back: 0)) }
    found = unwrapping
    self.track = track
    return end
  }

  /// Appends the frames of a block, if it is of the track; returns `false` if it is invalid.
  private mutating func takeBlock(_ body: Range<Int>, _ bytes: RawSpan) -> Bool {
    guard let track, var found else { return true }
    guard let number = EBMLElement.number(bytes, at: body.lowerBound) else { return body.upperBound > bytes.byteCount }
    guard number.value == track.number else { return true }
    guard let block = MatroskaBlock(bytes, body) else { return body.upperBound > bytes.byteCount }
    self.found = nil
    defer { self.found = found }
    if track.prefix.isEmpty {
      return found.append(block.start, count: body.upperBound - block.start, of: bytes.byteCount)
    }
    var offset = block.start
    for size in block.sizes + [body.upperBound - block.start - block.sizes.reduce(0, +)] {
      found.content.append(track.prefix)
      guard found.append(offset, count: size, of: bytes.byteCount) else { return false }
      offset += size
    }
    return true
  }

  /// Tells whether the file ends within its clusters.
  private mutating func judgeEnd(_ place: Int, of byteCount: Int) {
    guard isInCluster, found?.damage.isEmpty == true else { return }
    let missing = max(segmentEnd ?? place, place) - byteCount
    if missing > 0 { found?.damage.append(.truncated(missingBytes: missing)) }
  }
}
