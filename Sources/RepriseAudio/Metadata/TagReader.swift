package import RepriseSystem

/// Reads the tags of a file, whatever its format is.
package enum TagReader {
  /// The tags of a file, and whether they are those of its own stream.
  package struct Found: Sendable, Equatable {
    /// Tags.
    package let tags: Tags
    /// `true` if some of them are not in the stream of which the recording consists, but in the container around it or,
    /// as with ID3 tags around a flac, beside it.
    package let isOfContainer: Bool
  }

  /// Reads the tags.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - frames: Facts from an inspection of an mp3, by which tags right behind the frames are found.
  ///   - cancellation: Interrupts the reading.
  /// - Returns: The tags; empty if there are none, or they cannot be read.
  /// - Throws: `AudioFileError` if the file cannot be read; `cancelled`.
  package static func read(
    _ path: String, frames: MP3FrameFacts? = nil, cancellation: Cancellation? = nil
  ) throws(AudioFileError) -> Found {
    let file = try InputFile(path: path)
    let content = try FileSniffer.sniff(file)
    switch content.format {
    case .mp3:
      return Found(tags: try readMP3(file, end: frames?.layout.fileEnd), isOfContainer: false)
    case .flac:
      let found = try readFLAC(file, content.offset)
      return Found(tags: found.tags, isOfContainer: found.hasOthers)
    case .unknown: return Found(tags: Tags(), isOfContainer: false)
    case .wav, .other: break
    }
    var outer = Tags()
    if content.format == .wav {
      outer = try readLeading(file, to: content.offset)
      if let layout = try WaveLayout(file, offset: content.offset) { outer.merge(try WaveTags.read(file, layout)) }
    } else if content.isAudio {
      outer = try readForeign(file, content, cancellation: cancellation)
    }
    let audio = try AudioContent(file, content, cancellation: cancellation)
    guard audio.unwrapping != nil else { return Found(tags: outer, isOfContainer: false) }
    var inner =
      audio.content.format == .mp3
      ? try readMP3(audio.file, end: nil) : try readFLAC(audio.file, audio.content.offset).tags
    // The comments of Ogg are in the stream itself.
    guard audio.unwrapping?.container != .ogg else { return Found(tags: inner, isOfContainer: false) }
    let before = inner
    // What wrote the container did not encode the stream.
    outer.fields.removeAll { TagNames.bound($0) == .encoding }
    inner.merge(outer)
    return Found(tags: inner, isOfContainer: inner != before)
  }

  /// Reads the blocks of a flac, and ID3 tags around it, which programs add that take every file for an mp3.
  private static func readFLAC(
    _ file: borrowing InputFile, _ start: Int
  ) throws(AudioFileError) -> (tags: Tags, hasOthers: Bool) {
    var tags = try FLACTags.read(file, FLACLayout(file, start: start))
    let own = tags
    tags.merge(try readLeading(file, to: start))
    tags.merge(ID3Reader.readVersion1(try file.bytes(at: max(file.byteCount - 128, start), count: 128)))
    return (tags, tags != own)
  }

  /// Reads the ID3v2 tags at the beginning.
  private static func readLeading(_ file: borrowing InputFile, to end: Int) throws(AudioFileError) -> Tags {
    var tags = Tags()
    var offset = 0
    var left = Tags.mostBytes
    for _ in 0..<16 {
      guard offset < end, let size = ID3v2.byteCount(try file.bytes(at: offset, count: 10)) else { break }
      if size <= left {
        tags.merge(ID3Reader.read(try file.bytes(at: offset, count: size)))
        left -= size
      } else {
        tags.lose(.tag("ID3v2"), bytes: size)
      }
      offset += size
    }
    return tags
  }

  // MARK: MP3

  /// Reads the tags before and behind the frames of an mp3.
  private static func readMP3(_ file: borrowing InputFile, end framesEnd: Int?) throws(AudioFileError) -> Tags {
    var tags = try readLeading(file, to: file.byteCount)
    var behind = Tags()
    // Texts of ID3v1 are cut to 30 characters, so that those of any other tag come first.
    var version1 = Tags()
    var end = file.byteCount
    // An ID3v1 behind an APE tag behind lyrics, with a second ID3v2 or two.
    for _ in 0..<4 {
      let footer = try file.bytes(at: max(end - 160, 0), count: min(160, end))
      if footer.has("TAG", at: footer.count - 128) {
        version1.merge(ID3Reader.readVersion1(Array(footer.suffix(128))))
        let isExtended = try file.bytes(at: end - 355, count: 4).has("TAG+")
        end -= isExtended ? 355 : 128
        continue
      }
      guard let length = try trailing(file, footer, before: end, into: &behind), length > 0 else { break }
      end -= length
    }
    if let framesEnd, framesEnd < end, let size = ID3v2.byteCount(try file.bytes(at: framesEnd, count: 10)),
      size <= Tags.mostBytes
    {
      tags.merge(ID3Reader.read(try file.bytes(at: framesEnd, count: size)))
    }
    tags.merge(behind)
    tags.merge(version1)
    return tags
  }

  /// Reads the tag that ends at an offset, and returns its size; `nil` if there is none.
  private static func trailing(
    _ file: borrowing InputFile, _ footer: [UInt8], before end: Int, into tags: inout Tags
  ) throws(AudioFileError) -> Int? {
    let count = footer.count
    if footer.has("APETAGEX", at: count - 32), let size = footer.little(at: count - 20, width: 4),
      let items = footer.little(at: count - 16, width: 4), let flags = footer.little(at: count - 12, width: 4)
    {
      guard (32...end).contains(size) else { return nil }
      let header = flags >> 31 & 1 == 1 ? 32 : 0
      if size <= Tags.mostBytes {
        let bytes = try file.bytes(at: end - size, count: size - 32)
        tags.merge(APETags.read(bytes[...], count: items))
      } else {
        tags.lose(.tag("APE"), bytes: size)
      }
      return size + header
    }
    if footer.has("LYRICS200", at: count - 9) {
      let digits = footer.suffix(15).prefix(6)
      guard digits.count == 6, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
      let size = digits.reduce(0) { $0 * 10 + Int($1) - 48 } + 15
      guard size <= end else { return nil }
      tags.lose(.tag("Lyrics3"), bytes: size, .noPlace)
      return size
    }
    if footer.has("3DI", at: count - 10) {
      let mark = Array("ID3".utf8) + footer.suffix(7)
      guard let size = ID3v2.byteCount(mark), size <= end, size <= Tags.mostBytes else { return nil }
      let bytes = try file.bytes(at: end - size, count: size)
      guard bytes.has("ID3") else { return nil }
      tags.merge(ID3Reader.read(bytes))
      return size
    }
    return nil
  }

  // MARK: Foreign

  private static func readForeign(
    _ file: InputFile, _ content: SniffedContent, cancellation: Cancellation?
  ) throws(AudioFileError) -> Tags {
    if try file.bytes(at: content.offset, count: 4).has("OggS"),
      let tags = try OggTags.read(file, from: content.offset)
    {
      return tags
    }
    guard let container = ForeignContainer(content) else { return try readLeading(file, to: content.offset) }
    var tags = try FFmpegTags.read(file, container, cancellation: cancellation)
    tags.merge(try readLeading(file, to: content.offset))
    return tags
  }
}

