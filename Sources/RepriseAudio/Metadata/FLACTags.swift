/// The metadata blocks of FLAC as tags (RFC 9639 §8.3–8.8).
enum FLACTags {
  /// Largest body of a block: 24 bits of size.
  static let mostBytes = 1 << 24 - 1

  /// Reads the blocks of a file.
  static func read(_ file: borrowing InputFile, _ layout: FLACLayout) throws(AudioFileError) -> Tags {
    var tags = Tags()
    if let bytes = layout.overflowingPicture { tags.lose(.picture, bytes: bytes, .blockSize(mostBytes)) }
    var left = Tags.mostBytes
    for (type, range) in layout.keptBlocks where type != 1 {
      guard range.count <= left else {
        tags.lose(type == 6 ? .picture : .block("block \(type)"), bytes: range.count)
        continue
      }
      left -= range.count
      let body = try file.bytes(at: range.lowerBound, count: range.count)
      take(type, body, into: &tags)
    }
    return tags
  }

  /// Reads a block.
  static func take(_ type: UInt8, _ body: [UInt8], into tags: inout Tags) {
    switch type {
    case 4: VorbisComments.read(body[...], into: &tags)
    case 6:
      if let picture = picture(body) {
        tags.pictures.append(picture)
      } else {
        tags.lose(.picture, bytes: body.count)
      }
    default: tags.add(Tags.Native(format: .flac, name: "\(type)", body: body))
    }
  }

  /// Reads the body of a picture block.
  static func picture(_ body: [UInt8]) -> Tags.Picture? {
    var cursor = ByteCursor(body[...])
    guard let kind = cursor.big(4), let media = cursor.big(4).flatMap({ cursor.take($0) }),
      let words = cursor.big(4).flatMap({ cursor.take($0) }), let width = cursor.big(4), let height = cursor.big(4),
      let depth = cursor.big(4), let colours = cursor.big(4), let data = cursor.big(4).flatMap({ cursor.take($0) }),
      !data.isEmpty
    else { return nil }
    return Tags.Picture(
      kind: kind, mediaType: PictureFacts.mediaType(TagText.utf8OrLatin1(media), data),
      description: TagText.utf8OrLatin1(words), form: [width, height, depth, colours], data: Array(data))
  }

  /// Returns the body of a picture block.
  static func body(_ picture: Tags.Picture) -> [UInt8] {
    let media = Array(picture.mediaType.utf8)
    let words = Array(picture.description.utf8)
    let form = picture.form.allSatisfy { $0 == 0 } ? PictureFacts.form(picture.data) : picture.form
    var body = TagText.big(picture.kind, 4) + TagText.big(media.count, 4) + media
    body += TagText.big(words.count, 4) + words
    for number in form { body += TagText.big(number, 4) }
    return body + TagText.big(picture.data.count, 4) + picture.data
  }

  // MARK: Cue sheets

  /// Returns the starts of the tracks of a cue sheet, in samples, without the lead-out; `nil` if it is malformed.
  static func tracks(_ body: [UInt8]) -> [(offset: Int, number: Int)]? {
    parsed(body)?.dropLast().map { ($0.offset, $0.number) }
  }

  private typealias Track = (offset: Int, number: Int, rest: ArraySlice<UInt8>)

  private static func parsed(_ body: [UInt8]) -> [Track]? {
    guard body.count >= 396, let count = body.byte(at: 395), count > 0 else { return nil }
    var cursor = ByteCursor(body[396...])
    var tracks: [Track] = []
    for _ in 0..<count {
      let start = cursor.rest
      // Offsets beyond 56 bits are in no file.
      guard let high = cursor.big(1), high == 0, let offset = cursor.big(7), let number = cursor.big(1),
        cursor.skip(26), let indices = cursor.big(1), cursor.skip(12 * indices)
      else { return nil }
      tracks.append((offset, number, start[(start.startIndex + 8)..<cursor.rest.startIndex]))
    }
    return tracks
  }

  /// Returns a cue sheet for a part: with the tracks that begin within it, and a new lead-out.
  ///
  /// - Parameters:
  ///   - body: The body of the block.
  ///   - total: The length of the part, in samples.
  ///   - place: Returns the place of an offset in the part; `nil` if it lies outside.
  /// - Returns: The body; `nil` if no track begins within the part.
  static func moved(_ body: [UInt8], total: Int, place: (Int) -> Int?) -> [UInt8]? {
    guard let tracks = parsed(body), let leadOut = tracks.last else { return nil }
    var kept: [UInt8] = []
    var count = 0
    for track in tracks.dropLast() {
      guard let offset = place(track.offset) else { continue }
      kept += TagText.big(offset, 8) + track.rest
      count += 1
    }
    guard count > 0 else { return nil }
    var head = Array(body[..<395])
    // Offsets that are not those of a Compact Disc any more.
    head.replaceSubrange(128..<136, with: [UInt8](repeating: 0, count: 8))
    head[136] &= 0x7F
    return head + [UInt8(count + 1)] + kept + TagText.big(total, 8) + [255] + leadOut.rest.dropFirst()
  }
}
