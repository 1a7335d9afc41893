/// A reader of ID3v2.2, 2.3 and 2.4 tags, and of ID3v1 (id3.org).
struct ID3Reader {
  private var tags = Tags()
  /// Major version.
  private let version: Int
  private let isUnsynchronised: Bool

  /// Reads a tag.
  ///
  /// - Parameter bytes: The tag from its first byte to its last.
  /// - Returns: What it says; nothing if the bytes do not begin with a tag.
  static func read(_ bytes: [UInt8]) -> Tags {
    guard let count = ID3v2.byteCount(bytes), bytes.count >= 10 else { return Tags() }
    var reader = ID3Reader(version: Int(bytes[3]), isUnsynchronised: bytes[5] & 0x80 != 0)
    guard (2...4).contains(reader.version), !(reader.version == 2 && bytes[5] & 0x40 != 0) else {
      reader.tags.lose(.tag("ID3v2"), bytes: count)
      return reader.tags
    }
    let footer = bytes[5] & 0x10 != 0 ? 10 : 0
    var body = bytes[10..<max(min(count - footer, bytes.count), 10)]
    if reader.version < 4, reader.isUnsynchronised { body = synchronised(body)[...] }
    if reader.version > 2, bytes[5] & 0x40 != 0 {
      let field = body.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      body = body.dropFirst(reader.version == 4 ? max(synchsafe(field), 6) : min(field, body.count) + 4)
    }
    reader.readFrames(body)
    reader.tags.chapters.sort { $0.start < $1.start }
    return reader.tags
  }

  private init(version: Int, isUnsynchronised: Bool) {
    self.version = version
    self.isUnsynchronised = isUnsynchronised
  }

  static func synchsafe(_ raw: Int) -> Int {
    raw & 0x7F | raw >> 1 & 0x3F80 | raw >> 2 & 0x1F_C000 | raw >> 3 & 0xFE0_0000
  }

  /// Returns bytes without the zeros that unsynchronisation inserts after 0xFF.
  static func synchronised(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var wasFull = false
    for byte in bytes {
      if wasFull, byte == 0 {
        wasFull = false
        continue
      }
      result.append(byte)
      wasFull = byte == 0xFF
    }
    return result
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { (65...90).contains($0) || (48...57).contains($0) }
  }

  private mutating func readFrames(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    for _ in 0..<100_000 {
      guard let (frame, next) = frame(rest) else { return }
      take(frame)
      rest = next
    }
  }

  private typealias Frame = (name: String, body: ArraySlice<UInt8>, isReadable: Bool)

  /// Returns the first frame and the bytes behind it; `nil` at padding or at bytes that are not a frame.
  private func frame(_ bytes: ArraySlice<UInt8>) -> (Frame, next: ArraySlice<UInt8>)? {
    let head = version == 2 ? 6 : 10
    let nameBytes = version == 2 ? 3 : 4
    guard bytes.count > head, ID3Reader.isName(bytes.prefix(nameBytes)) else { return nil }
    let start = bytes.startIndex
    let name = String(decoding: bytes.prefix(nameBytes), as: UTF8.self)
    let raw = bytes[start + nameBytes..<start + 2 * nameBytes].reduce(0) { $0 << 8 | Int($1) }
    var size = version == 4 ? ID3Reader.synchsafe(raw) : raw
    // iTunes wrote sizes of version 2.3 into version 2.4: that size counts which leads to another frame or to the end.
    if version == 4, raw > 127, !isEnd(bytes, after: head + size), isEnd(bytes, after: head + raw) { size = raw }
    guard size <= bytes.count - head else { return nil }
    var body = bytes[start + head..<start + head + size]
    let next = bytes[(start + head + size)...]
    guard version > 2 else { return ((name, body, true), next) }
    let flags = bytes[start + 9]
    if version == 3 {
      if flags & 0xC0 != 0 { return ((name, body, false), next) }
      if flags & 0x20 != 0 { body = body.dropFirst() }
      return ((name, body, true), next)
    }
    if flags & 0x0C != 0 { return ((name, body, false), next) }
    if flags & 0x40 != 0 { body = body.dropFirst() }
    if flags & 0x01 != 0 { body = body.dropFirst(4) }
    if flags & 0x02 != 0 || isUnsynchronised { body = ID3Reader.synchronised(body)[...] }
    return ((name, body, true), next)
  }

