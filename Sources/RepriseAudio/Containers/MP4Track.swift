/// An audio track of an ISO base media or QuickTime file: what its samples are coded with and where they are.
struct MP4Track {
  /// Number of the track.
  let id: UInt32
  /// `true` if the track is played unless another one is chosen.
  let isEnabled: Bool
  /// Range of the sample table.
  let table: Range<Int>
  /// Format of the samples, mp3 or flac; `nil` for any other.
  let codec: FileFormat?
  /// Range of the metadata blocks of a flac.
  let metadata: Range<Int>
  /// Numbers of samples and of bytes in a packet of a QuickTime file with packets of constant size.
  let packets: (samples: Int, bytes: Int)?
  /// Units of a second, and number of them in the whole track.
  let media: (timescale: Int, duration: Int)
  /// Range of the edit list; empty if there is none.
  let edits: Range<Int>

  /// Reads a `trak` box; `nil` if it is not an audio track, or its samples are in another file.
  init?(_ bytes: RawSpan, _ track: MP4Box) {
    guard let mdia = MP4Box.first("mdia", bytes, in: track.body),
      let handler = MP4Box.first("hdlr", bytes, in: mdia.body), bytes.has("soun", at: handler.body.lowerBound + 8),
      let minf = MP4Box.first("minf", bytes, in: mdia.body),
      let table = MP4Box.first("stbl", bytes, in: minf.body)
    else { return nil }
    let header = MP4Box.first("tkhd", bytes, in: track.body)?.body ?? 0..<0
    let isWide = bytes.byte(at: header.lowerBound) == 1
    isEnabled = header.isEmpty || (bytes.byte(at: header.lowerBound + 3) ?? 1) & 1 == 1
    id = header.isEmpty ? 0 : bytes.big32(at: header.lowerBound + (isWide ? 20 : 12)) ?? 0
    self.table = table.body
    edits = MP4Box.find(["edts", "elst"], bytes, in: track.body)?.body ?? 0..<0
    media = Self.times(bytes, MP4Box.first("mdhd", bytes, in: mdia.body)?.body ?? 0..<0)
    let entry = SampleEntry(bytes, table.body)
    packets = entry?.packets
    let isHere = entry.map { Self.isSelfContained(bytes, minf.body, reference: $0.reference) } ?? false
    codec = isHere ? entry?.codec : nil
    metadata = entry?.metadata ?? 0..<0
  }

  /// Reads the units of time and the duration of an `mdhd` or `mvhd` box.
  static func times(_ bytes: RawSpan, _ body: Range<Int>) -> (timescale: Int, duration: Int) {
    guard !body.isEmpty else { return (0, 0) }
    if bytes.byte(at: body.lowerBound) == 1 {
      return (Int(bytes.big32(at: body.lowerBound + 20) ?? 0), bytes.big64(at: body.lowerBound + 24) ?? 0)
    }
    return (Int(bytes.big32(at: body.lowerBound + 12) ?? 0), Int(bytes.big32(at: body.lowerBound + 16) ?? 0))
  }

  /// Returns `true` if the samples of a data reference, counted from 1, are in this file.
  private static func isSelfContained(_ bytes: RawSpan, _ minf: Range<Int>, reference: Int) -> Bool {
    guard let list = MP4Box.find(["dinf", "dref"], bytes, in: minf)?.body, list.count > 8 else { return true }
    let entries = MP4Box.boxes(bytes, in: list.lowerBound + 8..<list.upperBound)
    guard entries.indices.contains(reference - 1) else { return true }
    return (bytes.byte(at: entries[reference - 1].body.lowerBound + 3) ?? 1) & 1 == 1
  }
}

/// The description of the samples of a track (ISO 14496-12 §12.2.3, QuickTime File Format, "Sound Sample Descriptions").
private struct SampleEntry {
  var codec: FileFormat?
  var metadata = 0..<0
  var packets: (samples: Int, bytes: Int)?
  let reference: Int

  /// Reads the only entry of `stsd`; `nil` if there is none, or there are several.
  init?(_ bytes: RawSpan, _ table: Range<Int>) {
    guard let list = MP4Box.first("stsd", bytes, in: table)?.body, bytes.big32(at: list.lowerBound + 4) == 1,
      let entry = MP4Box.boxes(bytes, in: min(list.lowerBound + 8, list.upperBound)..<list.upperBound, most: 1).first
    else { return nil }
    let start = entry.body.lowerBound
    reference = bytes.big16(at: start + 6) ?? 1
    var children = start + 28
    // A version of the list other than 0 means that the entry is one of ISO, which has no further fields.
    if bytes.byte(at: list.lowerBound) == 0 {
      switch bytes.big16(at: start + 8) {
      case 1:
        children += 16
        packets = (Int(bytes.big32(at: start + 28) ?? 0), Int(bytes.big32(at: start + 36) ?? 0))
      case 2: children += 36
      default: break
      }
    }
    let rest = min(children, entry.body.upperBound)..<entry.body.upperBound
    if entry.has(".mp3") || entry.type == 0x6D73_0055 {
      codec = .mp3
    } else if entry.has("mp4a") {
      let box = MP4Box.first("esds", bytes, in: rest) ?? MP4Box.find(["wave", "esds"], bytes, in: rest)
      // Object types of MPEG-2 audio (ISO 13818-3) and MPEG-1 audio (ISO 11172-3), of any layer.
      if let box, [0x69, 0x6B].contains(Self.objectType(bytes, box.body)) { codec = .mp3 }
    } else if entry.has("fLaC"), let box = MP4Box.first("dfLa", bytes, in: rest), box.body.count > 4 {
      codec = .flac
      metadata = box.body.lowerBound + 4..<box.body.upperBound
    }
  }

  /// Returns the object type of an `esds` box (ISO 14496-1 §7.2.6.5 and 6); `nil` if it has none.
  private static func objectType(_ bytes: RawSpan, _ body: Range<Int>) -> UInt8? {
    // After version and flags a descriptor of the stream, tag 3, in which one of the decoder follows, tag 4.
    var offset = body.lowerBound + 4
    guard bytes.byte(at: offset) == 3, let inner = skipLength(bytes, offset + 1), let flags = bytes.byte(at: inner + 2)
    else { return nil }
    offset = inner + 3
    if flags & 0x80 != 0 { offset += 2 }
    if flags & 0x40 != 0 { offset += 1 + Int(bytes.byte(at: offset) ?? 0) }
    if flags & 0x20 != 0 { offset += 2 }
    guard offset < body.upperBound, bytes.byte(at: offset) == 4, let type = skipLength(bytes, offset + 1),
      type < body.upperBound
    else { return nil }
    return bytes.byte(at: type)
  }

  /// Returns the offset behind the length of a descriptor, 7 bits a byte.
  private static func skipLength(_ bytes: RawSpan, _ offset: Int) -> Int? {
    for index in 0..<4 {
      guard let byte = bytes.byte(at: offset + index) else { return nil }
      if byte & 0x80 == 0 { return offset + index + 1 }
    }
    return nil
  }
}
