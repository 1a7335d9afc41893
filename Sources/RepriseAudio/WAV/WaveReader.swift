import RepriseSystem

/// The samples of one wav, read at the offset that `WaveLayout` found.
///
/// libsndfile is not used: it reads the chunks by itself, relies on sizes that are wrong, and so decodes other samples
/// than were counted (docs/decisions/0007-own-wav-reading.md).
struct WaveReader: ~Copyable {
  private let file: InputFile
  private let position: Position
  private let ranges: [Range<Int>]
  private let width: Int
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Number of channels, 1 or more.
  let channels: Int
  /// Encoding of the samples in the file.
  let encoding: SampleEncoding

  /// The position of reading.
  private final class Position {
    /// Index of the range, and number of bytes of it that were read.
    var range = 0
    var bytes = 0
  }

  /// Opens the wav whose header is at `offset`.
  ///
  /// - Throws: `AudioFileError` `corrupt` if the header is invalid, `unsupportedFormat` if the samples are neither
  ///   integers of up to 32 bits nor floats, `truncated` if there are none.
  init(_ file: consuming InputFile, offset: Int) throws(AudioFileError) {
    let path = file.path
    guard let layout = try WaveLayout(file, offset: offset), let format = layout.format else {
      throw AudioFileError(path: path, .noWaveFormat)
    }
    guard format.channels > 0, format.sampleRate > 0, format.codec != "pcm", !format.isAmbiguous else {
      throw AudioFileError(
        path: path,
        .waveForm(
          channels: format.channels, bits: format.bitsPerSample, sampleRate: format.sampleRate,
          frameBytes: format.blockAlign))
    }
    guard let encoding = format.encoding else {
      throw AudioFileError(path: path, .waveCodec(format.codec, isLinear: format.isLinear))
    }
    guard layout.dataOffset != nil else {
      throw AudioFileError(path: path, .noWaveSamples)
    }
    self.encoding = encoding
    sampleRate = format.sampleRate
    channels = format.channels
    width = format.frameBytes / format.channels
    position = Position()
    ranges = layout.sampleRanges(frameBytes: format.frameBytes)
    self.file = file
  }

  /// Fills `samples` with whole frames of floats and returns the number of frames; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    let bytes = try take(samples.count / channels)
    let count = bytes.count / width
    switch encoding {
    case .float(let bits): WaveSamples.decode(bytes, doubles: bits == 64, into: &samples, count: count)
    default: WaveSamples.decode(bytes, width: width, into: &samples, count: count)
    }
    return count / channels
  }

  /// Fills `samples` with whole frames of left-justified integers and returns the number of frames; 0 at the end.
  ///
  /// Not available for floats.
  func read(into samples: inout [Int32]) throws(AudioFileError) -> Int {
    let bytes = try take(samples.count / channels)
    let count = bytes.count / width
    WaveSamples.decode(bytes, width: width, into: &samples, count: count)
    return count / channels
  }

  /// Passes over frames without reading them, and returns their number; fewer than `frames` only at the end.
  func skip(_ frames: Int) -> Int {
    let frame = width * channels
    var wanted = max(frames, 0) * frame
    var skipped = 0
    while wanted > 0, position.range < ranges.count {
      let range = ranges[position.range]
      let count = min(wanted, range.count - position.bytes)
      wanted -= count
      skipped += count
      position.bytes += count
      if position.bytes == range.count { (position.range, position.bytes) = (position.range + 1, 0) }
    }
    return skipped / frame
  }

  private func take(_ frames: Int) throws(AudioFileError) -> [UInt8] {
    var wanted = frames * width * channels
    var taken: [UInt8] = []
    while wanted > 0, position.range < ranges.count {
      let range = ranges[position.range]
      let count = min(wanted, range.count - position.bytes)
      let bytes = try file.bytes(at: range.lowerBound + position.bytes, count: count)
      guard bytes.count == count else { throw AudioFileError.changed(file.path) }
      // A file with one data chunk, as nearly all are, is not copied.
      if taken.isEmpty { taken = bytes } else { taken += bytes }
      wanted -= count
      position.bytes += count
      if position.bytes == range.count { (position.range, position.bytes) = (position.range + 1, 0) }
    }
    return taken
  }
}

/// Conversion of the bytes of a wav to samples.
enum WaveSamples {
  /// Decodes integers of 1 to 4 bytes, left-justified; 8 bits are unsigned, as the format specifies.
  static func decode(_ bytes: [UInt8], width: Int, into samples: inout [Int32], count: Int) {
    guard count > 0, samples.count >= count, bytes.count >= count * width else { return }
    unsafe bytes.withUnsafeBytes { raw in
      unsafe samples.withUnsafeMutableBufferPointer { out in
        switch width {
        case 1:
          for index in 0..<count { unsafe out[index] = Int32(truncatingIfNeeded: Int(raw[index]) - 128) << 24 }
        case 2:
          for index in 0..<count {
            let value = unsafe raw.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
            unsafe out[index] = Int32(Int16(littleEndian: value)) << 16
          }
        case 3:
          for index in 0..<count {
            let low = unsafe raw.loadUnaligned(fromByteOffset: 3 * index, as: UInt16.self)
            unsafe out[index] = Int32(
              bitPattern: UInt32(raw[3 * index + 2]) << 24 | UInt32(UInt16(littleEndian: low)) << 8)
          }
        default:
          for index in 0..<count {
            let value = unsafe raw.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)
            unsafe out[index] = Int32(littleEndian: value)
          }
        }
      }
    }
  }

  /// Decodes integers of 1 to 4 bytes to floats of −1…1; 8 bits are unsigned, as the format specifies.
  static func decode(_ bytes: [UInt8], width: Int, into samples: inout [Float], count: Int) {
    guard count > 0, samples.count >= count, bytes.count >= count * width else { return }
    let scale = Float(1) / 2_147_483_648
    if width == 2 {
      unsafe bytes.withUnsafeBytes { raw in
        unsafe samples.withUnsafeMutableBufferPointer { out in
          for index in 0..<count {
            let value = unsafe raw.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
            unsafe out[index] = Float(Int16(littleEndian: value)) * (1 / 32768)
          }
        }
      }
      return
    }
    var integers = [Int32](repeating: 0, count: count)
    decode(bytes, width: width, into: &integers, count: count)
    for index in 0..<count { samples[index] = Float(integers[index]) * scale }
  }

  /// Decodes IEEE floats of 32 or 64 bits; a double beyond the range of a float becomes infinite.
  static func decode(_ bytes: [UInt8], doubles: Bool, into samples: inout [Float], count: Int) {
    let width = doubles ? 8 : 4
    guard count > 0, samples.count >= count, bytes.count >= count * width else { return }
    unsafe bytes.withUnsafeBytes { raw in
      unsafe samples.withUnsafeMutableBufferPointer { out in
        for index in 0..<count {
          if doubles {
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
            unsafe out[index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
          } else {
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
            unsafe out[index] = Float(bitPattern: UInt32(littleEndian: bits))
          }
        }
      }
    }
  }
}
