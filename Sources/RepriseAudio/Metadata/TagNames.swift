/// The names of the same text in Vorbis comments, ID3v2.4, the INFO list of RIFF, and APEv2.
///
/// Vorbis names: xiph.org's list and those that taggers agree on (MusicBrainz Picard's mapping); INFO: Microsoft's
/// "Multimedia Programming Interface" and ffmpeg's riff.c.
enum TagNames {
  private struct Row {
    let name: String
    let frame: String?
    let info: String?
    var aliases: [String] = []
  }

  private static let rows = [
    Row(name: "TITLE", frame: "TIT2", info: "INAM"),
    Row(name: "ARTIST", frame: "TPE1", info: "IART"),
    Row(name: "ALBUM", frame: "TALB", info: "IPRD"),
    Row(name: "ALBUMARTIST", frame: "TPE2", info: nil, aliases: ["ALBUM ARTIST", "ALBUM_ARTIST"]),
    Row(name: "TRACKNUMBER", frame: "TRCK", info: "IPRT", aliases: ["TRACK", "TRACKNUM"]),
    Row(name: "DISCNUMBER", frame: "TPOS", info: nil, aliases: ["DISC", "DISK"]),
    Row(name: "DATE", frame: "TDRC", info: "ICRD", aliases: ["YEAR"]),
    Row(name: "GENRE", frame: "TCON", info: "IGNR"),
    Row(name: "COMMENT", frame: "COMM", info: "ICMT"),
    Row(name: "LYRICS", frame: "USLT", info: nil, aliases: ["UNSYNCEDLYRICS", "UNSYNCED LYRICS"]),
    Row(name: "ISRC", frame: "TSRC", info: nil),
    Row(name: "BPM", frame: "TBPM", info: nil, aliases: ["TEMPO", "TMPO"]),
    Row(name: "COPYRIGHT", frame: "TCOP", info: "ICOP"),
    Row(name: "COMPOSER", frame: "TCOM", info: "IMUS"),
    Row(name: "LYRICIST", frame: "TEXT", info: "IWRI"),
    Row(name: "CONDUCTOR", frame: "TPE3", info: nil),
    Row(name: "REMIXER", frame: "TPE4", info: nil, aliases: ["MIXARTIST"]),
    Row(name: "ORGANIZATION", frame: "TPUB", info: nil, aliases: ["LABEL", "PUBLISHER"]),
    Row(name: "ENCODEDBY", frame: "TENC", info: "ITCH", aliases: ["ENCODED-BY", "ENCODED_BY"]),
    Row(name: "KEY", frame: "TKEY", info: nil, aliases: ["INITIALKEY"]),
    Row(name: "LANGUAGE", frame: "TLAN", info: "ILNG"),
    Row(name: "MOOD", frame: "TMOO", info: nil),
    Row(name: "GROUPING", frame: "TIT1", info: nil, aliases: ["CONTENTGROUP"]),
    Row(name: "SUBTITLE", frame: "TIT3", info: nil),
    Row(name: "MEDIA", frame: "TMED", info: "IMED"),
    Row(name: "DISCSUBTITLE", frame: "TSST", info: nil, aliases: ["SETSUBTITLE"]),
    Row(name: "ORIGINALDATE", frame: "TDOR", info: nil, aliases: ["ORIGINALYEAR"]),
    Row(name: "RELEASEDATE", frame: "TDRL", info: nil),
    Row(name: "ORIGINALALBUM", frame: "TOAL", info: nil),
    Row(name: "ORIGINALARTIST", frame: "TOPE", info: nil),
    Row(name: "ALBUMSORT", frame: "TSOA", info: nil, aliases: ["ALBUMSORTORDER"]),
    Row(name: "ARTISTSORT", frame: "TSOP", info: nil, aliases: ["ARTISTSORTORDER"]),
    Row(name: "TITLESORT", frame: "TSOT", info: nil, aliases: ["TITLESORTORDER"]),
    Row(name: "ALBUMARTISTSORT", frame: "TSO2", info: nil, aliases: ["ALBUMARTISTSORTORDER"]),
    Row(name: "COMPOSERSORT", frame: "TSOC", info: nil, aliases: ["COMPOSERSORTORDER"]),
    Row(name: "COMPILATION", frame: "TCMP", info: nil),
    Row(name: "WORK", frame: nil, info: nil),
    Row(name: "ENCODER", frame: "TSSE", info: "ISFT", aliases: ["ENCODERSETTINGS", "ENCODING", "ENCODING TOOL"]),
    Row(name: "LENGTH", frame: "TLEN", info: nil, aliases: ["TLEN"]),
    Row(name: "WEBSITE", frame: "WOAR", info: nil),
    Row(name: "LICENSE", frame: "WCOP", info: nil),
  ]

