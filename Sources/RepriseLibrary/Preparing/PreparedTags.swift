package import RepriseAudio

/// The tags of an output, and those that it lost, as records tell them.
package struct PreparedTags: Codable, Sendable, Equatable {
  /// Tags of one kind that are lost for one reason.
  package struct Lost: Codable, Sendable, Equatable {
    /// Kind: text, picture, chapter, cue-point, seek-table, cue-sheet, block or tag.
    package let what: String
    /// Name of the text, block or tag; `nil` for other kinds.
    package let name: String?
    /// How many.
    package let count: Int
    /// Size in bytes.
    package let bytes: Int
    /// Reason: unreadable, no-place, block-size, no-room, outside, positions or other-audio.
    package let why: String
  }

  /// Number of texts.
  package let fields: Int
  /// Number of pictures.
  package let pictures: Int
  /// Number of chapters.
  package let chapters: Int
  /// Number of cue points.
  package let cuePoints: Int
  /// Number of blocks that only the format of the output holds.
  package let others: Int
  /// Number of bytes that hold them.
  package let bytes: Int
  /// What the output does not have.
  package let lost: [Lost]

  /// Creates the record of tags.
  package init(_ tags: CarriedTags) {
    fields = tags.fields
    pictures = tags.pictures
    chapters = tags.chapters
    cuePoints = tags.cuePoints
    others = tags.others
    bytes = tags.byteCount
    lost = tags.losses.map(Lost.init)
  }
}

extension PreparedTags.Lost {
  fileprivate init(_ loss: TagLoss) {
    var name: String?
    switch loss.what {
    case .text(let text):
      what = "text"
      name = text.isEmpty ? nil : text
    case .picture: what = "picture"
    case .chapter: what = "chapter"
    case .cuePoint: what = "cue-point"
    case .seekTable: what = "seek-table"
    case .cueSheet: what = "cue-sheet"
    case .block(let id):
      what = "block"
      name = id.isEmpty ? nil : id
    case .tag(let kind):
      what = "tag"
      name = kind
    }
    self.name = name
    count = loss.count
    bytes = loss.bytes
    why =
      switch loss.why {
      case .unreadable: "unreadable"
      case .noPlace: "no-place"
      case .blockSize: "block-size"
      case .noRoom: "no-room"
      case .outside: "outside"
      case .positions: "positions"
      case .otherAudio: "other-audio"
      }
  }

  private enum CodingKeys: String, CodingKey { case what, name, count, bytes, why }

  /// Encodes every field, `null` for `nil`.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(what, forKey: .what)
    try fields.encode(name, forKey: .name)
    try fields.encode(count, forKey: .count)
    try fields.encode(bytes, forKey: .bytes)
    try fields.encode(why, forKey: .why)
  }
}
