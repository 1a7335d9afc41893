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
    /// The size exceeds the bytes present, and by the size of the file in its header, or by chunks behind the samples,
    /// nothing is missing.
    case tooLarge
    /// The size is smaller than the samples: more of them follow.
    case tooSmall
    /// The size exceeds the bytes present.
    case unmet
  }

  /// Kind of container.
  package let container: Container
  /// Body of the format chunk; in the extensible form if only the samples tell what the plain form means.
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
  /// `true` if a second format chunk precedes the samples, for which libsndfile rejects the file.
  package private(set) var hasSecondFormat = false
  /// Other chunks.
  package private(set) var otherChunks = FirstOf<SideBlock<String>>()
  /// Chunks that a rewritten file keeps, the first thousand.
  private(set) var keptChunks: [KeptChunk] = []
  /// Data chunks after the first, the first thousand: ffmpeg plays the last one, sox the first, libsndfile none.
  private(set) var laterData: [Range<Int>] = []
  /// Number of chunks of odd size that are not followed by a padding byte.
  package private(set) var unpaddedCount = 0
  /// Number of such chunks before the samples.
  package private(set) var unpaddedBefore = 0
  /// `true` if the first chunk of RF64 or BW64 is that of the 64-bit sizes, where ffmpeg requires it.
  private(set) var beginsWithWideSizes = false
  /// `true` if chunks were found behind samples whose claimed size does not lead to them.
  private(set) var hasHiddenChunks = false
  /// Offset of the header of another wav behind this one; `nil` if there is none.
  private(set) var anotherWave: Int?
  /// `true` if the 64-bit size of the samples of RF64 or BW64 is present.
  package var hasWideSize: Bool { (wide?.data ?? 0) > 0 }
  /// Offset and number of the bytes after the samples that are not chunks.
  package private(set) var stray = (offset: 0, bytes: 0)
  /// Claimed size of the file as an offset from its first byte; `nil` if the header has no usable size.
  package private(set) var declaredEnd: Int?
  /// A size of 32 bits that contradicts that of 64 bits in RF64.
  package private(set) var narrowBytes: Int?

  /// Size in the header of the file itself, read literally.
  private(set) var headerSize = 0
  /// Size of the file in bytes.
  let fileBytes: Int
  private var wide: (riff: Int, data: Int)?

  /// A chunk other than format and samples that a rewritten file keeps.
  struct KeptChunk: Sendable, Equatable {
    /// Four letters.
    let name: String
    /// Range of the body.
    let body: Range<Int>
    /// `true` if the chunk follows the samples.
    let isBehind: Bool
  }

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
    headerSize = size
    if container == .wave64 {
      // The size in Wave64 includes its own header; no file has an exabyte.
      if size > 40, size < 1 << 60 { declaredEnd = offset + size }
    } else if size > 4, size < 0xFFFF_FF00 {
      declaredEnd = offset + 8 + size
    }
    try walk(file, from: offset + (container == .wave64 ? 40 : 12), riff: offset)
    if let start = dataOffset {
      let samples = start..<start + presentBytes
      if let clear = try WaveWideSamples.extensible(formatChunk, samples: samples, in: file) { formatChunk = clear }
    }
  }

  private mutating func walk(_ file: borrowing InputFile, from start: Int, riff: Int) throws(AudioFileError) {
    var cursor = WaveChunkCursor(isWide: container == .wave64, fileBytes: fileBytes)
    var offset = start
    // A file of 50 MB can hold six million empty chunks; the loop is bounded.
    for _ in 0..<20_000_000 {
      guard let chunk = try cursor.chunk(file, at: offset) else { break }
      if dataOffset != nil, WaveLayout.headers.contains(chunk.name), try WaveTail.isWave(file, at: offset) {
        anotherWave = offset
        break
      }
      guard chunk.isNamed else {
        // Before the samples an unreadable name is a chunk like any other; after them it is not a chunk.
        guard dataOffset == nil, chunk.size <= fileBytes - chunk.body else {
          guard let found = try tail(file, from: offset, cursor: &cursor) else { break }
          offset = found
          continue
        }
        offset = try cursor.next(file, after: chunk).offset
        continue
      }
      var known = chunk
      switch chunk.name {
      case "data" where dataOffset == nil:
        try take(file, data: &known, cursor: &cursor)
        if claim != .fits {
          guard let found = try tail(file, from: fileBytes, cursor: &cursor) else { return }
          offset = found
          continue
        }
      case "data":
        let present = max(min(chunk.size, fileBytes - chunk.body), 0)
        if laterData.count < 1000 { laterData.append(chunk.body..<chunk.body + present) }
      case "fmt " where formatChunk.isEmpty:
        formatIsLate = dataOffset != nil
        formatChunk = try file.bytes(at: chunk.body, count: min(chunk.size, 4096))
      case "fmt ":
        hasSecondFormat = hasSecondFormat || dataOffset == nil
      case "ds64":
        beginsWithWideSizes = offset == start
        let sizes = try file.bytes(at: chunk.body, count: min(16, chunk.size))
        if let total = sizes.little64(at: 0), let data = sizes.little64(at: 8) {
          wide = (total, data)
          if container != .riff, total > 4, total < 1 << 60 { declaredEnd = riff + 8 + total }
        }
      default:
        otherChunks.append(SideBlock(kind: chunk.title, bytes: chunk.size))
        keep(chunk)
      }
      guard known.size <= fileBytes - known.body else {
        guard dataOffset != nil, let found = try tail(file, from: offset, cursor: &cursor) else { break }
        offset = found
        continue
      }
      let next = try cursor.next(file, after: known)
      if next.isUnpadded {
        unpaddedCount += 1
        if dataOffset == nil { unpaddedBefore += 1 }
      }
      offset = next.offset
    }
  }

  /// Names that the header of another wav, or a chunk that cannot be read, begins with.
  private static let headers: Set<String> = ["RIFF", "RF64", "BW64", "riff", ""]

  /// Notes a chunk that a rewritten file keeps.
  private mutating func keep(_ chunk: WaveChunkCursor.Chunk) {
    guard keptChunks.count < 1000, chunk.size <= fileBytes - chunk.body,
      !["JUNK", "junk", "PAD ", "FLLR", "fact"].contains(chunk.name)
    else { return }
    let name = chunk.name == "list" ? "LIST" : chunk.name
    keptChunks.append(
      KeptChunk(name: name, body: chunk.body..<chunk.body + chunk.size, isBehind: dataOffset != nil))
  }

  /// Examines bytes behind the samples, or samples of unknown length, that no chunk explains.
  ///
  /// A single byte is the padding of a chunk with a wrong size.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset from which on nothing can be read as a chunk; the end of the file if the size of the samples
  ///     is unknown.
  ///   - cursor: The cursor.
  /// - Returns: The offset of the first chunk behind the samples; `nil` if there is none.
  /// - Throws: `AudioFileError` if the file cannot be read.
  private mutating func tail(
    _ file: borrowing InputFile, from offset: Int, cursor: inout WaveChunkCursor
  ) throws(AudioFileError) -> Int? {
    guard let dataOffset, !hasHiddenChunks, anotherWave == nil else { return nil }
    if offset < fileBytes { stray = (offset, fileBytes - offset) }
    let isKnown = stray.bytes > 0 ? try WaveTail.isRecognised(file, at: offset) : false
    guard stray.bytes != 1, !isKnown else { return nil }
    if claim == .neverFilledIn, let another = try WaveTail.wave(file, from: dataOffset) {
      anotherWave = another
      presentBytes = another - dataOffset
      stray = (0, 0)
      return nil
    }
    let declared = dataOffset + presentBytes
    if let chunks = try WaveTail.chunks(file, from: dataOffset, cursor: &cursor) {
      hasHiddenChunks = true
      // What lies between the claimed end and the chunks counts only if it is samples.
      let isMore =
        chunks > declared ? try WaveTail.isSamples(file, declared..<chunks, format: format) : false
      stray = isMore || chunks <= declared + 1 ? (0, 0) : (offset, chunks - offset)
      guard isMore || chunks < declared else { return chunks }
      if claim == .fits { claim = isMore ? .tooSmall : .tooLarge }
      if claim == .unmet { claim = .tooLarge }
      presentBytes = try WaveTail.withoutPadding(file, dataOffset..<chunks, format: format)
      return chunks
    }
    if claim == .fits, stray.bytes > 0, try WaveTail.isSamples(file, declared..<fileBytes, format: format) {
      claim = .tooSmall
      presentBytes = fileBytes - dataOffset
      stray = (0, 0)
    }
    return nil
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

  // MARK: Samples

  /// Returns the ranges of the samples, each of whole frames, in the order of the file.
  ///
  /// - Parameter frameBytes: The size of a frame in bytes, 1 or more.
  /// - Returns: The ranges, none of which is empty.
  package func sampleRanges(frameBytes: Int) -> [Range<Int>] {
    guard let dataOffset else { return [] }
    return ([dataOffset..<dataOffset + presentBytes] + laterData)
      .map { $0.lowerBound..<$0.lowerBound + $0.count / frameBytes * frameBytes }.filter { !$0.isEmpty }
  }

  /// Returns the ranges of the bytes of some frames.
  ///
  /// - Parameters:
  ///   - frames: The frames, counted over all samples.
  ///   - frameBytes: The size of a frame in bytes, 1 or more.
  /// - Returns: The ranges; `nil` if the file has fewer frames.
  package func byteRanges(of frames: Range<Int>, frameBytes: Int) -> [Range<Int>]? {
    var (start, left) = (frames.lowerBound * frameBytes, frames.count * frameBytes)
    var found: [Range<Int>] = []
    for range in sampleRanges(frameBytes: frameBytes) {
      guard start < range.count else {
        start -= range.count
        continue
      }
      let count = min(left, range.count - start)
      found.append(range.lowerBound + start..<range.lowerBound + start + count)
      (start, left) = (0, left - count)
      if left == 0 { break }
    }
    return left == 0 ? found : nil
  }
}
