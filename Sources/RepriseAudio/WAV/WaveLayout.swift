/// Where things are in a RIFF WAVE, RF64, BW64 or Wave64 file, read chunk by chunk without trusting a size.
///
/// RIFF: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0"; RF64 and BW64: EBU Tech 3306 and
/// ITU-R BS.2088; Wave64: Sony's own paper.
package struct WaveLayout: Sendable {
  /// The kinds of container, by their first four bytes.
  package enum Container: String, Sendable { case riff = "RIFF", rf64 = "RF64", bw64 = "BW64", wave64 = "W64" }

  /// What the claimed size of the samples is worth.
  package enum SizeClaim: Equatable, Sendable {
    /// It goes with the file.
    case fits
    /// It is one that writers leave which cannot go back: 0, all ones, or 2 GiB as sox and arecord have it.
    case neverFilledIn
    /// It is larger than what is there, and the file's own size in its header says that nothing is missing.
    case tooLarge
    /// It is larger than what is there.
    case unmet
  }

  /// Which of them it is.
  package let container: Container
  /// The body of the format chunk.
  package private(set) var formatChunk: [UInt8] = []
  /// Where the samples begin; `nil` if no data chunk was found.
  package private(set) var dataOffset: Int?
  /// The data chunk's claimed size in bytes, RF64's 64-bit one where there is one; read literally.
  package private(set) var declaredBytes = 0
  /// What that is worth.
  package private(set) var claim = SizeClaim.fits
  /// Bytes of samples that are really there.
  package private(set) var presentBytes = 0
  /// Whether the format chunk stands behind the samples, where most readers do not look for it.
  package private(set) var formatIsLate = false
  /// The other chunks.
  package private(set) var otherChunks = FirstOf<SideBlock<String>>()
  /// Chunks of samples behind the first, and the bytes in them: ffmpeg plays those as well, sox does not.
  package private(set) var laterData = (count: 0, bytes: 0)
  /// Chunks of odd size behind which the byte is missing that makes them even.
  package private(set) var unpaddedCount = 0
  /// How many of them stand in front of the samples.
  package private(set) var unpaddedBefore = 0
  /// Whether RF64's or BW64's 64-bit size of the samples is there.
  package var hasWideSize: Bool { (wide?.data ?? 0) > 0 }
  /// Where bytes begin behind the samples that are no chunks, and how many there are.
  package private(set) var stray = (offset: 0, bytes: 0)
  /// What the header says the file's size is, from the first byte of the file on; `nil` if it says nothing usable.
  package private(set) var declaredEnd: Int?
  /// A size of 32 bits that contradicts RF64's of 64.
  package private(set) var narrowBytes: Int?

  private let fileBytes: Int
  private var wide: (riff: Int, data: Int)?

  /// Walks the chunks of a wav, wherever it begins; `nil` if the file is no wav.
  package init?(_ file: borrowing InputFile) throws(AudioFileError) {
    let content = try FileSniffer.sniff(file)
    guard content.format == .wav else { return nil }
    try self.init(file, offset: content.offset)
  }

  /// Walks the chunks of the file whose "RIFF" stands at `offset`; `nil` if the bytes there are those of no such file.
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
      // Wave64 counts its own header; no file has an exabyte.
      if size > 40, size < 1 << 60 { declaredEnd = offset + size }
    } else if size > 4, size < 0xFFFF_FF00 {
      declaredEnd = offset + 8 + size
    }
    try walk(file, from: offset + (container == .wave64 ? 40 : 12), riff: offset)
  }

  private mutating func walk(_ file: borrowing InputFile, from start: Int, riff: Int) throws(AudioFileError) {
    var cursor = WaveChunkCursor(isWide: container == .wave64, fileBytes: fileBytes)
    var offset = start
    // A file of 50 MB holds six million empty chunks; no walk goes on for ever.
    for _ in 0..<20_000_000 {
      guard let chunk = try cursor.chunk(file, at: offset) else { break }
      guard chunk.isNamed else {
        // Before the samples an unreadable name is a chunk like any other; behind them it is no chunk.
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

  /// Where nothing can be read as a chunk any more; a single byte is the padding of a chunk that told its size wrong.
  private mutating func noteStray(at offset: Int) {
    if fileBytes > offset { stray = (offset, fileBytes - offset) }
  }

  private mutating func take(
    _ file: borrowing InputFile, data chunk: inout WaveChunkCursor.Chunk, cursor: inout WaveChunkCursor
  ) throws(AudioFileError) {
    let present = max(fileBytes - chunk.body, 0)
    var size = chunk.size
    // ffmpeg and libsndfile go by the 64-bit size wherever there is one.
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
      // Empty, but with no chunk behind: not an empty recording, a size that was never filled in.
      let isFollowed = try cursor.isChunk(file, at: chunk.body)
      isUnknown = present > 0 && !isFollowed
    case 0xFFFF_FF00...0xFFFF_FFFF where container != .wave64, (Int.max - 24)...: isUnknown = true
    case 0x7FFF_F000...0x8000_0000 where container == .riff: isUnknown = size > present
    default: isUnknown = false
    }
    if isUnknown {
      claim = .neverFilledIn
    } else if size > present {
      // An odd number of bytes may lack the one that makes it even.
      let isWhole = declaredEnd.map { abs($0 - fileBytes) <= 1 } ?? false
      claim = isWhole ? .tooLarge : .unmet
    }
    presentBytes = isUnknown ? present : min(size, present)
  }
}
