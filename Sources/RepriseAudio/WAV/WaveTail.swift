/// The bytes behind the samples of a wav whose sizes do not lead there.
///
/// Only files with a wrong size, or with bytes that no chunk explains, are examined.
enum WaveTail {
  /// Numbers of bytes at the end of a file in which chunks are searched.
  private static let windows = [1 << 16, 1 << 20, 1 << 24]

  /// Returns the offset of the first of the chunks that end exactly with the file; `nil` if there are none.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - start: The lowest offset.
  ///   - cursor: A cursor over the chunks of the file.
  /// - Returns: The offset.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func chunks(
    _ file: borrowing InputFile, from start: Int, cursor: inout WaveChunkCursor
  ) throws(AudioFileError) -> Int? {
    var found: Int?
    for window in windows {
      let from = max(start, file.byteCount - window)
      guard file.byteCount - from <= file.allowance / 2 else { return found }
      let bytes = try file.bytes(at: from, count: file.byteCount - from)
      // The first chunk of a chain is the lowest offset that leads to the end.
      var first: Int?
      for place in candidates(bytes) where first == nil {
        if try leadsToEnd(file, from: from + place, cursor: &cursor) { first = from + place }
      }
      let isSame = first != nil && first == found
      found = first ?? found
      if from == start || isSame { return found }
    }
    return found
  }

  /// Returns the offsets of the names of known chunks.
  private static func candidates(_ bytes: [UInt8]) -> [Int] {
    var found: [Int] = []
    for place in bytes.indices.dropLast(7) where isFirst[Int(bytes[place])] && isSecond[Int(bytes[place + 1])] {
      guard bytes[place + 2] & 0x80 == 0,
        WaveChunkCursor.isKnown(String(decoding: bytes[place..<place + 4], as: UTF8.self))
      else { continue }
      found.append(place)
    }
    return found
  }

  private static let isFirst = table { $0.0 }
  private static let isSecond = table { $0.1 }

  private static func table(_ letter: ((UInt8, UInt8)) -> UInt8) -> [Bool] {
    var table = [Bool](repeating: false, count: 256)
    for name in WaveChunkCursor.names.map({ Array($0.utf8) }) { table[Int(letter((name[0], name[1])))] = true }
    return table
  }

  private static func leadsToEnd(
    _ file: borrowing InputFile, from start: Int, cursor: inout WaveChunkCursor
  ) throws(AudioFileError) -> Bool {
    var offset = start
    for _ in 0..<100_000 {
      guard let chunk = try cursor.chunk(file, at: offset), chunk.isNamed, chunk.size <= file.byteCount - chunk.body
      else { return false }
      offset = try cursor.next(file, after: chunk).offset
      if offset >= file.byteCount { return true }
    }
    return false
  }

  /// Returns `true` if the header of a wav is at `offset`.
  static func isWave(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    let head = try file.bytes(at: offset, count: 40)
    if ["RIFF", "RF64", "BW64"].contains(where: { head.has($0) }) { return head.has("WAVE", at: 8) }
    return head.has("riff") && head.has("wave", at: 24)
  }

  /// Returns the offset of the header of the next wav, wherever it begins; `nil` if there is none.
  static func wave(_ file: borrowing InputFile, from start: Int) throws(AudioFileError) -> Int? {
    let block = 1 << 20
    guard file.byteCount - start <= file.allowance / 2 else { return nil }
    var offset = start
    while offset < file.byteCount {
      let bytes = try file.bytes(at: offset, count: block + 16)
      let span = unsafe bytes.span.bytes
      var at = 0
      while let place = span.first(UInt8(ascii: "R"), from: at, to: min(block, bytes.count)) {
        at = place + 1
        guard span.has("RIFF", at: place) || span.has("RF64", at: place), span.has("WAVE", at: place + 8) else {
          continue
        }
        let next = try file.bytes(at: offset + place + 12, count: 4)
        if ["fmt ", "JUNK", "bext", "LIST", "ds64"].contains(where: { next.has($0) }) { return offset + place }
      }
      offset += block
    }
    return nil
  }

  /// Returns `true` if a tag or zeros begin at `offset`.
  static func isRecognised(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    let head = try file.bytes(at: offset, count: 4096)
    return WaveFinding.Stray(head: head) != .unknown
  }

  /// Returns `true` if bytes of unknown content are samples: neighbouring ones differ much less than distant ones.
  ///
  /// Of bytes without any relation, the mean square of the differences is twice the variance.
  static func isSamples(
    _ file: borrowing InputFile, _ range: Range<Int>, format: WaveLayout.Format?
  ) throws(AudioFileError) -> Bool {
    guard let format, let encoding = format.encoding, format.frameBytes > 0,
      range.count >= 2048 * format.frameBytes
    else { return false }
    let frames = min(range.count / format.frameBytes, 8192)
    let most = range.count / format.frameBytes - frames
    for first in [0, most / 2, most] {
      let bytes = try file.bytes(
        at: range.lowerBound + first * format.frameBytes, count: frames * format.frameBytes)
      let count = bytes.count / format.frameBytes * format.channels
      var samples = [Float](repeating: 0, count: count)
      let width = format.frameBytes / format.channels
      switch encoding {
      case .float(let bits): WaveSamples.decode(bytes, doubles: bits == 64, into: &samples, count: count)
      default: WaveSamples.decode(bytes, width: width, into: &samples, count: count)
      }
      guard isSmooth(samples, channels: format.channels) else { return false }
    }
    return true
  }

  private static func isSmooth(_ samples: [Float], channels: Int) -> Bool {
    guard samples.count > 2 * channels, samples.allSatisfy({ $0.isFinite && abs($0) < 64 }) else { return false }
    var (differences, variance) = (0.0, 0.0)
    for channel in 0..<channels {
      let own = stride(from: channel, to: samples.count, by: channels).map { Double(samples[$0]) }
      let mean = own.reduce(0, +) / Double(own.count)
      for index in own.indices.dropFirst() {
        differences += (own[index] - own[index - 1]) * (own[index] - own[index - 1])
        variance += (own[index] - mean) * (own[index] - mean)
      }
    }
    return variance > 0 && differences < 0.7 * variance
  }

  /// Returns the number of bytes of samples before a chunk, without the byte that makes them even.
  static func withoutPadding(
    _ file: borrowing InputFile, _ samples: Range<Int>, format: WaveLayout.Format?
  ) throws(AudioFileError) -> Int {
    guard let format, format.frameBytes == 1, samples.count % 2 == 0 else { return samples.count }
    // Samples of 8 bits are unsigned, so that 0 is full scale.
    return try file.bytes(at: samples.upperBound - 1, count: 1) == [0] ? samples.count - 1 : samples.count
  }
}

extension WaveFinding.Stray {
  /// Recognises bytes by their beginning.
  init(head: [UInt8]) {
    if ["TAG", "ID3", "APETAGEX", "LYRICSBEGIN"].contains(where: { head.has($0) }) {
      self = .tag
    } else if !head.isEmpty, head.allSatisfy({ $0 == 0 }) {
      self = .zeros
    } else {
      self = head.has("RIFF") ? .anotherWave : .unknown
    }
  }
}
