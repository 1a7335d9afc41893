/// The layout of a RIFF WAVE, RF64, BW64 or Wave64 file, read chunk by chunk without relying on any size.
///
/// RIFF: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0"; RF64 and BW64: EBU Tech 3306 and
/// ITU-R BS.2088; Wave64: Sony's own paper.
package struct WaveLayout: Sendable {
  /// The kinds of container, by their first four bytes.
  package enum Container: String, Sendable { case riff = "RIFF", rf64 = "RF64", bw64 = "BW64", wave64 = "W64" }

  /// The validity of the claimed size of the samples.
  package enum SizeClaim: Equatable, Sendable {
    /// The size agrees with the file.
    case fits
    /// The size is one that writers leave which cannot go back: 0, all ones, or 2 GiB in the case of sox and arecord.
    case neverFilledIn
    /// The size exceeds the bytes present, and by the size of the file in its header nothing is missing.
    case tooLarge
    /// The size exceeds the bytes present.
    case unmet
  }

  /// Kind of container.
  package let container: Container
  /// Body of the format chunk.
  package private(set) var formatChunk: [UInt8] = []
  /// Offset of the samples; `nil` if no data chunk was found.
  package private(set) var dataOffset: Int?
  /// Claimed size of the data chunk in bytes, the 64-bit one of RF64 if present; read literally.
  package private(set) var declaredBytes = 0
  /// Validity of the claimed size.
  package private(set) var claim = SizeClaim.fits
  /// Number of bytes of samples that are present.
  package private(set) var presentBytes = 0
  /// `true` if the format chunk follows the samples, where most readers do not search for it.
  package private(set) var formatIsLate = false
  /// Other chunks.
  package private(set) var otherChunks = FirstOf<SideBlock<String>>()
  /// Number of data chunks after the first, and of the bytes in them, which ffmpeg plays and sox does not.
  package private(set) var laterData = (count: 0, bytes: 0)
  /// Number of chunks of odd size that are not followed by a padding byte.
  package private(set) var unpaddedCount = 0
  /// Number of such chunks before the samples.
  package private(set) var unpaddedBefore = 0
  /// `true` if the 64-bit size of the samples of RF64 or BW64 is present.
  package var hasWideSize: Bool { (wide?.data ?? 0) > 0 }
  /// Offset and number of the bytes after the samples that are not chunks.
  package private(set) var stray = (offset: 0, bytes: 0)
  /// Claimed size of the file as an offset from its first byte; `nil` if the header has no usable size.
  package private(set) var declaredEnd: Int?
  /// A size of 32 bits that contradicts that of 64 bits in RF64.
  package private(set) var narrowBytes: Int?

  private let fileBytes: Int
  private var wide: (riff: Int, data: Int)?

  /// Reads the chunks of a wav, wherever it begins; `nil` if the file is not a wav.
  package init?(_ file: borrowing InputFile) throws(AudioFileError) {
    let content = try FileSniffer.sniff(file)
    guard content.format == .wav else { return nil }
    try self.init(file, offset: content.offset)
  }

  /// Reads the chunks of the file whose "RIFF" marker is at `offset`; `nil` if there is no such marker.
  package init?(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) {
    let head = try file.bytes(at: offset, count: 40)
    if head.has("riff"), !head.has("wave", at: 24) || Array(head.dropFirst(28)) != WaveChunkCursor.guidTail {
      return nil
    }
    let known = ["RIFF": Container.riff, "RF64": .rf64, "BW64": .bw64, "riff": .wave64]
    guard let container = known.first(where: { head.has($0.key) })?.value else { return nil }
    self.container = container
    fileBytes = file.byteCount
    let size = container == .wave64 ? (head.little64(at: 16) ?? 0) : (head.little(at: 4, width: 4) ?? 0)
    if container == .wave64 {
      // The size in Wave64 includes its own header; no file has an exabyte.
      if size > 40, size < 1 << 60 { declaredEnd = offset + size }
    } else if size > 4, size < 0xFFFF_FF00 {
      declaredEnd = offset + 8 + size
    }
    try walk(file, from: offset + (container == .wave64 ? 40 : 12), riff: offset)
  }

  private mutating func walk(_ file: borrowing InputFile, from start: Int, riff: Int) throws(AudioFileError) {
    var cursor = WaveChunkCursor(isWide: container == .wave64, fileBytes: fileBytes)
    var offset = start
    // A file of 50 MB can hold six million empty chunks; the loop is bounded.
    for _ in 0..<20_000_000 {
      guard let chunk = try cursor.chunk(file, at: offset) else { break }
      guard chunk.isNamed else {
        // Before the samples an unreadable name is a chunk like any other; after them it is not a chunk.
        guard dataOffset == nil, chunk.size <= fileBytes - chunk.body else {
          noteStray(at: offset)
          break
        }
        offset = try cursor.next(file, after: chunk).offset
        continue
      }
      var known = chunk
      switch chunk.name {
      case "data" where dataOffset == nil:
        try take(file, data: &known, cursor: &cursor)
        if claim != .fits { return }
      case "data":
        let present = max(min(chunk.size, fileBytes - chunk.body), 0)
        laterData = (laterData.count + 1, laterData.bytes + present)
      case "fmt " where formatChunk.isEmpty:
        formatIsLate = dataOffset != nil
        formatChunk = try file.bytes(at: chunk.body, count: min(chunk.size, 4096))
      case "ds64":
        let sizes = try file.bytes(at: chunk.body, count: min(16, chunk.size))
        if let total = sizes.little64(at: 0), let data = sizes.little64(at: 8) {
          wide = (total, data)
          if container != .riff, total > 4, total < 1 << 60 { declaredEnd = riff + 8 + total }
        }
      default:
        otherChunks.append(SideBlock(kind: chunk.title, bytes: chunk.size))
      }
      guard known.size <= fileBytes - known.body else {
        if dataOffset != nil { noteStray(at: offset) }
        break
      }
      let next = try cursor.next(file, after: known)
      if next.isUnpadded {
        unpaddedCount += 1
        if dataOffset == nil { unpaddedBefore += 1 }
      }
      offset = next.offset
    }
  }

  /// Records the offset from which on nothing can be read as a chunk; a single byte is the padding of a chunk with a
  /// wrong size.
  private mutating func noteStray(at offset: Int) {
    if fileBytes > offset { stray = (offset, fileBytes - offset) }
  }

  private mutating func take(
    _ file: borrowing InputFile, data chunk: inout WaveChunkCursor.Chunk, cursor: inout WaveChunkCursor
  ) throws(AudioFileError) {
    let present = max(fileBytes - chunk.body, 0)
    var size = chunk.size
    // ffmpeg and libsndfile use the 64-bit size wherever there is one.
    if container == .rf64 || container == .bw64, let wide, wide.data > 0 {
      if size != wide.data, size < 0xFFFF_FF00 { narrowBytes = size }
      size = wide.data
    }
    dataOffset = chunk.body
    declaredBytes = size
    chunk.size = size
    let isUnknown: Bool
    switch size {
    case 0:
      // Empty, but not followed by a chunk: not an empty recording, but a size that was never filled in.
      let isFollowed = try cursor.isChunk(file, at: chunk.body)
      isUnknown = present > 0 && !isFollowed
    case 0xFFFF_FF00...0xFFFF_FFFF where container != .wave64, (Int.max - 24)...: isUnknown = true
    case 0x7FFF_F000...0x8000_0000 where container == .riff: isUnknown = size > present
    default: isUnknown = false
    }
    if isUnknown {
      claim = .neverFilledIn
    } else if size > present {
      // An odd number of bytes may lack the padding byte.
      let isWhole = declaredEnd.map { abs($0 - fileBytes) <= 1 } ?? false
      claim = isWhole ? .tooLarge : .unmet
    }
    presentBytes = isUnknown ? present : min(size, present)
  }
}
