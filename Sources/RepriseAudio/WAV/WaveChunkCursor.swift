/// A reader of the consecutive chunk headers of a RIFF or Wave64 file, many from one read.
struct WaveChunkCursor {
  /// A chunk.
  struct Chunk {
    /// First four bytes.
    let name: String
    /// `true` if the first four bytes are printable, as those of every known chunk are.
    let isNamed: Bool
    /// Claimed size of the body in bytes, without the header.
    var size: Int
    /// Offset of the body.
    let body: Int

    /// Name as it is displayed.
    var title: String {
      var text = name
      while text.hasSuffix(" ") { text.removeLast() }
      return text
    }
  }

  private let isWide: Bool
  private let headerBytes: Int
  private let fileBytes: Int
  private var window: [UInt8] = []
  private var windowStart = 0

  /// Creates a cursor over the chunks of Wave64 (`isWide`) or RIFF.
  init(isWide: Bool, fileBytes: Int) {
    self.isWide = isWide
    headerBytes = isWide ? 24 : 8
    self.fileBytes = fileBytes
  }

  /// Returns the chunk whose header is at `offset`; `nil` at the end of the file.
  mutating func chunk(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Chunk? {
    guard offset >= 0, offset <= fileBytes - headerBytes else { return nil }
    if offset < windowStart || offset + headerBytes > windowStart + window.count {
      // Small chunks are adjacent; a page is read either way.
      window = try file.bytes(at: offset, count: 4096)
      windowStart = offset
    }
    let at = offset - windowStart
    guard at + headerBytes <= window.count else { return nil }
    let name = window[at..<at + 4]
    let size: Int
    if isWide {
      size = max((window.little64(at: at + 16) ?? 0) - 24, 0)
    } else {
      size = window.little(at: at + 4, width: 4) ?? 0
    }
    // The names of Wave64 are GUIDs, of which all known ones end in the same way.
    let isNamed =
      name.allSatisfy { (32..<127).contains($0) }
      && (!isWide || Array(window[at + 4..<at + 16]) == WaveChunkCursor.guidTail)
    return Chunk(
      name: isNamed ? String(decoding: name, as: UTF8.self) : "", isNamed: isNamed, size: size,
      body: offset + headerBytes)
  }

  /// Returns `true` if the bytes at `offset` can be a chunk that ends within the file.
  mutating func isChunk(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    guard let chunk = try chunk(file, at: offset) else { return false }
    return chunk.isNamed && chunk.size <= fileBytes - chunk.body + 1
  }

  /// Returns the offset of the chunk after another one, and `true` if the padding between them was omitted, as by many
  /// writers.
  ///
  /// The size of the body must not exceed the file.
  mutating func next(
    _ file: borrowing InputFile, after chunk: Chunk
  ) throws(AudioFileError) -> (offset: Int, isUnpadded: Bool) {
    let end = chunk.body + chunk.size
    let padded = end + (isWide ? (8 - chunk.size % 8) % 8 : chunk.size % 2)
    guard padded != end, end < fileBytes else { return (padded, false) }
    // The name of a known chunk has precedence over bytes that merely can be one.
    if try isKnown(file, at: padded) { return (padded, false) }
    if try isKnown(file, at: end) { return (end, true) }
    if try isChunk(file, at: padded) { return (padded, false) }
    if try isChunk(file, at: end) { return (end, true) }
    return (padded, false)
  }

  private mutating func isKnown(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    guard let chunk = try chunk(file, at: offset), chunk.isNamed else { return false }
    return WaveChunkCursor.knownNames.contains(chunk.name)
  }

  /// Bytes after the four letters in the GUIDs of Wave64.
  static let guidTail: [UInt8] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]

  /// Returns `true` if a chunk of this name is known, so that it is recognised among other bytes.
  static func isKnown(_ name: String) -> Bool { knownNames.contains(name) }

  /// Names of known chunks.
  static var names: Set<String> { knownNames }

  private static let knownNames: Set<String> = [
    "RIFF", "RF64", "BW64", "fmt ", "data", "LIST", "list", "fact", "JUNK", "junk", "PAD ", "FLLR", "bext", "cue ",
    "smpl", "inst", "id3 ",
    "ID3 ",
    "PEAK", "iXML", "axml", "chna", "ds64", "levl", "cart", "plst", "DISP", "acid", "strc", "wavl", "slnt", "qlty",
    "mext",
    "dbmd", "r64m", "umid", "_PMX", "afsp", "bwxm", "aXML", "ovwf", "minf", "elm1", "regn", "LGWV", "summ",
  ]
}
