/// What a file says about its recording: texts, pictures, chapters and cue points, and blocks of its own format.
package struct Tags: Sendable, Equatable {
  /// A text with the name that it has, or would have, in Vorbis comments.
  package struct Field: Sendable, Equatable {
    /// Name, compared without regard to case; a comment or lyrics with a description is named `COMMENT:description`.
    package let name: String
    /// Text.
    package let value: String
    /// ISO 639-2 code of the language; `nil` if it is not told.
    package var language: String?

    package init(_ name: String, _ value: String, language: String? = nil) {
      self.name = name
      self.value = value
      self.language = language
    }
  }

  /// A picture.
  package struct Picture: Sendable, Equatable {
    /// Kind of picture, as ID3v2 and FLAC number them: 3 is the front cover.
    package let kind: Int
    /// Media type, such as `image/jpeg`; `-->` if the data are a URL.
    package let mediaType: String
    /// Description.
    package let description: String
    /// Width and height in pixels, bits per pixel and number of colours; 0 if unknown.
    package var form: [Int] = [0, 0, 0, 0]
    /// Contents of the picture's file.
    package let data: [UInt8]
  }

  /// A chapter, or a cue point.
  package struct Chapter: Sendable, Equatable {
    /// Start in seconds.
    package var start: Double
    /// End in seconds; `nil` if the next chapter is the end.
    package var end: Double?
    /// Title.
    package var title: String
    /// `true` for a point, as in the cue chunk of a wav.
    package var isPoint = false
    /// Further frames of an ID3v2 chapter, such as its picture.
    package var frames: [Native] = []
  }

  /// A block that only its own format holds.
  package struct Native: Sendable, Equatable {
    /// The formats of blocks.
    package enum Format: Sendable, Equatable { case id3, flac, wave, info }
    /// Format of the block.
    package let format: Format
    /// Identifier of the frame or chunk, or number of the type of a FLAC block.
    package let name: String
    /// Contents.
    package let body: [UInt8]
  }

  /// Texts in the order of the file.
  package var fields: [Field] = []
  /// Pictures in the order of the file.
  package var pictures: [Picture] = []
  /// Chapters and cue points, by start.
  package var chapters: [Chapter] = []
  /// Blocks that only their own format holds.
  package var natives: [Native] = []
  /// `true` if a wav has an ID3v2 chunk.
  package var hasID3 = false
  /// What could not be read.
  package var losses: [TagLoss] = []

  package init() {}

  /// `true` if there is nothing to be carried or told.
  package var isEmpty: Bool {
    fields.isEmpty && pictures.isEmpty && chapters.isEmpty && natives.isEmpty && losses.isEmpty
  }

  /// Largest number of bytes of tags that are read.
  package static let mostBytes = 64 << 20
  /// Largest number of texts, pictures, chapters and blocks that are read of each.
  static let mostEntries = 10_000
  /// Latest chapter that is read, in seconds.
  private static let mostSeconds = 1e9

  /// Adds what another tag of the same file says and this one does not.
  mutating func merge(_ other: Tags) {
    let known = Set(fields.map { TagNames.key($0.name) })
    // An earlier generation of a tag repeats what the later one says, cut to its length.
    fields += other.fields.filter { !known.contains(TagNames.key($0.name)) }
    let hashes = pictures.map(\.data.count)
    pictures += other.pictures.filter { picture in
      !hashes.contains(picture.data.count) || !pictures.contains { $0.data == picture.data }
    }
    let same =
      chapters.count == other.chapters.count
      && zip(chapters, other.chapters).allSatisfy { abs($0.start - $1.start) < 0.002 }
    if chapters.isEmpty || !same { chapters += other.chapters }
    natives += other.natives
    losses += other.losses
    hasID3 = hasID3 || other.hasID3
  }

  /// Notes a block that could not be read.
  mutating func lose(_ what: TagLoss.What, bytes: Int, _ why: TagLoss.Why = .unreadable) {
    guard losses.count < Tags.mostEntries else { return }
    losses.append(TagLoss(what: what, count: 1, bytes: bytes, why: why))
  }

  mutating func add(_ name: String, _ value: String, language: String? = nil) {
    guard fields.count < Tags.mostEntries, !value.isEmpty, !name.isEmpty else { return }
    fields.append(Field(name, value, language: language))
  }

  mutating func add(_ native: Native) {
    guard natives.count < Tags.mostEntries else { return }
    natives.append(native)
  }

  mutating func add(_ chapter: Chapter) {
    guard chapters.count < Tags.mostEntries, (0..<Tags.mostSeconds).contains(chapter.start) else { return }
    var chapter = chapter
    if let end = chapter.end, !(chapter.start..<Tags.mostSeconds).contains(end) { chapter.end = nil }
    chapters.append(chapter)
  }
}

/// Parts of tags that a result does not have.
package struct TagLoss: Sendable, Equatable {
  /// What is lost.
  package enum What: Sendable, Equatable, Hashable {
    /// A text, by its name.
    case text(String)
    case picture
    case chapter
    case cuePoint
    case seekTable
    case cueSheet
    /// A frame of an ID3v2 tag, a chunk of a wav or a block of a FLAC file, by its identifier.
    case block(String)
    /// A whole tag, by its kind.
    case tag(String)
  }

  /// The reasons.
  package enum Why: Sendable, Equatable, Hashable {
    /// It cannot be read.
    case unreadable
    /// The result's format has no place for it.
    case noPlace
    /// It exceeds the size, in bytes, of a block of the result's format.
    case blockSize(Int)
    /// With it the result would exceed the size, in bytes, that the service accepts.
    case noRoom(Int)
    /// It lies outside the part.
    case outside
    /// It holds positions that are those of the whole recording.
    case positions
    /// It is true of the samples, or of the encoding, as they were.
    case otherAudio
  }

  /// What is lost.
  package let what: What
  /// How many.
  package var count: Int
  /// Size in bytes.
  package var bytes: Int
  /// Why.
  package let why: Why

  /// Returns the losses with those of the same kind and reason as one, in order of the first.
  static func merged(_ losses: [TagLoss]) -> [TagLoss] {
    var places: [Key: Int] = [:]
    var merged: [TagLoss] = []
    for loss in losses {
      let key = Key(what: loss.what, why: loss.why)
      if let place = places[key] {
        merged[place].count += loss.count
        merged[place].bytes += loss.bytes
      } else {
        places[key] = merged.count
        merged.append(loss)
      }
    }
    return merged
  }

  private struct Key: Hashable {
    let what: What
    let why: Why
  }
}
