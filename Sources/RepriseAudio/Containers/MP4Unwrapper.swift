import RepriseSystem

/// Finds the mp3 or flac stream in an ISO base media file (ISO 14496-12, 14496-14; "Encapsulation of FLAC in ISO Base
/// Media File Format") or a QuickTime file.
enum MP4Unwrapper {
  /// Returns the stream of the file whose first box is at the offset; `nil` if its audio has another format.
  static func find(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) -> Unwrapping? {
    let isQuickTime = bytes.has("qt  ", at: offset + 8)
    var movie: Range<Int>?
    var place = offset
    // Files of many fragments have two boxes for each.
    for _ in 0..<1_000_000 {
      guard let box = MP4Box(bytes, at: place, end: bytes.byteCount) else { break }
      if box.has("moov") {
        movie = box.body.clamped(to: 0..<bytes.byteCount)
        break
      }
      place = box.body.upperBound
    }
    guard let movie else { return nil }
    let tracks = MP4Box.boxes(bytes, in: movie).filter { $0.has("trak") }.compactMap { MP4Track(bytes, $0) }
    guard let track = tracks.first(where: \.isEnabled) ?? tracks.first, let codec = track.codec else { return nil }
    var found = Unwrapping(container: isQuickTime ? .quickTime : .mp4, codec: codec)
    if codec == .flac {
      var metadata = FLACMetadata()
      guard metadata.add(bytes, blocksIn: track.metadata) else { return nil }
      metadata.append(to: &found.content)
    }
    guard let table = MP4SampleTable(bytes, track.table) else { return nil }
    let isFragmented = MP4Box.first("mvex", bytes, in: movie) != nil
    var isSound = try table.append(to: &found, bytes, packets: track.packets, cancellation: cancellation)
    if isFragmented {
      var fragments = MP4Fragments(bytes, movie: movie, track: track.id)
      place = offset
      var count = 0
      while let box = MP4Box(bytes, at: place, end: bytes.byteCount), !fragments.isDamaged {
        if box.has("moof") { fragments.append(box, to: &found, bytes) }
        place = box.body.upperBound
        count += 1
        if count & 63 == 0 {
          try cancellation?.check()
          passed(min(place, bytes.byteCount))
        }
      }
      isSound = isSound && !fragments.isDamaged
      // The end of the file is missing, and with it perhaps whole fragments.
      if place > bytes.byteCount, found.missingBytes == 0 { found.missingBytes = place - bytes.byteCount }
    }
    if found.missingBytes > 0 { found.damage.append(.truncated(missingBytes: found.missingBytes)) }
    if !isSound { found.damage.append(.overlapping) }
    if tracks.count > 1 { found.remarks.append(.otherTracks(tracks.count - 1)) }
    if let edit = edit(bytes, track, movie: movie) { found.remarks.append(edit) }
    return found
  }

  /// Returns what an edit list makes the container play other than the whole track (ISO 14496-12 §8.6.6).
  private static func edit(_ bytes: RawSpan, _ track: MP4Track, movie: Range<Int>) -> ContainerFinding? {
    guard !track.edits.isEmpty, let count = bytes.big32(at: track.edits.lowerBound + 4), count > 0 else { return nil }
    let start = track.edits.lowerBound + 8
    let isWide = bytes.byte(at: track.edits.lowerBound) == 1
    guard count == 1 else { return .edited(pieces: Int(count)) }
    let units = MP4Track.times(bytes, MP4Box.first("mvhd", bytes, in: movie)?.body ?? 0..<0).timescale
    guard let length = isWide ? bytes.big64(at: start) : bytes.big32(at: start).map({ Int($0) }),
      let from = isWide ? bytes.big64(at: start + 8) : bytes.big32(at: start + 4).map({ Int(Int32(bitPattern: $0)) }),
      from >= 0, units > 0, track.media.timescale > 0
    else { return nil }
    let front = Double(from) / Double(track.media.timescale)
    let whole = Double(track.media.duration) / Double(track.media.timescale)
    let played = Double(length) / Double(units)
    // A fragmented file has a track of unknown length, and an edit of length 0 that means all of it.
    let back = track.media.duration > 0 && played > 0 ? max(whole - front - played, 0) : 0
    // Lengths of edits are rounded to the units of the movie, often milliseconds.
    guard front > 0 || back > 1.5 / Double(units) else { return nil }
    return .leavesOut(front: front, back: back > 1.5 / Double(units) ? back : 0)
  }
}
