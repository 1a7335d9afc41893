import Foundation

/// Vorbis comments (xiph.org, "Ogg Vorbis I format specification: comment field and header specification"), with
/// chapters and pictures in them.
enum VorbisComments {
  /// Reads the vendor and the comments; what is behind the first one that does not fit is not read.
  static func read(_ bytes: ArraySlice<UInt8>, into tags: inout Tags) {
    var cursor = ByteCursor(bytes)
    guard let vendor = cursor.little32(), cursor.skip(vendor), let count = cursor.little32() else {
      return tags.lose(.tag("Vorbis comments"), bytes: bytes.count)
    }
    var chapters: [String: Tags.Chapter] = [:]
    for _ in 0..<min(count, 100_000) {
      guard let length = cursor.little32(), let field = cursor.take(length) else {
        tags.lose(.tag("Vorbis comments"), bytes: cursor.rest.count)
        break
      }
      guard let split = field.firstIndex(of: UInt8(ascii: "=")), split > field.startIndex else { continue }
      let name = TagText.utf8OrLatin1(field[..<split])
      let value = field[(split + 1)...]
      take(name, value, &chapters, into: &tags)
    }
    for key in chapters.keys.sorted() { chapters[key].map { tags.add($0) } }
    tags.chapters.sort { $0.start < $1.start }
  }

  private static func take(
    _ name: String, _ value: ArraySlice<UInt8>, _ chapters: inout [String: Tags.Chapter], into tags: inout Tags
  ) {
    let upper = name.uppercased()
    switch upper {
    case "METADATA_BLOCK_PICTURE":
      if let body = Data(base64Encoded: Data(value)), let picture = FLACTags.picture([UInt8](body)) {
        tags.pictures.append(picture)
      } else {
        tags.lose(.picture, bytes: value.count)
      }
    case "COVERART":
      // An older form without a kind.
      guard let data = Data(base64Encoded: Data(value)), !data.isEmpty else {
        return tags.lose(.picture, bytes: value.count)
      }
      let bytes = [UInt8](data)
      tags.pictures.append(
        Tags.Picture(kind: 3, mediaType: PictureFacts.mediaType("", bytes[...]), description: "", data: bytes))
    case "COVERARTMIME": break
    case _ where upper.hasPrefix("CHAPTER") && upper.utf8.count >= 10:
      let digits = String(upper.dropFirst(7).prefix(3))
      guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return keep(name, value, &tags) }
      let text = TagText.utf8OrLatin1(value)
      switch upper.dropFirst(10) {
      case "":
        guard let start = seconds(text) else { return keep(name, value, &tags) }
        chapters[digits, default: Tags.Chapter(start: start, end: nil, title: "")].start = start
      case "NAME":
        if chapters[digits] == nil { chapters[digits] = Tags.Chapter(start: 0, end: nil, title: "") }
        chapters[digits]?.title = text
      default: keep(name, value, &tags)
      }
    default: keep(name, value, &tags)
    }
  }

  private static func keep(_ name: String, _ value: ArraySlice<UInt8>, _ tags: inout Tags) {
    tags.add(name, TagText.utf8OrLatin1(value))
  }

  /// Returns the seconds of `HH:MM:SS.mmm`.
  private static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: ":").map { Double($0) }
    guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
      [hours, minutes, seconds].allSatisfy({ (0..<1e6).contains($0) })
    else { return nil }
    return hours * 3600 + minutes * 60 + seconds
  }

  /// Returns the body of a block: vendor and comments, without pictures.
  static func body(_ tags: Tags, points: Bool) -> [UInt8] {
    var comments: [[UInt8]] = []
    func add(_ name: String, _ value: String) { comments.append(Array("\(name)=\(value)".utf8)) }
    for field in tags.fields {
      let name = String(
        decoding: field.name.utf8.map { (0x20...0x7D).contains($0) && $0 != 0x3D ? $0 : UInt8(ascii: "_") },
        as: UTF8.self)
      add(name, field.value)
    }
    // The numbers of chapters have three digits.
    for (index, chapter) in tags.chapters.filter({ points || !$0.isPoint }).prefix(1000).enumerated() {
      let number = String(format: "CHAPTER%03d", index)
      let time = Int((chapter.start * 1000).rounded())
      add(
        number,
        String(format: "%02d:%02d:%02d.%03d", time / 3_600_000, time / 60000 % 60, time / 1000 % 60, time % 1000))
      add(number + "NAME", chapter.title)
    }
    let vendor = Array("Reprise".utf8)
    var body = TagText.little(vendor.count) + vendor + TagText.little(comments.count)
    for comment in comments { body += TagText.little(comment.count) + comment }
    return body
  }
}

/// A place in bytes from which numbers and runs are read; `nil` beyond the end.
struct ByteCursor {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func skip(_ count: Int) -> Bool { take(count) != nil }
  mutating func little32() -> Int? { take(4)?.reversed().reduce(0) { $0 << 8 | Int($1) } }
  mutating func big(_ width: Int) -> Int? { take(width)?.reduce(0) { $0 << 8 | Int($1) } }
}