extension MP3Layout {
  /// Offset of the end of the last frame in the file.
  fileprivate var fileEnd: Int? { streamMetadata == nil ? end : nil }
}

/// The comment packet of Vorbis, Opus, Speex and FLAC in Ogg.
enum OggTags {
  /// Reads the second packet of the first stream; `nil` if it holds no comments.
  static func read(_ file: borrowing InputFile, from start: Int) throws(AudioFileError) -> Tags? {
    let mapped = try file.map()
    let packet: ArraySlice<UInt8>? = mapped.withBytes { bytes in OggTags.packet(bytes, from: start) }
    guard !mapped.isCut else { throw AudioFileError.changed(file.path) }
    guard let packet else { return nil }
    var tags = Tags()
    if packet.starts(with: Array("OpusTags".utf8)) {
      VorbisComments.read(packet.dropFirst(8), into: &tags)
    } else if packet.starts(with: [3] + Array("vorbis".utf8)) {
      VorbisComments.read(packet.dropFirst(7), into: &tags)
    } else {
      return nil
    }
    return tags
  }

  private static func packet(_ bytes: RawSpan, from start: Int) -> ArraySlice<UInt8>? {
    var offset = start
    var serial: UInt32?
    var number = 0
    var packet: [UInt8] = []
    for _ in 0..<100_000 {
      guard let page = OggPage(bytes, at: offset) else { return nil }
      offset = page.body.upperBound
      if serial == nil { serial = page.serial }
      guard page.serial == serial else { continue }
      var place = page.body.lowerBound
      for index in page.table {
        let size = Int(bytes.byte(at: index) ?? 0)
        if number == 1 { packet += bytes.copy(at: place, count: size) }
        place += size
        guard size < 255 else { continue }
        if number == 1 { return packet[...] }
        number += 1
      }
      guard packet.count <= Tags.mostBytes else { return nil }
    }
    return nil
  }
}
