import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An encoder that writes samples as mp3, wav, flac or bare PCM.
///
/// The encoder writes in place: give it the path of a `TemporaryFile`. All calls block: use them inside `offPool`.
package struct AudioEncoder: ~Copyable {
  /// The encodings that can be written.
  package enum Encoding: Sendable, Equatable {
    /// mp3 with a constant bit rate in bits per second, one of `AudioEncoder.bitrates`, and a LAME header whose delay
    /// and padding make the decoded length exact.
    case mp3(bitrate: Int)
    /// wav with integers of 16, 24 or 32 bits.
    case wav(bitsPerSample: Int)
    /// wav with 32-bit floats.
    case wavFloat
    /// flac with integers of 4 to 32 bits, 1 to 8 channels and any rate up to 1,048,575 Hz.
    case flac(bitsPerSample: Int)
    /// Little-endian signed 16-bit samples without any header.
    case pcm16
  }

  /// Returns the constant bit rates of mp3 at a sample rate, in bits per second, in ascending order; empty if mp3 does
  /// not support the sample rate.
  package static func bitrates(sampleRate: Int) -> [Int] {
    let kilobits: [Int] =
      switch sampleRate {
      case 32000, 44100, 48000: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
      case 16000, 22050, 24000: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
      case 8000, 11025, 12000: [8, 16, 24, 32, 40, 48, 56, 64]
      default: []
      }
    return kilobits.map { $0 * 1000 }
  }

  private enum Sink {
    case sndfile(SndfileWriter)
    case flac(FLACWriter)
  }

  private let sink: Sink
  private let path: String
  private let encoding: Encoding
  /// Sample rate in Hz.
  package let sampleRate: Int
  /// Number of channels.
  package let channels: Int
  private var scratch: [Int32] = []

  /// Opens an existing file, empties it and writes a preliminary header.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - encoding: The encoding.
  ///   - sampleRate: The sample rate in Hz.
  ///   - channels: The number of channels.
  ///   - tags: The tags of an mp3 or flac; those of a wav follow its samples (`WaveTags.append`).
  /// - Throws: `AudioFileError` `unsupportedFormat` if the format does not support the rate, width or channel count,
  ///   else `io`.
  package init(
    path: String, encoding: Encoding, sampleRate: Int, channels: Int, tags: CarriedTags.Payload? = nil
  ) throws(AudioFileError) {
    guard sampleRate > 0, channels > 0 else {
      throw AudioFileError(path: path, .unwritableForm(channels: channels, sampleRate: sampleRate))
    }
    if case .mp3(let bitrate) = encoding {
      let known = AudioEncoder.bitrates(sampleRate: sampleRate)
      guard known.contains(bitrate), channels <= 2 else {
        throw AudioFileError(
          path: path, .bitRate(bitrate, sampleRate: sampleRate, channels: channels, known: known))
      }
    }
    if case .flac(let bits) = encoding {
      let blocks: [CarriedTags.FLACBlock] = if case .flac(let blocks) = tags { blocks } else { [] }
      sink = .flac(
        try FLACWriter(
          path: path, bitsPerSample: bits, sampleRate: sampleRate, channels: channels, blocks: blocks))
    } else {
      let front: [UInt8] = if case .id3(let tag) = tags, case .mp3 = encoding { tag } else { [] }
      sink = .sndfile(
        try SndfileWriter(
          path: path, encoding: encoding, sampleRate: sampleRate, channels: channels, front: front))
    }
    self.path = path
    self.encoding = encoding
    self.sampleRate = sampleRate
    self.channels = channels
  }

  /// Writes interleaved floats, nominally −1…1.
  ///
  /// For integer encodings, samples are rounded to the nearest value, ties to even, and clipped at full scale, without
  /// dither (so that samples that came from integers are unchanged); NaN becomes 0. For an mp3, samples are limited to
  /// 24 dB over full scale and NaN becomes 0: beyond the largest value whose square is a finite float, LAME ends the
  /// process by an assertion.
  ///
  /// - Throws: `AudioFileError` `diskFull` or `io`.
  package mutating func write(_ interleaved: [Float]) throws(AudioFileError) {
    precondition(interleaved.count % channels == 0, "whole frames only")
    guard let bits = encoding.integerBits else { return try put(encodable(interleaved)) }
    scratch.removeAll(keepingCapacity: true)
    for sample in interleaved { scratch.append(SampleConversion.integer(sample, bits: bits)) }
    try put(scratch)
  }

  /// Writes interleaved left-justified integers, which are rounded if the encoding has fewer bits, else exact.
  ///
  /// - Throws: `AudioFileError` `diskFull` or `io`.
  package mutating func write(_ interleaved: [Int32]) throws(AudioFileError) {
    precondition(interleaved.count % channels == 0, "whole frames only")
    guard let bits = encoding.integerBits else {
      return try put(interleaved.map { Float($0) / 2_147_483_648 })
    }
    // Samples that have no more bits need not be copied.
    if SampleConversion.areExact(interleaved, bits: bits) { return try put(interleaved) }
    scratch.removeAll(keepingCapacity: true)
    for sample in interleaved { scratch.append(SampleConversion.rounded(sample, bits: bits)) }
    try put(scratch)
  }

  /// Writes the data that the codec still holds, and the final header.
  ///
  /// - Throws: `AudioFileError` `diskFull` or `io`.
  package consuming func finish() throws(AudioFileError) {
    switch sink {
    case .sndfile(let writer): try writer.finish()
    case .flac(let writer): try writer.finish()
    }
  }

  /// Largest magnitude that is passed to an mp3 encoder: 24 dB over full scale.
  private static let encodableBound: Float = 16

  /// Returns samples that the codec accepts.
  private func encodable(_ samples: [Float]) -> [Float] {
    guard case .mp3 = encoding else { return samples }
    let bound = Self.encodableBound
    // A NaN is within no bounds.
    guard !samples.allSatisfy({ $0.magnitude <= bound }) else { return samples }
    return samples.map { $0.isNaN ? 0 : min(max($0, -bound), bound) }
  }

  private func put(_ samples: [Int32]) throws(AudioFileError) {
    switch sink {
    case .sndfile(let writer): try writer.write(samples)
    case .flac(let writer): try writer.write(samples)
    }
  }

  /// Writes floats unchanged, which flac does not support.
  private func put(_ samples: [Float]) throws(AudioFileError) {
    if case .sndfile(let writer) = sink { try writer.write(samples) }
  }
}

extension AudioEncoder.Encoding {
  /// Width of the integers that are written; `nil` if the codec receives floats.
  var integerBits: Int? {
    switch self {
    case .mp3, .wavFloat: nil
    case .wav(let bits), .flac(let bits): bits
    case .pcm16: 16
    }
  }
}
