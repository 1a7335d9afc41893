/// Reads chunk headers of a RIFF or Wave64 file one behind the other, many from one read.
struct WaveChunkCursor {
  /// One chunk.
  struct Chunk {
    /// Its first four bytes.
    let name: String
    /// Whether these are printable, as every known chunk's are.
    let isNamed: Bool
    /// Its body's claimed size in bytes, without its header.
    var size: Int
    /// Where the body begins.
    let body: Int

    /// The name for people.
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

  /// A cursor over Wave64's chunks (`isWide`) or RIFF's.
  init(isWide: Bool, fileBytes: Int) {
    self.isWide = isWide
    headerBytes = isWide ? 24 : 8
    self.fileBytes = fileBytes
  }

  /// The chunk whose header stands at `offset`; `nil` at the end of the file.
  mutating func chunk(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Chunk? {
    guard offset >= 0, offset <= fileBytes - headerBytes else { return nil }
    if offset < windowStart || offset + headerBytes > windowStart + window.count {
      // Small chunks lie side by side; a page is read either way.
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
    // Wave64's names are GUIDs of which all known ones end in the same way.
    let isNamed =
      name.allSatisfy { (32..<127).contains($0) }
      && (!isWide || Array(window[at + 4..<at + 16]) == WaveChunkCursor.guidTail)
    return Chunk(
      name: isNamed ? String(decoding: name, as: UTF8.self) : "", isNamed: isNamed, size: size,
      body: offset + headerBytes)
  }

  /// Whether what stands at `offset` can be a chunk that ends within the file.
  mutating func isChunk(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    guard let chunk = try chunk(file, at: offset) else { return false }
    return chunk.isNamed && chunk.size <= fileBytes - chunk.body + 1
  }

  /// Where the chunk behind another one begins, and whether the padding between them was left out, as many writers do.
  ///
  /// The body's size must not be beyond the file.
  mutating func next(
    _ file: borrowing InputFile, after chunk: Chunk
  ) throws(AudioFileError) -> (offset: Int, isUnpadded: Bool) {
    let end = chunk.body + chunk.size
    let padded = end + (isWide ? (8 - chunk.size % 8) % 8 : chunk.size % 2)
    guard padded != end, end < fileBytes else { return (padded, false) }
    // The names of chunks that are known weigh more than what merely can be one.
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

  /// What follows the four letters in Wave64's GUIDs.
  static let guidTail: [UInt8] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]

  private static let knownNames: Set<String> = [
    "fmt ", "data", "LIST", "list", "fact", "JUNK", "junk", "PAD ", "FLLR", "bext", "cue ", "smpl", "inst", "id3 ",
    "ID3 ",
    "PEAK", "iXML", "axml", "chna", "ds64", "levl", "cart", "plst", "DISP", "acid", "strc", "wavl", "slnt", "qlty",
    "mext",
    "dbmd", "r64m", "umid", "_PMX", "afsp", "bwxm", "aXML", "ovwf", "minf", "elm1", "regn", "LGWV", "summ",
  ]
}
