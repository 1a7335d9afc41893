import RepriseSystem

/// The content of a file by its first bytes.
struct SniffedContent: Equatable {
  /// Format.
  let format: FileFormat
  /// Common name of the format, such as "mp3", "opus" or "png".
  let codec: String
  /// `true` if the content is or holds audio.
  let isAudio: Bool
  /// Offset of the first byte of the format itself, after tags and garbage.
  let offset: Int
  /// Number of bytes that were searched for audio if all of them are zero; `nil` otherwise.
  var zeros: Int?

  /// Reason for which the content cannot be decoded; `nil` for mp3, wav, flac and foreign containers.
  var problem: AudioFileProblem? {
    switch (format, isAudio) {
    case (.mp3, _), (.wav, _), (.flac, _): nil
    case (_, true): ForeignContainer(self) == nil ? .otherAudio(codec) : nil
    case (.other, false): .otherKind(codec)
    default: zeros.map { .zeros($0) } ?? .unrecognised
    }
  }
}

/// Determines the format of a file from its content; the name is ignored.
enum FileSniffer {
  /// Numbers of bytes before the first mp3 frame that are searched: a picture in a tag with a wrong size has some
  /// megabytes.
  static let searchedBytes = [1 << 20, 1 << 23]

  /// Examines the first bytes of the file and, for mp3, continues to the first frames.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - headBytes: The number of bytes that are examined first, and again after each tag.
  ///   - searchedBytes: The numbers of bytes before the first mp3 frame that are searched, ascending.
  /// - Returns: The content.
  /// - Throws: `AudioFileError` if the file is empty, too short or cannot be read.
  static func sniff(
    _ file: borrowing InputFile, headBytes: Int = 65536, searchedBytes: [Int] = FileSniffer.searchedBytes
  ) throws(AudioFileError) -> SniffedContent {
    guard file.byteCount > 0 else {
      throw AudioFileError(path: file.path, .empty)
    }
    var offset = 0
    var head = try file.bytes(at: 0, count: headBytes)
    // A handful of tags at most: a file made of nothing but tags must not take unlimited time.
    for _ in 0..<16 {
      guard let tag = ID3v2.byteCount(head), offset + tag < file.byteCount else { break }
      offset += tag
      head = try file.bytes(at: offset, count: headBytes)
    }
    if let known = FileSignature.match(head) {
      return SniffedContent(format: known.format, codec: known.codec, isAudio: known.isAudio, offset: offset)
    }
    if offset == 0, TextSniffer.utf16(head) != nil, let kind = TextSniffer.kind(of: head) {
      return SniffedContent(format: .other, codec: kind, isAudio: false, offset: 0)
    }
    if let frame = MPEGSync.find(head, isWholeFile: offset + head.count == file.byteCount) {
      return found(frame, base: offset)
    }
    if let known = FileSignature.embedded(head) {
      return SniffedContent(format: known.format, codec: known.codec, isAudio: true, offset: offset + known.offset)
    }
    // The shortest header of any audio, that of RIFF, has 12 bytes; the beginning of one reads like text.
    guard file.byteCount >= 12 else {
      throw AudioFileError(path: file.path, .fewBytes(file.byteCount))
    }
    if let known = try behindZeros(file, from: offset, head) { return known }
    var searched = head.count
    var isZero = head.allSatisfy { $0 == 0 }
    for count in searchedBytes where offset + searched < file.byteCount {
      let more = try file.bytes(at: offset, count: count)
      if let frame = MPEGSync.find(more, isWholeFile: offset + more.count == file.byteCount) {
        return found(frame, base: offset)
      }
      searched = more.count
      isZero = isZero && more.allSatisfy { $0 == 0 }
    }
    if offset == 0, let kind = TextSniffer.kind(of: head) {
      return SniffedContent(format: .other, codec: kind, isAudio: false, offset: 0)
    }
    return SniffedContent(
      format: .unknown, codec: "unknown", isAudio: false, offset: offset, zeros: isZero ? searched : nil)
  }

  /// Largest number of zeros in front of audio that are passed over.
  private static let mostZeros = 1 << 23

  /// Returns the audio that begins behind nothing but zeros, as a download leaves them whose beginning is missing;
  /// `nil` if there is none.
  private static func behindZeros(
    _ file: borrowing InputFile, from start: Int, _ head: [UInt8]
  ) throws(AudioFileError) -> SniffedContent? {
    guard head.allSatisfy({ $0 == 0 }) else { return nil }
    var offset = start + head.count
    while offset < file.byteCount, offset - start <= mostZeros {
      let bytes = try file.bytes(at: offset, count: 1 << 18)
      guard !bytes.isEmpty else { return nil }
      guard let first = bytes.firstIndex(where: { $0 != 0 }) else {
        offset += bytes.count
        continue
      }
      offset += first
      guard let known = FileSignature.match(try file.bytes(at: offset, count: 65536)), known.isAudio else { return nil }
      return SniffedContent(format: known.format, codec: known.codec, isAudio: true, offset: offset)
    }
    return nil
  }

  private static func found(_ sync: MPEGSync, base: Int) -> SniffedContent {
    let offset = base + sync.offset
    switch sync.kind {
    case .adts: return SniffedContent(format: .other, codec: "aac (ADTS)", isAudio: true, offset: offset)
    case .layer(3): return SniffedContent(format: .mp3, codec: "mp3", isAudio: true, offset: offset)
    case .layer(let layer): return SniffedContent(format: .other, codec: "mp\(layer)", isAudio: true, offset: offset)
    }
  }
}
