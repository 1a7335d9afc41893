import RepriseSystem

/// The places of the samples of a track in movie fragments (ISO 14496-12 §8.8).
struct MP4Fragments {
  private let track: UInt32
  /// Size of a sample in bytes where neither fragment nor run tells it.
  private let defaultSize: Int
  /// `true` if a fragment contradicts itself or the file.
  private(set) var isDamaged = false

  /// Creates a reader of the fragments of a track.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - movie: The contents of the `moov` box.
  ///   - track: The number of the track.
  init(_ bytes: RawSpan, movie: Range<Int>, track: UInt32) {
    self.track = track
    var size = 0
    if let extends = MP4Box.first("mvex", bytes, in: movie) {
      for box in MP4Box.boxes(bytes, in: extends.body)
      where box.has("trex") && bytes.big32(at: box.body.lowerBound + 4) == track {
        size = Int(bytes.big32(at: box.body.lowerBound + 16) ?? 0)
      }
    }
    defaultSize = size
  }

  /// Appends the samples of one `moof` box to an unwrapping.
  mutating func append(_ fragment: MP4Box, to found: inout Unwrapping, _ bytes: RawSpan) {
    for traf in MP4Box.boxes(bytes, in: fragment.body) where traf.has("traf") {
      guard let header = MP4Box.first("tfhd", bytes, in: traf.body)?.body,
        let flags = bytes.big32(at: header.lowerBound), bytes.big32(at: header.lowerBound + 4) == track
      else { continue }
      var offset = header.lowerBound + 8
      var base = fragment.start
      if flags & 1 != 0 {
        base = min(bytes.big64(at: offset) ?? base, 1 << 60)
        offset += 8
      }
      offset += (flags & 2 != 0 ? 4 : 0) + (flags & 8 != 0 ? 4 : 0)
      let size = flags & 0x10 != 0 ? Int(bytes.big32(at: offset) ?? 0) : defaultSize
      var next = base
      for run in MP4Box.boxes(bytes, in: traf.body) where run.has("trun") {
        guard let end = append(run.body, base: base, from: next, size: size, to: &found, bytes) else {
          isDamaged = true
          return
        }
        next = end
      }
    }
  }

  /// Appends the samples of a run; returns the offset behind them, `nil` if they contradict the file.
  private func append(
    _ run: Range<Int>, base: Int, from next: Int, size: Int, to found: inout Unwrapping, _ bytes: RawSpan
  ) -> Int? {
    guard let flags = bytes.big32(at: run.lowerBound), let count = bytes.big32(at: run.lowerBound + 4) else {
      return nil
    }
    var offset = run.lowerBound + 8
    var start = next
    if flags & 1 != 0 {
      start = base + Int(Int32(bitPattern: bytes.big32(at: offset) ?? 0))
      offset += 4
    }
    if flags & 4 != 0 { offset += 4 }
    let fields = [0x100, 0x200, 0x400, 0x800].filter { flags & $0 != 0 }.count
    var sum = 0
    if flags & 0x200 != 0 {
      let place = flags & 0x100 != 0 ? 4 : 0
      guard Int(count) * 4 * fields <= run.upperBound - offset else { return nil }
      for index in 0..<Int(count) { sum += Int(bytes.big32(at: offset + 4 * fields * index + place) ?? 0) }
    } else {
      sum = Unwrapping.product(Int(count), size)
    }
    guard start >= 0, found.append(start, count: sum, of: bytes.byteCount) else { return nil }
    return min(start + sum, Unwrapping.mostBytes)
  }
}
