import RepriseSystem

/// Finds the flac stream in an Ogg file (FLAC-to-Ogg mapping 1.0, RFC 9639 §10.1).
///
/// The first packet is 0x7F, "FLAC", a version, the number of further header packets, "fLaC" and STREAMINFO; each
/// further one is a metadata block, and every packet after those a frame.
struct OggUnwrapper {
  private var found = Unwrapping(container: .ogg, codec: .flac)
  private var metadata = FLACMetadata()
  /// Stream of which the packets are taken; `nil` until its first page.
  private var serial: UInt32?
  private var expected: UInt32 = 0
  /// Ranges of the packet that goes on in the next page.
  private var packet: [Range<Int>] = []
  private var isFirstPacket = true
  /// `true` once a frame has begun, so that no header packet follows.
  private var hasFrames = false
  private var hasEnded = false
  /// `false` if the packets are not a flac stream, or the file holds several in a row.
  private var isUsable = true
  private var wrongChecksums = (count: 0, first: 0)
  private var gaps = (count: 0, first: 0)

  /// Returns the stream of the Ogg file that begins at the offset; `nil` if there is none, or there are several in a
  /// row.
  static func find(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) -> Unwrapping? {
    var reader = OggUnwrapper()
    try reader.read(bytes, from: offset, cancellation: cancellation, passed: passed)
    return reader.finish()
  }

  private mutating func read(
    _ bytes: RawSpan, from start: Int, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) {
    var offset = start
    var pages = 0
    while isUsable {
      guard let page = OggPage(bytes, at: offset) else {
        guard let next = Self.nextPage(bytes, after: offset) else {
          end(bytes, at: offset)
          return
        }
        found.damage.append(.lostPages(bytes: next - offset, offset: offset))
        // One hole is enough to reject a file.
        if found.damage.count > 100 { return }
        offset = next
        continue
      }
      take(page, bytes)
      // A file of other streams is left at once: they all begin before their packets do.
      if serial == nil, !page.isFirst { return }
      offset = page.body.upperBound
      pages += 1
      if pages & 63 == 0 {
        try cancellation?.check()
        passed(offset)
      }
    }
  }

  /// Handles the bytes at the end that are not a whole page.
  private mutating func end(_ bytes: RawSpan, at offset: Int) {
    guard serial != nil, !hasEnded, offset < bytes.byteCount else { return }
    found.damage.append(bytes.has("OggS", at: offset) ? .lastPageCut(offset: offset) : .damaged(offset: offset))
  }

  /// Returns the offset of the next page after bytes that are not one.
  private static func nextPage(_ bytes: RawSpan, after offset: Int) -> Int? {
    var place = offset + 1
    while let start = bytes.first(UInt8(ascii: "O"), from: place, to: bytes.byteCount) {
      if OggPage(bytes, at: start) != nil { return start }
      place = start + 1
    }
    return nil
  }

  private mutating func take(_ page: OggPage, _ bytes: RawSpan) {
    if page.isFirst, Self.isFLAC(bytes, page) {
      guard serial == nil else {
        // A second stream beside the first is another track; behind it, it is the rest of the recording.
        if hasEnded || hasFrames { isUsable = false }
        found.remarks.append(.otherTracks(1))
        if found.remarks.count > 100 { isUsable = false }
        return
      }
      serial = page.serial
      expected = page.number
    } else if page.isFirst, hasEnded {
      isUsable = false
      return
    }
    guard page.serial == serial else { return }
    if hasEnded {
      isUsable = false
      return
    }
    if !page.isSound(bytes) {
      wrongChecksums = (wrongChecksums.count + 1, wrongChecksums.count == 0 ? page.start : wrongChecksums.first)
    }
    if page.number != expected { gaps = (gaps.count + 1, gaps.count == 0 ? page.start : gaps.first) }
    expected = page.number &+ 1
    split(page, bytes)
    hasEnded = page.isLast
  }

  private static func isFLAC(_ bytes: RawSpan, _ page: OggPage) -> Bool {
    bytes.byte(at: page.body.lowerBound) == 0x7F && bytes.has("FLAC", at: page.body.lowerBound + 1)
      && bytes.has("fLaC", at: page.body.lowerBound + 9)
  }

  /// Splits the body of a page into packets: each ends with the first segment of fewer than 255 bytes.
  private mutating func split(_ page: OggPage, _ bytes: RawSpan) {
    // The end of the packet before is in a page that is missing.
    if !page.isContinued { packet = [] }
    var offset = page.body.lowerBound
    var start = offset
    for index in page.table {
      let size = Int(bytes.byte(at: index) ?? 0)
      offset += size
      guard size < 255 else { continue }
      packet.append(start..<offset)
      start = offset
      guard finishPacket(bytes) else {
        isUsable = false
        return
      }
    }
    if start < offset { packet.append(start..<offset) }
    if hasFrames, !flush(bytes) { isUsable = false }
  }

  /// Handles a whole packet; returns `false` if it can't be part of a flac stream.
  private mutating func finishPacket(_ bytes: RawSpan) -> Bool {
    packet.removeAll { $0.isEmpty }
    if isFirstPacket {
      isFirstPacket = false
      // The mapping's own 13 bytes: type, "FLAC", version, number of header packets, "fLaC".
      guard packet.count == 1, packet[0].count >= 13 + 38, bytes.byte(at: packet[0].lowerBound + 5) == 1 else {
        return false
      }
      let block = packet[0].lowerBound + 13..<packet[0].upperBound
      packet = []
      return metadata.add(bytes, packet: [block])
    }
    guard let first = packet.first else { return true }
    if !hasFrames, bytes.byte(at: first.lowerBound) != 0xFF {
      let isBlock = metadata.add(bytes, packet: packet)
      packet = []
      return isBlock
    }
    if !hasFrames {
      hasFrames = true
      metadata.append(to: &found.content)
    }
    return flush(bytes)
  }

  /// Appends the ranges of frames, whole or not: they follow each other in the stream.
  private mutating func flush(_ bytes: RawSpan) -> Bool {
    for range in packet where !found.append(range.lowerBound, count: range.count, of: bytes.byteCount) { return false }
    packet = []
    return true
  }

  private mutating func finish() -> Unwrapping? {
    guard isUsable, serial != nil, metadata.hasStreamInfo else { return nil }
    if !hasFrames { metadata.append(to: &found.content) }
    if wrongChecksums.count > 0 {
      found.damage.append(.pageChecksums(wrongChecksums.count, first: wrongChecksums.first))
    }
    if gaps.count > 0 { found.damage.append(.missingPages(gaps.count, first: gaps.first)) }
    return found
  }
}