  private static let aliases: [String: String] = {
    var map: [String: String] = [:]
    for row in rows { for alias in row.aliases { map[alias] = row.name } }
    map["TOTALTRACKS"] = "TRACKTOTAL"
    map["TOTALDISCS"] = "DISCTOTAL"
    return map
  }()
  private static let framesByName = Dictionary(
    uniqueKeysWithValues: rows.compactMap { row in row.frame.map { (row.name, $0) } })
  private static let namesByFrame = Dictionary(
    uniqueKeysWithValues: rows.compactMap { row in row.frame.map { ($0, row.name) } })
  private static let infoByName = Dictionary(
    uniqueKeysWithValues: rows.compactMap { row in row.info.map { (row.name, $0) } })
  private static let namesByInfo: [String: String] = {
    var map = Dictionary(uniqueKeysWithValues: rows.compactMap { row in row.info.map { ($0, row.name) } })
    map["ITRK"] = "TRACKNUMBER"
    map["IALB"] = "ALBUM"
    map["YEAR"] = "DATE"
    return map
  }()

  /// Descriptions of user-defined ID3v2 frames that have other names in Vorbis comments.
  private static let userTexts = [
    "MUSICBRAINZ ALBUM ID": "MUSICBRAINZ_ALBUMID", "MUSICBRAINZ ARTIST ID": "MUSICBRAINZ_ARTISTID",
    "MUSICBRAINZ ALBUM ARTIST ID": "MUSICBRAINZ_ALBUMARTISTID",
    "MUSICBRAINZ RELEASE GROUP ID": "MUSICBRAINZ_RELEASEGROUPID",
    "MUSICBRAINZ RELEASE TRACK ID": "MUSICBRAINZ_RELEASETRACKID", "MUSICBRAINZ WORK ID": "MUSICBRAINZ_WORKID",
    "MUSICBRAINZ DISC ID": "MUSICBRAINZ_DISCID", "MUSICBRAINZ ALBUM TYPE": "RELEASETYPE",
    "MUSICBRAINZ ALBUM STATUS": "RELEASESTATUS", "MUSICBRAINZ ALBUM RELEASE COUNTRY": "RELEASECOUNTRY",
    "ACOUSTID ID": "ACOUSTID_ID", "ACOUSTID FINGERPRINT": "ACOUSTID_FINGERPRINT",
  ]

  /// Returns the name by which texts are compared: in capitals, and one of several usual names.
  static func key(_ name: String) -> String {
    let upper = name.uppercased()
    return aliases[upper] ?? userTexts[upper] ?? upper
  }

  static func frame(_ key: String) -> String? { framesByName[key] }
  static func name(frame: String) -> String? { namesByFrame[frame] }
  static func info(_ key: String) -> String? { infoByName[key] }
  static func name(info: String) -> String? { namesByInfo[info] }
  /// Returns the name of a user-defined text of ID3v2 in Vorbis comments.
  static func name(userText: String) -> String { userTexts[userText.uppercased()] ?? userText }

  /// The kinds of text that a change of the audio makes false.
  enum Bound {
    /// True of the level of the samples.
    case samples
    /// True of the encoding.
    case encoding
    /// A length or positions in the recording.
    case time
  }

  /// Returns what a text is true of; `nil` if it is true of the work.
  static func bound(_ field: Tags.Field) -> Bound? {
    let key = key(field.name)
    if key.hasPrefix("REPLAYGAIN_") || key.hasPrefix("ACCURATERIP") || key.hasPrefix("MD5")
      || ["ACOUSTID_FINGERPRINT", "ITUNNORM", "CRC", "CRC32", "CUETOOLS"].contains(key)
    {
      return .samples
    }
    if key.hasPrefix("MP3GAIN_") || key.hasPrefix("R128_") || key.hasPrefix("DURATION") || key.hasPrefix("_STATISTICS_")
      || [
        "ITUNSMPB", "ENCODER", "ENCODER_OPTIONS", "ITUNPGAP", "BPS", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES",
        "MAJOR_BRAND", "MINOR_VERSION", "COMPATIBLE_BRANDS", "HANDLER_NAME", "VENDOR_ID", "CREATION_TIME",
        "WAVEFORMATEXTENSIBLE_CHANNEL_MASK", "DEVICECONFORMANCETEMPLATE", "WM/TOOLNAME", "WMFSDKVERSION",
        "WMFSDKNEEDED",
        "ISVBR",
      ].contains(key)
    {
      return .encoding
    }
    if ["LENGTH", "CUESHEET", "SYNCEDLYRICS", "SYNCED LYRICS", "TIME_REFERENCE", "TIMECODE"].contains(key) {
      return .time
    }
    if key.hasPrefix("LYRICS"), isTimed(field.value) { return .time }
    return nil
  }

  /// Returns `true` for lyrics with times in front of lines: `[01:23.45]`.
  private static func isTimed(_ text: String) -> Bool {
    text.utf8.prefix(4096).split(separator: UInt8(ascii: "\n")).contains { line in
      let head = Array(line.prefix(6))
      return head.count == 6 && head[0] == UInt8(ascii: "[") && head[3] == UInt8(ascii: ":")
        && [1, 2, 4, 5].allSatisfy { (48...57).contains(head[$0]) }
    }
  }
}