  private func isEnd(_ bytes: ArraySlice<UInt8>, after count: Int) -> Bool {
    guard count <= bytes.count else { return false }
    let rest = bytes.dropFirst(count)
    return rest.isEmpty || rest.first == 0 || rest.count >= 10 && ID3Reader.isName(rest.prefix(4))
  }

  // MARK: Frames

  /// Names of version 2.2, by those of version 2.4.
  private static let shortNames = [
    "TT1": "TIT1", "TT2": "TIT2", "TT3": "TIT3", "TP1": "TPE1", "TP2": "TPE2", "TP3": "TPE3", "TP4": "TPE4",
    "TCM": "TCOM", "TXT": "TEXT", "TLA": "TLAN", "TCO": "TCON", "TAL": "TALB", "TPA": "TPOS", "TRK": "TRCK",
    "TRC": "TSRC", "TYE": "TYER", "TDA": "TDAT", "TMT": "TMED", "TBP": "TBPM", "TCR": "TCOP", "TPB": "TPUB",
    "TEN": "TENC", "TSS": "TSSE", "TOF": "TOFN", "TLE": "TLEN", "TDY": "TDLY", "TKE": "TKEY", "TOT": "TOAL",
    "TOA": "TOPE", "TOL": "TOLY", "TOR": "TORY", "TXX": "TXXX", "TCP": "TCMP", "TS2": "TSO2", "TSA": "TSOA",
    "TSC": "TSOC", "TSP": "TSOP", "TST": "TSOT", "COM": "COMM", "ULT": "USLT", "WXX": "WXXX", "WAR": "WOAR",
    "WCP": "WCOP", "UFI": "UFID", "POP": "POPM", "CNT": "PCNT", "GEO": "GEOB", "MCI": "MCDI", "WCM": "WCOM",
    "WAF": "WOAF", "WAS": "WOAS", "WPB": "WPUB", "IPL": "IPLS", "SLT": "SYLT", "ETC": "ETCO", "RVA": "RVAD",
  ]

  private mutating func take(_ frame: Frame) {
    guard frame.isReadable else { return tags.lose(.block(frame.name), bytes: frame.body.count) }
    guard let name = frame.name.utf8.count == 3 ? ID3Reader.shortNames[frame.name] : frame.name else {
      if frame.name == "PIC" { return takePicture(frame.body, isShort: true) }
      return tags.lose(.block(frame.name), bytes: frame.body.count)
    }
    let body = frame.body
    switch name {
    case "TXXX": takeUserText(body)
    case "COMM", "USLT": takeComment(body, name == "COMM" ? "COMMENT" : "LYRICS", size: frame.body.count)
    case "APIC": takePicture(body, isShort: false)
    case "CHAP": takeChapter(body)
    case "CTOC", "TOFN", "TDLY", "TFLT", "TSIZ": break
    case "UFID":
      let (owner, id) = TagText.split(body, encoding: 0)
      if TagText.latin1(owner) == "http://musicbrainz.org", !id.isEmpty {
        tags.add("MUSICBRAINZ_TRACKID", TagText.latin1(id))
      } else {
        keep(name, body)
      }
    case "WXXX":
      guard let encoding = body.first else { return }
      let (description, url) = TagText.split(body.dropFirst(), encoding: encoding)
      let label = TagText.id3(description, encoding: encoding)
      tags.add(label.isEmpty ? "URL" : "URL:" + label, TagText.latin1(TagText.split(url, encoding: 0).0))
    case "WOAR", "WCOP":
      if let known = TagNames.name(frame: name) { tags.add(known, TagText.latin1(TagText.split(body, encoding: 0).0)) }
    case _ where name.hasPrefix("T") && name != "TIPL" && name != "TMCL": takeText(name, body)
    default: keep(name, body)
    }
  }

