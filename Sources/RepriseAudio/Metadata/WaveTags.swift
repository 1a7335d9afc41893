package import RepriseSystem

/// The chunks of a wav as tags: LIST/INFO, id3, cue and adtl, bext, and others.
package enum WaveTags {
  /// Reads the chunks of a wav.
  static func read(_ file: borrowing InputFile, _ layout: WaveLayout) throws(AudioFileError) -> Tags {
    var id3 = Tags()
    var info = Tags()
    var cues: [UInt8] = []
    var labels: [[UInt8]] = []
    var left = Tags.mostBytes
    for chunk in layout.keptChunks {
      guard chunk.body.count <= left else {
        info.lose(.block(chunk.name), bytes: chunk.body.count)
        continue
      }
      left -= chunk.body.count
      let body = try file.bytes(at: chunk.body.lowerBound, count: chunk.body.count)
      switch chunk.name {
      case "LIST" where body.has("INFO"): readInfo(body.dropFirst(4), into: &info)
      case "LIST" where body.has("adtl"): labels.append(body)
      case "cue ": cues = body
      case "id3 ", "ID3 ", "ID32":
        id3.merge(ID3Reader.read(body))
        id3.hasID3 = true
      case "PEAK", "levl": info.lose(.block(chunk.name), bytes: body.count, .otherAudio)
      default:
        info.add(Tags.Native(format: .wave, name: chunk.name, body: body))
      }
    }
    if let rate = layout.format?.sampleRate, rate > 0 {
      readCues(cues, labels, rate: rate, into: &info)
    } else if !cues.isEmpty {
      info.lose(.cuePoint, bytes: cues.count)
    }
    id3.merge(info)
    return id3
  }

  private static func readInfo(_ bytes: ArraySlice<UInt8>, into tags: inout Tags) {
    for (name, body) in chunks(bytes) {
      let text = TagText.utf8OrLatin1(body)
      if let known = TagNames.name(info: name) {
        tags.add(known, text)
      } else if !text.isEmpty {
        tags.add(Tags.Native(format: .info, name: name, body: Array(text.utf8) + [0]))
      }
    }
  }

  /// Returns the chunks that lie one behind the other, as far as they are whole.
  private static func chunks(_ bytes: ArraySlice<UInt8>) -> [(name: String, body: ArraySlice<UInt8>)] {
    var cursor = ByteCursor(bytes)
    var found: [(String, ArraySlice<UInt8>)] = []
    while found.count < Tags.mostEntries, let name = cursor.take(4), let size = cursor.little32() {
      guard name.allSatisfy({ (32...126).contains($0) }), let body = cursor.take(min(size, cursor.rest.count)) else {
        break
      }
      found.append((TagText.latin1(name), body))
      if size % 2 == 1, !cursor.skip(1) { break }
    }
    return found
  }

  /// Reads cue points (24 bytes each: identifier, position, chunk, two starts, offset) and their labels and lengths.
  private static func readCues(_ cues: [UInt8], _ labels: [[UInt8]], rate: Int, into tags: inout Tags) {
    guard !cues.isEmpty else { return }
    var titles: [Int: String] = [:]
    var lengths: [Int: Int] = [:]
    for list in labels {
      for (name, body) in chunks(list.dropFirst(4)) {
        var cursor = ByteCursor(body)
        guard let id = cursor.little32() else { continue }
        switch name {
        case "labl": titles[id] = TagText.utf8OrLatin1(cursor.rest)
        case "note": if titles[id] == nil { titles[id] = TagText.utf8OrLatin1(cursor.rest) }
        case "ltxt": lengths[id] = cursor.little32()
        default: break
        }
      }
    }
    var cursor = ByteCursor(cues[...])
    guard let count = cursor.little32() else { return }
    for _ in 0..<min(count, Tags.mostEntries) {
      guard let id = cursor.little32(), cursor.skip(16), let offset = cursor.little32() else {
        tags.lose(.cuePoint, bytes: cursor.rest.count)
        break
      }
      let length = lengths[id] ?? 0
      tags.add(
        Tags.Chapter(
          start: Double(offset) / Double(rate), end: length > 0 ? Double(offset + length) / Double(rate) : nil,
          title: titles[id] ?? "", isPoint: true))
    }
    tags.chapters.sort { $0.start < $1.start }
  }

  // MARK: Writing

  /// A chunk to be written.
  struct Chunk: Sendable, Equatable {
    /// Four letters.
    let name: String
    /// Contents.
    let body: [UInt8]
    /// Header, contents, and padding to an even size.
    var bytes: [UInt8] {
      Array(name.utf8) + TagText.little(body.count) + body + (body.count % 2 == 1 ? [0] : [])
    }
  }

  /// Returns the INFO list; `nil` if no text has a place in it.
  static func infoChunk(_ tags: Tags) -> Chunk? {
    var body: [UInt8] = []
    var known: Set<String> = []
    for field in tags.fields {
      guard let id = TagNames.info(TagNames.key(field.name)), known.insert(id).inserted else { continue }
      var text = field.value
      if id == "IPRT", let total = tags.fields.first(where: { TagNames.key($0.name) == "TRACKTOTAL" }),
        !text.contains("/")
      {
        text += "/" + total.value
      }
      body += Chunk(name: id, body: Array(text.utf8.filter { $0 != 0 }) + [0]).bytes
    }
    for native in tags.natives where native.format == .info {
      body += Chunk(name: native.name, body: native.body).bytes
    }
    return body.isEmpty ? nil : Chunk(name: "LIST", body: Array("INFO".utf8) + body)
  }

  /// Returns `true` if the INFO list holds all of the texts and pictures.
  static func fitsInfo(_ tags: Tags) -> Bool {
    guard tags.pictures.isEmpty, !tags.natives.contains(where: { $0.format == .id3 }) else { return false }
    var known: Set<String> = []
    return tags.fields.allSatisfy { field in
      let key = TagNames.key(field.name)
      if key == "TRACKTOTAL" { return true }
      return TagNames.info(key).map { known.insert($0).inserted } ?? false
    }
  }

  /// Returns the cue points and their labels for chapters; empty if there are none.
  static func cueChunks(_ chapters: [Tags.Chapter], rate: Int) -> [Chunk] {
    guard !chapters.isEmpty else { return [] }
    var cues = TagText.little(chapters.count)
    var labels = Array("adtl".utf8)
    for (index, chapter) in chapters.enumerated() {
      let frame = min(Int((chapter.start * Double(rate)).rounded()), 0xFFFF_FFFF)
      let id = TagText.little(index + 1)
      cues += id + TagText.little(frame) + Array("data".utf8) + TagText.little(0) + TagText.little(0)
      cues += TagText.little(frame)
      if !chapter.title.isEmpty {
        labels += Chunk(name: "labl", body: id + Array(chapter.title.utf8.filter { $0 != 0 }) + [0]).bytes
      }
      if let end = chapter.end, end > chapter.start {
        let length = Int((end * Double(rate)).rounded()) - frame
        labels +=
          Chunk(
            name: "ltxt", body: id + TagText.little(length) + Array("rgn ".utf8) + TagText.little(0) + TagText.little(0)
          ).bytes
      }
    }
    return [Chunk(name: "cue ", body: cues)] + (labels.count > 4 ? [Chunk(name: "LIST", body: labels)] : [])
  }

  /// Appends chunks to a finished wav, whose sizes are corrected.
  ///
  /// - Parameters:
  ///   - bytes: The chunks.
  ///   - output: The file.
  /// - Throws: `FileError` if the file cannot be written.
  package static func append(_ bytes: [UInt8], to output: BorrowedFile) throws(FileError) {
    guard !bytes.isEmpty else { return }
    let count = try output.status().byteCount
    let head = try output.bytes(at: 0, count: 28)
    try output.seek(to: count)
    if count % 2 == 1 { try output.write([0]) }
    try output.write(bytes)
    let size = count + count % 2 + bytes.count - 8
    if head.has("RF64"), head.has("ds64", at: 12) {
      var place = 20
      try output.write(WaveHeader.little(size, 8)[...], at: &place)
    } else if head.has("RIFF"), size <= 0xFFFF_FFFF {
      var place = 4
      try output.write(WaveHeader.little(size, 4)[...], at: &place)
    }
  }
}
