/// A property of a file with whole audio that some decoders misread.
public struct Portability: Sendable, Equatable, Codable {
  /// The property of the file.
  package let cause: Cause
  /// Decoders that misread it, and how; not empty.
  package let misreadings: [Misreading]

  /// The properties that decoders misread.
  package enum Cause: Sendable, Equatable, Codable {
    case wave(WavePortability)
    case flac(FLACPortability)
    case mp3(MP3Portability)
  }

  /// Creates a property of a file.
  package init(_ cause: Cause, _ misreadings: [Misreading]) {
    self.cause = cause
    self.misreadings = misreadings
  }

  /// Description in a few words: "16 valid bits in samples of 24; ffmpeg reads noise".
  package var phrase: String {
    let cause =
      switch cause {
      case .wave(let cause): "\(cause)"
      case .flac(let cause): "\(cause)"
      case .mp3(let cause): "\(cause)"
      }
    return cause + "; " + misreadings.map { "\($0)" }.joined(separator: ", ")
  }
}

/// A decoder that other programs use, and what it makes of a file.
package struct Misreading: Sendable, Equatable, Codable {
  /// The decoders in which a file is to be the same audio.
  package enum Decoder: String, Sendable, Codable, CaseIterable {
    case ffmpeg, libsndfile, mpg123, libFLAC
  }

  /// The kinds of misreading.
  package enum Effect: Sendable, Equatable, Codable {
    /// The decoder rejects the file.
    case refused
    /// The decoder opens the file and returns no audio.
    case nothing
    /// The decoder stops early, in seconds from the start; `nil` if where is not known.
    case stops(at: Double?)
    /// The decoder also plays bytes that are not audio, or audio that is not to be played, in seconds; `nil` if how
    /// much is not known.
    case adds(seconds: Double?)
    /// The decoder leaves out audio in the middle, in seconds; `nil` if how much is not known.
    case drops(seconds: Double?)
    /// The decoder returns noise.
    case garbled
    /// The decoder plays all audio, and reports another length or none.
    case wrongLength
    /// The decoder converts the rest to the format of the beginning.
    case converted
    /// The decoder returns the audio and then fails.
    case failsAtEnd
    /// The decoder may play a part that is not whole.
    case mayAdd
    /// The decoder reads the audio and reports another length, in seconds.
    case reports(seconds: Double)
  }

  /// The decoder.
  package let decoder: Decoder
  /// The kind of misreading.
  package let effect: Effect

  /// Creates a misreading.
  package init(_ decoder: Decoder, _ effect: Effect) {
    self.decoder = decoder
    self.effect = effect
  }
}

extension Misreading: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch effect {
    case .refused: "\(decoder.rawValue) rejects it"
    case .nothing: "\(decoder.rawValue) decodes nothing"
    case .stops(let seconds?): "\(decoder.rawValue) stops at \(describe(seconds: seconds))"
    case .stops(nil): "\(decoder.rawValue) stops early"
    case .adds(let seconds?): "\(decoder.rawValue) plays \(describe(seconds: seconds)) more"
    case .adds(nil): "\(decoder.rawValue) plays more"
    case .drops(let seconds?): "\(decoder.rawValue) leaves out \(describe(seconds: seconds))"
    case .drops(nil): "\(decoder.rawValue) leaves out a part"
    case .garbled: "\(decoder.rawValue) reads noise"
    case .wrongLength: "\(decoder.rawValue) reports a wrong length"
    case .converted: "\(decoder.rawValue) converts all to the format of the beginning"
    case .failsAtEnd: "\(decoder.rawValue) fails at its end"
    case .mayAdd: "\(decoder.rawValue) may play it"
    case .reports(let seconds): "\(decoder.rawValue) reports \(describe(seconds: seconds))"
    }
  }
}
