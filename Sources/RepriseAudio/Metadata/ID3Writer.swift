/// A writer of ID3v2.4 tags with texts in UTF-8 (id3.org, "ID3v2.4.0 native frames").
enum ID3Writer {
  /// Makes a tag.
  ///
  /// - Parameters:
  ///   - tags: The tags; blocks of other formats are passed over.
  ///   - seconds: The length of the recording, the end of the last chapter.
  ///   - points: `true` if cue points become chapters.
  /// - Returns: The bytes; empty if there is nothing to be written.
  static func tag(_ tags: Tags, seconds: Double, points: Bool) -> [UInt8] {
    var body: [UInt8] = []
    for (name, value) in frames(tags) { body += frame(name, value) }
    let chapters = tags.chapters.filter { points || !$0.isPoint }
    body += chapterFrames(chapters, seconds: seconds)
    for native in tags.natives where native.format == .id3 { body += frame(native.name, native.body) }
    for picture in tags.pictures { body += frame("APIC", pictureBody(picture)) }
    guard !body.isEmpty, body.count < 1 << 28 else { return [] }
    return Array("ID3".utf8) + [4, 0, 0] + synchsafe(body.count) + body
  }

  /// Largest tag in bytes: 28 bits of size.
  static let mostBytes = (1 << 28) - 1

  /// Number of bytes of a picture's frame beside its data, at most.
  static func pictureBody(_ picture: Tags.Picture) -> [UInt8] {
    [3] + Array(picture.mediaType.utf8.filter { $0 != 0 }) + [0, UInt8(clamping: picture.kind)]
      + Array(picture.description.utf8.filter { $0 != 0 }) + [0] + picture.data
  }

  private static func synchsafe(_ value: Int) -> [UInt8] {
    [21, 14, 7, 0].map { UInt8(truncatingIfNeeded: value >> $0 & 0x7F) }
  }

  private static func frame(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + synchsafe(body.count) + [0, 0] + body
  }

  /// Returns texts in the encoding UTF-8, with a zero between them.
  private static func text(_ values: [String]) -> [UInt8] {
    [3] + values.map { Array($0.utf8.filter { $0 != 0 }) }.joined(separator: [0])
  }

  /// Returns the frames of the texts, in the order of their first occurrence.
  private static func frames(_ tags: Tags) -> [(String, [UInt8])] {
    var order: [String] = []
    var groups: [String: [Tags.Field]] = [:]
    for field in tags.fields {
      let key = TagNames.key(field.name)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(field)
    }
    // Vorbis comments of ffmpeg hold the comment as a description.
    if groups["COMMENT"] == nil, let texts = groups["DESCRIPTION"], let place = order.firstIndex(of: "DESCRIPTION") {
      order[place] = "COMMENT"
      groups["COMMENT"] = texts
    }
    var found: [(String, [UInt8])] = []
    for key in order {
      guard let fields = groups[key] else { continue }
      let values = fields.map(\.value)
      switch key {
      case "TRACKTOTAL" where groups["TRACKNUMBER"] != nil, "DISCTOTAL" where groups["DISCNUMBER"] != nil: continue
      case "TRACKTOTAL", "DISCTOTAL": found.append((key == "TRACKTOTAL" ? "TRCK" : "TPOS", text(["/" + values[0]])))
      case "TRACKNUMBER", "DISCNUMBER":
        let total = groups[key == "TRACKNUMBER" ? "TRACKTOTAL" : "DISCTOTAL"]?.first?.value
        let number = values[0].contains("/") ? values[0] : values[0] + (total.map { "/" + $0 } ?? "")
        found.append((key == "TRACKNUMBER" ? "TRCK" : "TPOS", text([number])))
      case "MUSICBRAINZ_TRACKID":
        found.append(("UFID", Array("http://musicbrainz.org".utf8) + [0] + Array(values[0].utf8.prefix(64))))
      case "WEBSITE", "LICENSE":
        for value in values { found.append((key == "WEBSITE" ? "WOAR" : "WCOP", Array(value.utf8))) }
      case "COMMENT", "LYRICS":
        // One frame for each language and description: the texts of several are joined.
        var rest = fields
        while let language = rest.first.map(\.language) {
          let same = rest.filter { $0.language == language }
          rest.removeAll { $0.language == language }
          found.append((key == "COMMENT" ? "COMM" : "USLT", comment(same, "")))
        }
      case _ where key.hasPrefix("COMMENT:"): found.append(("COMM", comment(fields, description(fields))))
      case _ where key.hasPrefix("LYRICS:"): found.append(("USLT", comment(fields, description(fields))))
      case "URL": found.append(("WXXX", [3, 0] + Array(values[0].utf8)))
      case _ where key.hasPrefix("URL:"):
        found.append(("WXXX", [3] + Array(description(fields).utf8) + [0] + Array(values[0].utf8)))
      case _ where key.hasPrefix("ITUN"): found.append(("COMM", comment(fields, fields[0].name)))
      default:
        if let frame = TagNames.frame(key) {
          found.append((frame, text(values)))
        } else {
          found.append(("TXXX", [3] + Array(fields[0].name.utf8.filter { $0 != 0 }) + [0] + text(values).dropFirst()))
        }
      }
    }
    return found
  }

  private static func description(_ fields: [Tags.Field]) -> String {
    fields[0].name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
  }

  private static func comment(_ fields: [Tags.Field], _ description: String) -> [UInt8] {
    let language = fields[0].language.map { Array($0.utf8) }.flatMap { $0.count == 3 ? $0 : nil } ?? Array("XXX".utf8)
    let joined = fields.map { $0.value }.joined(separator: "\n")
    return [3] + language + Array(description.utf8.filter { $0 != 0 }) + [0] + Array(joined.utf8.filter { $0 != 0 })
  }

  // MARK: Chapters

  private static func chapterFrames(_ chapters: [Tags.Chapter], seconds: Double) -> [UInt8] {
    guard !chapters.isEmpty else { return [] }
    func milliseconds(_ seconds: Double) -> Int { Int((min(max(seconds, 0), 4e6) * 1000).rounded()) }
    // A table of contents has at most 255 entries; chapters are there without it, too.
    var bytes: [UInt8] = []
    let listed = chapters.prefix(255).indices.map { Array("chp\($0)".utf8) + [0] }
    bytes += frame("CTOC", Array("toc".utf8) + [0, 3, UInt8(clamping: listed.count)] + listed.joined())
    for (index, chapter) in chapters.enumerated() {
      let next = index + 1 < chapters.count ? chapters[index + 1].start : max(seconds, chapter.start)
      var body = Array("chp\(index)".utf8) + [0] + TagText.big(milliseconds(chapter.start), 4)
      body += TagText.big(milliseconds(chapter.end ?? next), 4) + [UInt8](repeating: 0xFF, count: 8)
      if !chapter.title.isEmpty { body += frame("TIT2", text([chapter.title])) }
      for inner in chapter.frames { body += frame(inner.name, inner.body) }
      bytes += frame("CHAP", body)
    }
    return bytes
  }
}