  private mutating func keep(_ name: String, _ body: ArraySlice<UInt8>) {
    tags.add(Tags.Native(format: .id3, name: name, body: Array(body)))
  }

  private mutating func takeText(_ name: String, _ body: ArraySlice<UInt8>) {
    guard let encoding = body.first else { return }
    let values = TagText.list(body.dropFirst(), encoding: encoding)
    guard let first = values.first else { return }
    switch name {
    case "TCON": for value in values.flatMap({ Genres.names($0) }) { tags.add("GENRE", value) }
    case "TRCK", "TPOS":
      let parts = first.split(separator: "/", maxSplits: 1).map(String.init)
      let prefix = name == "TRCK" ? "TRACK" : "DISC"
      if let number = parts.first { tags.add(prefix + "NUMBER", number) }
      if parts.count > 1 { tags.add(prefix + "TOTAL", parts[1]) }
    case "TYER":
      // A year and a day of version 2.3 become a date.
      guard !tags.fields.contains(where: { $0.name == "DATE" }) else { return }
      tags.add("DATE", first + (first.utf8.count == 4 ? pendingDay ?? "" : ""))
    case "TDRC":
      tags.fields.removeAll { $0.name == "DATE" }
      tags.add("DATE", first)
    case "TDAT":
      let digits = Array(first.utf8)
      guard digits.count == 4, digits.allSatisfy({ (48...57).contains($0) }) else { return }
      let day = "-\(first.suffix(2))-\(first.prefix(2))"
      if let place = tags.fields.firstIndex(where: { $0.name == "DATE" && $0.value.utf8.count == 4 }) {
        tags.fields[place] = Tags.Field("DATE", tags.fields[place].value + day)
      } else {
        pendingDay = day
      }
    case "TIME": break
    case "TORY": tags.add("ORIGINALDATE", first)
    case "GRP1": tags.add("GROUPING", first)
    default:
      if let known = TagNames.name(frame: name) {
        for value in values { tags.add(known, value) }
      } else {
        keep(name, body)
      }
    }
  }

  private var pendingDay: String?

  private mutating func takeUserText(_ body: ArraySlice<UInt8>) {
    guard let encoding = body.first else { return }
    let (description, rest) = TagText.split(body.dropFirst(), encoding: encoding)
    let name = TagNames.name(userText: TagText.id3(description, encoding: encoding))
    for value in TagText.list(rest, encoding: encoding) { tags.add(name.isEmpty ? "TXXX" : name, value) }
  }

  private mutating func takeComment(_ body: ArraySlice<UInt8>, _ name: String, size: Int) {
    guard body.count > 4, let encoding = body.first else { return }
    let language = TagText.latin1(body.dropFirst().prefix(3))
    let (label, rest) = TagText.split(body.dropFirst(4), encoding: encoding)
    let text = TagText.id3(TagText.split(rest, encoding: encoding).0, encoding: encoding)
    let description = TagText.id3(label, encoding: encoding)
    let isLanguage = language.utf8.count == 3 && language.utf8.allSatisfy { (97...122).contains($0) }
    let full = description.isEmpty ? name : description.hasPrefix("iTun") ? description : "\(name):\(description)"
    tags.add(full, text, language: isLanguage ? language : nil)
  }

  private mutating func takePicture(_ body: ArraySlice<UInt8>, isShort: Bool) {
    if let picture = ID3Reader.picture(body, isShort: isShort), tags.pictures.count < Tags.mostEntries {
      tags.pictures.append(picture)
    } else {
      tags.lose(.picture, bytes: body.count)
    }
  }

