import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes samples as mp3, wav, flac or bare PCM.
///
/// It writes in place: give it the path of a `TemporaryFile`. All calls block: use them inside `offPool`.
public struct AudioEncoder: ~Copyable {
  /// What is written.
  public enum Encoding: Sendable, Equatable {
    /// mp3 of a constant bit rate in bits a second, one of `AudioEncoder.bitrates`, with a LAME header whose delay
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

  /// The constant bit rates mp3 has at a sample rate, in bits a second, rising; empty where mp3 has no such sample rate.
  public static func bitrates(sampleRate: Int) -> [Int] {
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
  /// Frames a second, in Hz.
  public let sampleRate: Int
  /// Samples a frame.
  public let channels: Int
  private var scratch: [Int32] = []

  /// Opens an existing file, empties it and writes a first header.
  ///
  /// - Throws: `AudioFileError` `unsupportedFormat` if the format has no such rate, width or channel count, else `io`.
  public init(path: String, encoding: Encoding, sampleRate: Int, channels: Int) throws(AudioFileError) {
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
      sink = .flac(try FLACWriter(path: path, bitsPerSample: bits, sampleRate: sampleRate, channels: channels))
    } else {
      sink = .sndfile(try SndfileWriter(path: path, encoding: encoding, sampleRate: sampleRate, channels: channels))
    }
    self.path = path
    self.encoding = encoding
    self.sampleRate = sampleRate
    self.channels = channels
  }

  /// Writes interleaved floats, nominally −1…1.
  ///
  /// Integer encodings get the nearest value, ties to even, clipped at full scale, without dither (so that samples
  /// that came from integers come back unchanged); NaN becomes 0. An mp3 encoder gets what is more than 24 dB over full
  /// scale at that bound, and NaN as 0: beyond what a float can square, LAME ends the process by an assertion.
  /// - Throws: `AudioFileError` `diskFull` or `io`.
  public mutating func write(_ interleaved: [Float]) throws(AudioFileError) {
    precondition(interleaved.count % channels == 0, "whole frames only")
    guard let bits = encoding.integerBits else { return try put(encodable(interleaved)) }
    scratch.removeAll(keepingCapacity: true)
    for sample in interleaved { scratch.append(SampleConversion.integer(sample, bits: bits)) }
    try put(scratch)
  }

  /// Writes interleaved left-justified integers; exact where the encoding has at least as many bits, else rounded.
  ///
  /// - Throws: `AudioFileError` `diskFull` or `io`.
  public mutating func write(_ interleaved: [Int32]) throws(AudioFileError) {
    precondition(interleaved.count % channels == 0, "whole frames only")
    guard let bits = encoding.integerBits else {
      return try put(interleaved.map { Float($0) / 2_147_483_648 })
    }
    scratch.removeAll(keepingCapacity: true)
    for sample in interleaved { scratch.append(SampleConversion.rounded(sample, bits: bits)) }
    try put(scratch)
  }

  /// Writes what the codec still holds, and the final header.
  ///
  /// - Throws: `AudioFileError` `diskFull` or `io`.
  public consuming func finish() throws(AudioFileError) {
    switch sink {
    case .sndfile(let writer): try writer.finish()
    case .flac(let writer): try writer.finish()
    }
  }

  /// The largest magnitude that an mp3 encoder gets: 24 dB over full scale.
  private static let encodableBound: Float = 16

  /// Samples as the codec takes them.
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

  /// Floats as they are; flac has none.
  private func put(_ samples: [Float]) throws(AudioFileError) {
    if case .sndfile(let writer) = sink { try writer.write(samples) }
  }
}

extension AudioEncoder.Encoding {
  /// The integer width that is written, `nil` where floats go to the codec.
  var integerBits: Int? {
    switch self {
    case .mp3, .wavFloat: nil
    case .wav(let bits), .flac(let bits): bits
    case .pcm16: 16
    }
  }
}
