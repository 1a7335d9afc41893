import TestSupport

/// Containers made byte by byte around the pieces of a stream, in the forms that writers of files use.
enum Wrapping {
  /// Cuts a stream into pieces of changing sizes, as if they were frames.
  static func pieces(_ stream: ArraySlice<UInt8>, around size: Int = 417) -> [[UInt8]] {
    var random = Seeded(7)
    var result: [[UInt8]] = []
    var rest = stream
    while !rest.isEmpty {
      let count = min(max(size / 2 + Int(random.next() % UInt64(size)), 1), rest.count)
      result.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return result
  }

  static func big(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
  }

  // MARK: ISO base media

  /// The forms of an mp4 or QuickTime file.
  enum Movie: CaseIterable, Sendable {
    case plain, movieFirst, wideOffsets, smallSizes, constantSize, quickTime, quickTimePackets, mpeg2, fragments,
      fragmentsWithDefaults, wideBox
  }

  static func box(_ type: String, _ parts: [UInt8]...) -> [UInt8] {
    let body = parts.flatMap { $0 }
    return big(body.count + 8, 4) + Array(type.utf8) + body
  }

  /// The `dfLa` of a flac file's metadata, with every mark of a last block as it is.
  static func movie(_ pieces: [[UInt8]], flac metadata: [UInt8]?, _ form: Movie) -> [UInt8] {
    let isQuickTime = [.quickTime, .quickTimePackets].contains(form)
    let ftyp = box("ftyp", Array((isQuickTime ? "qt  " : "isom").utf8), big(512, 4), Array("isom".utf8))
    let gap = box("free", [UInt8](repeating: 0xFF, count: 30))
    // Two chunks that lie apart, so that they are no single range.
    let half = pieces.count / 2
    let (one, other) = (pieces[..<half].flatMap { $0 }, pieces[half...].flatMap { $0 })
    let isFragmented = [.fragments, .fragmentsWithDefaults].contains(form)
    func data(_ body: [UInt8]) -> [UInt8] {
      form == .wideBox ? big(1, 4) + Array("mdat".utf8) + big(body.count + 16, 8) + body : box("mdat", body)
    }
    let head = form == .wideBox ? 16 : 8
    let media = data(one) + gap + data(other)
    func moov(at start: Int) -> [UInt8] {
      let offsets = isFragmented ? [] : [start + head, start + head + one.count + gap.count + head]
      return movieBox(pieces, half: half, offsets: offsets, flac: metadata, form)
    }
    if isFragmented {
      var file = ftyp + moov(at: 0)
      for run in [Array(pieces[..<half]), Array(pieces[half...])] { file += fragment(run, at: file.count, form) }
      return file
    }
    if form == .movieFirst {
      let size = moov(at: 0).count
      return ftyp + moov(at: ftyp.count + size) + media
    }
    return ftyp + media + moov(at: ftyp.count)
  }

  private static func movieBox(
    _ pieces: [[UInt8]], half: Int, offsets: [Int], flac metadata: [UInt8]?, _ form: Movie
  ) -> [UInt8] {
    let sizes = pieces.map(\.count)
    var table = box("stsd", big(0, 4), big(1, 4), sampleEntry(flac: metadata, form))
    table += box("stts", big(0, 4), big(0, 4))
    if offsets.isEmpty {
      table += box("stsz", big(0, 12)) + box("stsc", big(0, 8)) + box("stco", big(0, 8))
    } else {
      let counts = [half, pieces.count - half]
      switch form {
      case .smallSizes: table += box("stz2", big(0, 7), [16], big(sizes.count, 4), sizes.flatMap { big($0, 2) })
      case .constantSize:
        table += box("stsz", big(0, 4), big(sizes[0], 4), big(sizes.count, 4))
      // 1152 samples of one byte each in every packet.
      case .quickTimePackets: table += box("stsz", big(0, 4), big(1, 4), big(sizes.count * 1152, 4))
      default: table += box("stsz", big(0, 8), big(sizes.count, 4), sizes.flatMap { big($0, 4) })
      }
      let factor = form == .quickTimePackets ? 1152 : 1
      table += box(
        "stsc", big(0, 4), big(2, 4), counts.enumerated().flatMap { big($0 + 1, 4) + big($1 * factor, 4) + big(1, 4) })
      table +=
        form == .wideOffsets
        ? box("co64", big(0, 4), big(2, 4), offsets.flatMap { big($0, 8) })
        : box("stco", big(0, 4), big(2, 4), offsets.flatMap { big($0, 4) })
    }
    let dinf = box("dinf", box("dref", big(0, 4), big(1, 4), box("url ", big(1, 4))))
    let minf = box("minf", box("smhd", big(0, 8)), dinf, box("stbl", table))
    let handler = box("hdlr", big(0, 8), Array("soun".utf8), big(0, 13))
    let mdia = box("mdia", box("mdhd", big(0, 12), big(44100, 4), big(0, 8)), handler, minf)
    let track = box("trak", box("tkhd", big(7, 4), big(0, 8), big(1, 4), big(0, 68)), mdia)
    let video = box("trak", box("mdia", box("hdlr", big(0, 8), Array("vide".utf8), big(0, 13))))
    let size = form == .fragmentsWithDefaults ? pieces[0].count : 0
    let extends =
      offsets.isEmpty
      ? box("mvex", box("trex", big(0, 4), big(1, 4), big(1, 4), big(0, 4), big(size, 4), big(0, 4))) : []
    return box("moov", box("mvhd", big(0, 12), big(1000, 4), big(0, 84)), video, track, extends)
  }

  private static func sampleEntry(flac metadata: [UInt8]?, _ form: Movie) -> [UInt8] {
    let version = [.quickTime, .quickTimePackets].contains(form) ? 1 : 0
    let packet = form == .quickTimePackets
    var fields = big(0, 6) + big(1, 2) + big(version, 2) + big(0, 6) + big(2, 2) + big(16, 2) + big(0, 4)
    fields += big(44100 << 16, 4)
    if version == 1 { fields += big(1152, 4) + big(0, 4) + big(packet ? 417 : 0, 4) + big(2, 4) }
    if let metadata { return box("fLaC", fields, box("dfLa", big(0, 4), metadata)) }
    if version == 1 { return box(".mp3", fields) }
    let decoder: [UInt8] = [4, 13, form == .mpeg2 ? 0x69 : 0x6B] + big(0x15, 1) + big(0, 11)
    // A length of four bytes, as most writers have it.
    let esds = big(0, 4) + [3, 0x80, 0x80, 0x80, UInt8(decoder.count + 3)] + big(0, 3) + decoder
    return box("mp4a", fields, box("esds", esds))
  }

  private static func fragment(_ pieces: [[UInt8]], at start: Int, _ form: Movie) -> [UInt8] {
    func moof(_ offset: Int) -> [UInt8] {
      let hasSizes = form != .fragmentsWithDefaults
      let run =
        big(hasSizes ? 0x301 : 0x1, 4) + big(pieces.count, 4) + big(offset, 4)
        + (hasSizes ? pieces.flatMap { big(1152, 4) + big($0.count, 4) } : [])
      return box("moof", box("mfhd", big(0, 8)), box("traf", box("tfhd", big(0x20000, 4), big(1, 4)), box("trun", run)))
    }
    let size = moof(0).count
    return moof(size + 8) + box("mdat", pieces.flatMap { $0 })
  }

  // MARK: Matroska

  /// The forms of a Matroska file.
  enum Matroska: CaseIterable, Sendable {
    case simpleBlocks, groups, xiphLacing, fixedLacing, ebmlLacing, unknownSizes, strippedHeaders, microsoft
  }

  static func element(_ id: Int, _ parts: [UInt8]..., unknown: Bool = false) -> [UInt8] {
    let body = parts.flatMap { $0 }
    let width = id > 0xFF_FFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1
    return big(id, width) + (unknown ? big(0x01FF_FFFF_FFFF_FFFF, 8) : big(0x1000_0000 | body.count, 4)) + body
  }

  static func matroska(_ pieces: [[UInt8]], flac codecPrivate: [UInt8]?, _ form: Matroska) -> [UInt8] {
    let header = element(0x1A45_DFA3, element(0x4282, Array("matroska".utf8)))
    var entry = element(0xD7, [2]) + element(0x83, [2])
    if let codecPrivate {
      entry += element(0x86, Array("A_FLAC".utf8)) + element(0x63A2, codecPrivate)
    } else if form == .microsoft {
      entry += element(0x86, Array("A_MS/ACM".utf8)) + element(0x63A2, [0x55, 0, 2, 0])
    } else {
      entry += element(0x86, Array("A_MPEG/L3".utf8))
    }
    let stripped = form == .strippedHeaders ? Array(pieces[0].prefix(1)) : []
    if form == .strippedHeaders {
      entry += element(0x6D80, element(0x6240, element(0x5034, element(0x4254, [3]) + element(0x4255, stripped))))
    }
    let video = element(0xAE, element(0xD7, [1]), element(0x83, [1]), element(0x86, Array("V_VP8".utf8)))
    let tracks = element(0x1654_AE6B, video, element(0xAE, entry))
    let isUnknown = form == .unknownSizes
    var clusters: [UInt8] = []
    var rest = pieces[...]
    while !rest.isEmpty {
      var cluster = element(0xE7, [0]) + element(0xA3, [0x81, 0, 0, 0x80] + noise(40))
      for _ in 0..<5 where !rest.isEmpty { cluster += block(&rest, form, without: stripped.count) }
      clusters += element(0x1F43_B675, cluster, unknown: isUnknown)
    }
    let cues = element(0x1C53_BB6B, element(0xBB, [1, 2, 3]))
    return header + element(0x1853_8067, element(0xEC, noise(9)), tracks, clusters, cues, unknown: isUnknown)
  }

  private static func block(_ rest: inout ArraySlice<[UInt8]>, _ form: Matroska, without stripped: Int) -> [UInt8] {
    func take() -> [UInt8] { rest.popFirst().map { Array($0.dropFirst(stripped)) } ?? [] }
    let head: [UInt8] = [0x82, 0, 1]
    switch form {
    case .groups: return element(0xA0, element(0xA1, head + [0] + take()), element(0x9B, [26]))
    case .xiphLacing, .ebmlLacing:
      let frames = [take(), take(), take()].filter { !$0.isEmpty }
      var body = head + [form == .xiphLacing ? 2 : 6] + [UInt8(frames.count - 1)]
      if form == .xiphLacing {
        for frame in frames.dropLast() {
          body += [UInt8](repeating: 255, count: frame.count / 255) + [UInt8(frame.count % 255)]
        }
      } else if frames.count > 1 {
        body += big(0x4000 | frames[0].count, 2)
        for (before, frame) in zip(frames, frames.dropLast().dropFirst()) {
          body += big(0x4000 | (frame.count - before.count + 8191), 2)
        }
      }
      return element(0xA3, body + frames.flatMap { $0 })
    case .fixedLacing:
      let frames = [take(), take()]
      guard frames[0].count == frames[1].count else {
        return frames.map { element(0xA3, head + [0] + $0) }.flatMap { $0 }
      }
      return element(0xA3, head + [4, 1] + frames.flatMap { $0 })
    default: return element(0xA3, head + [0x80] + take())
    }
  }

  // MARK: Ogg

  static func page(
    _ body: [UInt8], segments: [UInt8], number: Int, flags: UInt8, serial: Int = 77
  ) -> [UInt8] {
    let little = { (value: Int, width: Int) in Array(big(value, width).reversed()) }
    let head = Array("OggS".utf8) + [0, flags] + little(0, 8) + little(serial, 4) + little(number, 4)
    let bytes = head + little(0, 4) + [UInt8(segments.count)] + segments + body
    var crc: UInt32 = 0
    for byte in bytes {
      crc ^= UInt32(byte) << 24
      for _ in 0..<8 { crc = crc & 0x8000_0000 != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1 }
    }
    return head + little(Int(crc), 4) + [UInt8(segments.count)] + segments + body
  }

  /// Pages of packets, each of at most `most` segments, so that packets go on from page to page.
  static func ogg(_ packets: [[UInt8]], most: Int, serial: Int = 77) -> [UInt8] {
    var segments: [(bytes: [UInt8], startsPacket: Bool)] = []
    for packet in packets {
      var rest = packet[...]
      var isFirst = true
      while true {
        let part = Array(rest.prefix(255))
        segments.append((part, isFirst))
        rest = rest.dropFirst(part.count)
        isFirst = false
        if part.count < 255 { break }
      }
    }
    // The first packet has a page of its own.
    var file = page(packets[0], segments: [UInt8(packets[0].count)], number: 0, flags: 2, serial: serial)
    var rest = segments.dropFirst()
    var number = 1
    while !rest.isEmpty {
      let part = rest.prefix(most)
      rest = rest.dropFirst(part.count)
      let flags: UInt8 = (part.first?.startsPacket == false ? 1 : 0) | (rest.isEmpty ? 4 : 0)
      file += page(
        part.flatMap(\.bytes), segments: part.map { UInt8($0.bytes.count) }, number: number, flags: flags,
        serial: serial)
      number += 1
    }
    return file
  }

  /// The parts of a flac file: its metadata blocks, each with its header, and the frames behind them.
  static func flacParts(_ file: [UInt8]) -> (blocks: [[UInt8]], frames: ArraySlice<UInt8>) {
    var blocks: [[UInt8]] = []
    var offset = 4
    while true {
      let size = Int(file[offset + 1]) << 16 | Int(file[offset + 2]) << 8 | Int(file[offset + 3])
      blocks.append(Array(file[offset..<offset + 4 + size]))
      defer { offset += 4 + size }
      if file[offset] & 0x80 != 0 { return (blocks, file[(offset + 4 + size)...]) }
    }
  }

  /// The packets of a flac file in Ogg.
  static func oggPackets(_ file: [UInt8], around size: Int) -> [[UInt8]] {
    let (blocks, frames) = flacParts(file)
    let first = [0x7F] + Array("FLAC".utf8) + [1, 0] + big(blocks.count - 1, 2) + Array("fLaC".utf8) + blocks[0]
    return [first] + blocks.dropFirst() + pieces(frames, around: size)
  }
}
