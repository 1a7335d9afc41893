/// Fits the tags of a recording to a result.
package struct TagCarrier {
  private let change: TagChange
  private var tags: Tags
  private var losses: [TagLoss]

  /// Returns the tags of a result.
  package static func carry(_ tags: Tags, _ change: TagChange) -> CarriedTags {
    var carrier = TagCarrier(tags, change)
    carrier.dropFalseTexts()
    carrier.moveCueSheet()
    carrier.moveChapters()
    carrier.fitNatives()
    return carrier.fit()
  }

  private init(_ tags: Tags, _ change: TagChange) {
    self.tags = tags
    self.change = change
    losses = tags.losses
    self.tags.losses = []
  }

  private mutating func lose(_ what: TagLoss.What, _ bytes: Int, _ why: TagLoss.Why) {
    losses.append(TagLoss(what: what, count: 1, bytes: bytes, why: why))
  }

  // MARK: Audio

  /// Drops the texts that are not true of the result.
  private mutating func dropFalseTexts() {
    var kept: [Tags.Field] = []
    for field in tags.fields {
      let bytes = field.value.utf8.count
      switch TagNames.bound(field) {
      case .samples where change.movesTime || !change.keepsSamples:
        lose(.text(field.name), bytes, .otherAudio)
      case .time where change.movesTime: lose(.text(field.name), bytes, .positions)
      // What the container or the encoder says of itself is no loss.
      case .encoding where !change.keepsBytes || change.movesTime:
        if ["MP3GAIN_UNDO", "MP3GAIN_MINMAX", "R128_TRACK_GAIN", "R128_ALBUM_GAIN"].contains(TagNames.key(field.name)) {
          lose(.text(field.name), bytes, .otherAudio)
        }
      case _ where TagNames.key(field.name) == "ITUNSMPB" && change.format != .mp3: break
      default: kept.append(field)
      }
    }
    tags.fields = kept
  }

  // MARK: Time

  /// Makes chapters of the tracks of a cue sheet where the result has no cue sheets.
  private mutating func moveCueSheet() {
    guard let place = tags.natives.firstIndex(where: { $0.format == .flac && $0.name == "5" }) else { return }
    let body = tags.natives[place].body
    let rate = Double(change.sampleRates.from)
    guard rate > 0, let tracks = FLACTags.tracks(body) else { return }
    if change.format == .flac {
      guard change.movesTime || change.sampleRates.from != change.sampleRates.to else { return }
      tags.natives.remove(at: place)
      let change = change
      let moved = FLACTags.moved(body, total: Int((change.seconds * Double(change.sampleRates.to)).rounded())) {
        offset in
        let time = Double(offset) / rate
        guard time >= change.part.lowerBound, time < change.part.upperBound else { return nil }
        return Int((change.time(time) * Double(change.sampleRates.to)).rounded())
      }
      if let moved {
        tags.natives.insert(Tags.Native(format: .flac, name: "5", body: moved), at: place)
      } else {
        lose(.cueSheet, body.count, .outside)
      }
    } else if tags.chapters.isEmpty {
      tags.natives.remove(at: place)
      for track in tracks {
        tags.add(Tags.Chapter(start: Double(track.offset) / rate, end: nil, title: "Track \(track.number)"))
      }
    }
  }

  /// Moves chapters and cue points with the part, and drops those outside.
  private mutating func moveChapters() {
    guard change.movesTime else { return }
    var kept: [Tags.Chapter] = []
    let part = change.part
    for (index, chapter) in tags.chapters.enumerated() {
      let next = index + 1 < tags.chapters.count ? tags.chapters[index + 1].start : .infinity
      let end = chapter.end ?? (chapter.isPoint ? chapter.start : max(next, chapter.start))
      let isInside =
        chapter.isPoint
        ? chapter.start >= part.lowerBound && chapter.start < part.upperBound
        : chapter.start < part.upperBound - 1e-6 && end > part.lowerBound + 1e-6
      guard isInside else {
        lose(chapter.isPoint ? .cuePoint : .chapter, chapter.title.utf8.count, .outside)
        continue
      }
      var moved = chapter
      moved.start = change.time(chapter.start)
      moved.end = chapter.end.map { change.time($0) }
      kept.append(moved)
    }
    tags.chapters = kept
  }

  // MARK: Blocks

  private static let positionedFrames: Set<String> = ["SYLT", "ETCO", "SYTC", "POSS"]
  private static let byteFrames: Set<String> = ["MLLT", "ASPI", "SEEK", "RBUF", "ENCR", "GRID", "AENC", "SIGN", "LINK"]
  private static let levelFrames: Set<String> = ["RVA2", "RVAD", "XRVA", "EQU2", "EQUA", "RGAD"]
  /// Chunks of a wav without positions.
  private static let freeChunks: Set<String> = ["bext", "iXML", "axml", "_PMX", "cart", "inst", "DISP", "LIST", "umid"]

  /// Keeps the blocks of the result's own format that are true of it.
  private mutating func fitNatives() {
    var kept: [Tags.Native] = []
    for native in tags.natives {
      if let native = fitted(native) { kept.append(native) }
    }
    tags.natives = kept
  }

  private mutating func fitted(_ native: Tags.Native) -> Tags.Native? {
    let size = native.body.count
    switch (native.format, change.format) {
    case (.id3, .mp3), (.id3, .wav):
      let isTimed = Self.positionedFrames.contains(native.name) || isTimedObject(native)
      if isTimed, change.movesTime { lose(.block(native.name), size, .positions) }
      if isTimed, change.movesTime { return nil }
      if Self.byteFrames.contains(native.name), !change.keepsBytes || change.movesTime {
        lose(.block(native.name), size, .positions)
        return nil
      }
      if Self.levelFrames.contains(native.name), change.movesTime || !change.keepsSamples {
        lose(.block(native.name), size, .otherAudio)
        return nil
      }
      return native.name == "IPLS" ? Tags.Native(format: .id3, name: "TIPL", body: native.body) : native
    case (.flac, .flac):
      switch native.name {
      case "3":
        guard !change.keepsBytes || change.movesTime else { return native }
        lose(.seekTable, size, .positions)
        return nil
      case "5": return native
      default:
        guard change.movesTime, native.name != "2" || isForeignMetadata(native) else { return native }
        lose(.block(native.name == "2" ? "APPLICATION" : "block \(native.name)"), size, .positions)
        return nil
      }
    case (.wave, .wav): return chunk(native)
    case (.info, .wav): return native
    case (.info, _):
      tags.add(native.name, TagText.utf8OrLatin1(native.body[...]))
      return nil
    case (.flac, _):
      // Places of frames have no meaning without them.
      if native.name == "3" { return nil }
      let names = ["2": "APPLICATION", "5": "CUESHEET"]
      lose(native.name == "5" ? .cueSheet : .block(names[native.name] ?? "block \(native.name)"), size, .noPlace)
      return nil
    case (.id3, .flac):
      let texts = ID3Reader.texts(native)
      if texts.isEmpty { lose(.block(native.name), size, .noPlace) }
      for text in texts { tags.add(text.name, text.value) }
      return nil
    default:
      lose(.block(native.name), size, .noPlace)
      return nil
    }
  }

  /// Returns `true` for an object or private frame in which a program for disc jockeys keeps positions.
  private func isTimedObject(_ native: Tags.Native) -> Bool {
    guard native.name == "GEOB" || native.name == "PRIV" else { return false }
    let head = String(decoding: native.body.prefix(64).filter { $0 != 0 }, as: UTF8.self).lowercased()
    return head.contains("serato") || head.contains("traktor")
  }

  /// Returns `true` for the chunks of a wav or aiff that `flac --keep-foreign-metadata` stores.
  private func isForeignMetadata(_ native: Tags.Native) -> Bool {
    ["riff", "aiff", "w64 "].contains { native.body.has($0) }
  }

  private mutating func chunk(_ native: Tags.Native) -> Tags.Native? {
    let size = native.body.count
    if native.name == "bext" { return Tags.Native(format: .wave, name: "bext", body: movedBroadcast(native.body)) }
    if change.movesTime {
      let isStamped =
        native.name == "iXML" && String(decoding: native.body, as: UTF8.self).contains("TIMESTAMP_SAMPLES")
      if !Self.freeChunks.contains(native.name) || isStamped {
        lose(.block(native.name), size, .positions)
        return nil
      }
    }
    return native
  }

  /// Returns a broadcast extension (EBU Tech 3285) of the part: its time reference is moved, and its loudness is not
  /// known any more.
  private func movedBroadcast(_ body: [UInt8]) -> [UInt8] {
    var body = body
    if change.isCut, let low = body.little(at: 338, width: 4), let high = body.little(at: 342, width: 4),
      high < 1 << 24
    {
      let start = Int((change.part.lowerBound * Double(change.sampleRates.from)).rounded())
      let reference = high << 32 | low
      body.replaceSubrange(338..<346, with: WaveHeader.little(reference + start, 8))
    }
    if change.movesTime || !change.keepsSamples, let version = body.little(at: 346, width: 2), version >= 2,
      body.count >= 422
    {
      for place in stride(from: 412, to: 422, by: 2) { body.replaceSubrange(place..<place + 2, with: [0xFF, 0x7F]) }
    }
    return body
  }

  // MARK: Room

  /// Drops what does not fit, the largest pictures first, and returns the rest.
  private mutating func fit() -> CarriedTags {
    if change.format == .flac { dropOversized() }
    for _ in 0..<100_000 {
      let payload = payload()
      let made = CarriedTags(
        fields: tags.fields.count, pictures: tags.pictures.count,
        chapters: tags.chapters.count { !$0.isPoint }, cuePoints: tags.chapters.count { $0.isPoint },
        others: tags.natives.count, losses: TagLoss.merged(losses), payload: payload)
      let surplus = made.byteCount - max(change.room, 0)
      guard surplus > 0 else { return made }
      guard drop(surplus) else { return made.dropped(limit: change.limit) }
    }
    return CarriedTags(
      fields: 0, pictures: 0, chapters: 0, cuePoints: 0, others: 0, losses: TagLoss.merged(losses), payload: nil)
  }

  /// Drops the pictures and texts that no FLAC block holds.
  private mutating func dropOversized() {
    let most = FLACTags.mostBytes
    tags.pictures.removeAll { picture in
      let size = picture.data.count
      guard 32 + size + picture.mediaType.utf8.count + picture.description.utf8.count > most else { return false }
      losses.append(TagLoss(what: .picture, count: 1, bytes: size, why: .blockSize(most)))
      return true
    }
    func size(_ tags: Tags) -> Int {
      tags.fields.reduce(64 * tags.chapters.count) { $0 + 5 + $1.name.utf8.count + $1.value.utf8.count }
    }
    while size(tags) + 1000 > most, let place = largestField() {
      let field = tags.fields.remove(at: place)
      lose(.text(field.name), field.value.utf8.count, .blockSize(most))
    }
  }

  private func largestField() -> Int? {
    tags.fields.indices.max { tags.fields[$0].value.utf8.count < tags.fields[$1].value.utf8.count }
  }

  /// Drops something for `surplus` bytes; returns `false` if nothing is left that would help.
  private mutating func drop(_ surplus: Int) -> Bool {
    let why = TagLoss.Why.noRoom(change.limit)
    let pictures = tags.pictures
    if !pictures.isEmpty {
      // The smallest picture that suffices goes, or else the largest.
      let order = pictures.indices.sorted { pictures[$0].data.count < pictures[$1].data.count }
      guard let place = order.first(where: { pictures[$0].data.count >= surplus }) ?? order.last else { return false }
      lose(.picture, tags.pictures.remove(at: place).data.count, why)
      return true
    }
    var left = surplus
    while left > 0,
      let place = tags.natives.indices.max(by: { tags.natives[$0].body.count < tags.natives[$1].body.count }),
      tags.natives[place].body.count > 256
    {
      let native = tags.natives.remove(at: place)
      lose(.block(native.name), native.body.count, why)
      left -= native.body.count
    }
    if left < surplus { return true }
    if let place = tags.chapters.firstIndex(where: { !$0.frames.isEmpty }) {
      tags.chapters[place].frames = []
      return true
    }
    while left > 0, let place = largestField(), tags.fields[place].value.utf8.count > 256 {
      let field = tags.fields.remove(at: place)
      lose(.text(field.name), field.value.utf8.count, why)
      left -= field.value.utf8.count
    }
    return left < surplus
  }

  private func payload() -> CarriedTags.Payload? {
    switch change.format {
    case .mp3:
      let bytes = ID3Writer.tag(tags, seconds: change.seconds, points: true)
      return bytes.isEmpty ? nil : .id3(bytes)
    case .flac:
      var blocks: [CarriedTags.FLACBlock] = []
      for native in tags.natives where native.format == .flac && native.name == "3" { blocks.append(block(native)) }
      if !tags.fields.isEmpty || !tags.chapters.isEmpty {
        blocks.append(CarriedTags.FLACBlock(type: 4, body: VorbisComments.body(tags, points: true)))
      }
      for native in tags.natives where native.format == .flac && native.name != "3" { blocks.append(block(native)) }
      for picture in tags.pictures { blocks.append(CarriedTags.FLACBlock(type: 6, body: FLACTags.body(picture))) }
      return blocks.isEmpty ? nil : .flac(blocks)
    case .wav: return wavePayload()
    case .other, .unknown: return nil
    }
  }

  private func block(_ native: Tags.Native) -> CarriedTags.FLACBlock {
    CarriedTags.FLACBlock(type: UInt8(native.name) ?? 2, body: native.body)
  }

  private func wavePayload() -> CarriedTags.Payload? {
    var front: [UInt8] = []
    var behind: [UInt8] = []
    for native in tags.natives where native.format == .wave {
      let bytes = WaveTags.Chunk(name: native.name, body: native.body).bytes
      if native.name == "bext" { front += bytes } else { behind += bytes }
    }
    if let info = WaveTags.infoChunk(tags) { behind += info.bytes }
    // ffmpeg takes chapters of both places for different ones.
    let points = tags.chapters.filter(\.isPoint)
    for chunk in WaveTags.cueChunks(points, rate: change.sampleRates.to) { behind += chunk.bytes }
    let needsID3 = tags.hasID3 || !WaveTags.fitsInfo(tags) || tags.chapters.contains { !$0.isPoint }
    let id3 = needsID3 ? ID3Writer.tag(tags, seconds: change.seconds, points: false) : []
    if !id3.isEmpty { behind += WaveTags.Chunk(name: "id3 ", body: id3).bytes }
    return front.isEmpty && behind.isEmpty ? nil : .wave(front: front, behind: behind)
  }
}