  private static func picture(_ body: ArraySlice<UInt8>, isShort: Bool) -> Tags.Picture? {
    guard body.count > 5, let encoding = body.first else { return nil }
    var rest = body.dropFirst()
    let media: String
    if isShort {
      let form = TagText.latin1(rest.prefix(3)).uppercased()
      media =
        form == "-->" ? form : form == "PNG" ? "image/png" : form == "JPG" ? "image/jpeg" : "image/" + form.lowercased()
      rest = rest.dropFirst(3)
    } else {
      let (name, next) = TagText.split(rest, encoding: 0)
      media = TagText.latin1(name)
      rest = next
    }
    guard let kind = rest.first else { return nil }
    let (description, data) = TagText.split(rest.dropFirst(), encoding: encoding)
    guard !data.isEmpty else { return nil }
    return Tags.Picture(
      kind: Int(kind), mediaType: PictureFacts.mediaType(media, data),
      description: TagText.id3(description, encoding: encoding), data: Array(data))
  }

  /// Reads a chapter (ID3v2 Chapter Frame Addendum): an identifier, times in milliseconds, offsets, and frames.
  private mutating func takeChapter(_ body: ArraySlice<UInt8>) {
    let (_, rest) = TagText.split(body, encoding: 0)
    let numbers = Array(rest.prefix(8))
    guard rest.count >= 16, let start = numbers.big(at: 0, width: 4), let end = numbers.big(at: 4, width: 4),
      start != 0xFFFF_FFFF
    else { return tags.lose(.chapter, bytes: body.count) }
    var chapter = Tags.Chapter(
      start: Double(start) / 1000, end: end > start && end != 0xFFFF_FFFF ? Double(end) / 1000 : nil, title: "")
    var inner = rest.dropFirst(16)
    for _ in 0..<100 {
      guard let (frame, next) = frame(inner) else { break }
      inner = next
      guard frame.isReadable else { continue }
      if frame.name == "TIT2", let encoding = frame.body.first, chapter.title.isEmpty {
        chapter.title = TagText.list(frame.body.dropFirst(), encoding: encoding).first ?? ""
      } else if frame.name.utf8.count == 4 {
        chapter.frames.append(Tags.Native(format: .id3, name: frame.name, body: Array(frame.body)))
      }
    }
    tags.add(chapter)
  }

  // MARK: Other frames

  /// Returns a frame's texts under names of Vorbis comments; empty if it is no text.
  static func texts(_ native: Tags.Native) -> [Tags.Field] {
    let body = native.body[...]
    guard let encoding = body.first else { return [] }
    switch native.name {
    case "TIPL", "IPLS", "TMCL":
      // Pairs of what was done, and by whom.
      let list = TagText.list(body.dropFirst(), encoding: encoding)
      return stride(from: 0, to: list.count - 1, by: 2).map { place in
        let (role, name) = (list[place], list[place + 1])
        return native.name == "TMCL"
          ? Tags.Field("PERFORMER", "\(name) (\(role))") : Tags.Field(role.uppercased(), name)
      }
    case _ where native.name.hasPrefix("T"):
      return TagText.list(body.dropFirst(), encoding: encoding).map { Tags.Field(native.name, $0) }
    case _ where native.name.hasPrefix("W"):
      return [Tags.Field(native.name, TagText.latin1(TagText.split(body, encoding: 0).0))]
    default: return []
    }
  }

  // MARK: ID3v1

  /// Reads the 128 bytes of an ID3v1 tag; empty for others.
  static func readVersion1(_ bytes: [UInt8]) -> Tags {
    var tags = Tags()
    guard bytes.count >= 128, bytes.has("TAG") else { return tags }
    func text(_ range: Range<Int>) -> String {
      var field = bytes[range]
      if let end = field.firstIndex(of: 0) { field = field[..<end] }
      while field.last == 32 { field = field.dropLast() }
      return TagText.utf8OrLatin1(field)
    }
    tags.add("TITLE", text(3..<33))
    tags.add("ARTIST", text(33..<63))
    tags.add("ALBUM", text(63..<93))
    tags.add("DATE", text(93..<97))
    let hasTrack = bytes[125] == 0 && bytes[126] != 0
    tags.add("COMMENT", text(97..<(hasTrack ? 125 : 127)))
    if hasTrack { tags.add("TRACKNUMBER", "\(bytes[126])") }
    if let genre = Genres.name(Int(bytes[127])) { tags.add("GENRE", genre) }
    return tags
  }
}
