package import RepriseAudio

extension Plan.Step {
  /// What a step does, and why.
  package indirect enum Detail: Sendable, Equatable {
    /// The file fits: its bytes stay as they are.
    case kept
    /// Tags, pictures and padding are dropped.
    ///
    /// - Parameters:
    ///   - bytes: how many bytes less the result has.
    ///   - chunks: a wav's chunks that its new header leaves out.
    case stripped(bytes: Int, chunks: [RemovedChunk])
    /// A header that every program understands is written in front of the audio's own bytes.
    ///
    /// - Parameter chunks: a wav's chunks that the new header leaves out.
    case newHeader(chunks: [RemovedChunk])
    /// A part of the recording is taken.
    case cut(Cut)
    /// The samples fade in or out, as was asked for; durations in seconds, 0 for none.
    case faded(in: Double, out: Double)
    /// The samples are encoded as flac.
    case flac(FLACConversion)
    /// The samples are encoded as mp3.
    case mp3(MP3Conversion)
    /// The samples are written as wav, as was asked for.
    ///
    /// - Parameters:
    ///   - bits: of a sample.
    ///   - level: what becomes of the level; `nil` if it stays.
    case wav(bits: Int, level: LevelChange?)
    /// What is done where the result has at most so many bytes, and what is done where it has more.
    case either(Detail, ifAtMost: Int, otherwise: Detail)
  }
}

/// A chunk of a wav that a new header leaves out: its places and words would not be true of a part.
package struct RemovedChunk: Sendable, Equatable {
  /// The chunk's identifier, such as `LIST`.
  package let name: String
  /// The size that its header declares; `nil` where it is not known.
  package let bytes: Int?

  package init(name: String, bytes: Int?) {
    self.name = name
    self.bytes = bytes
  }
}

/// The part of a recording that is taken.
package struct Cut: Sendable, Equatable {
  /// How a part is taken.
  package enum Method: Sendable, Equatable {
    /// A wav's own bytes, without the chunks that were left out.
    case bytes(without: [RemovedChunk])
    /// An mp3's own frames, exact to the sample.
    case frames
    /// Samples on their way to a lossless encoder.
    case losslessSamples
    /// Samples on their way to another encoding.
    case samples
  }

  /// Where it begins in the recording, in seconds.
  package let start: Double
  /// Where it ends.
  package let end: Double
  /// Why it is this part, in the order in which it was narrowed down; never empty.
  package let reasons: [ExcerptReason]
  /// How it is taken.
  package let method: Method

  package init(start: Double, end: Double, reasons: [ExcerptReason], method: Method) {
    self.start = start
    self.end = end
    self.reasons = reasons
    self.method = method
  }
}

/// What becomes of samples that are encoded as flac.
package enum FLACConversion: Sendable, Equatable {
  /// They stay the same, in a width of their own or the next that every decoder has.
  case same
  /// They stay the same in fewer bits: they hold no more.
  ///
  /// - Parameters:
  ///   - bits: what they have in the flac.
  ///   - used: what they really hold.
  ///   - source: how the source keeps them.
  case narrowed(to: Int, used: Int, from: SampleEncoding)
  /// They are rounded to 24 bits.
  case rounded(from: SampleEncoding, level: LevelChange?)
  /// They are what a lossy encoding decodes to, in so many bits.
  case decoded(bits: Int, level: LevelChange?)
}

/// What becomes of samples that are encoded as mp3.
package struct MP3Conversion: Sendable, Equatable {
  /// Why an mp3 is encoded again.
  package enum Cause: Sendable, Equatable {
    /// It fades in or out.
    case fades
    /// Its own frames cannot be copied.
    case refusal(MP3CutRefusal)
    /// No part of its own frames fits.
    case size
  }

  /// In bits a second.
  package let bitrate: Int
  /// The longest silence that stays around it where its frames have no room for its exact length, in seconds.
  package var surplus: Double?
  /// What becomes of the level; `nil` if it stays.
  package var level: LevelChange?
  /// The sample rates in Hz, where they differ.
  package var resampling: Resampling?
  /// The source's channels, where they are more than the two that mp3 has.
  package var mixedChannels: Int?
  /// Why an mp3 is encoded again; `nil` where the source is none.
  package var again: Cause?

  /// A change of the sample rate.
  package struct Resampling: Sendable, Equatable {
    /// The source's, in Hz.
    package let from: Int
    /// The result's, in Hz.
    package let to: Int

    package init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  package init(bitrate: Int) { self.bitrate = bitrate }
}

/// What becomes of a level on its way to an encoder; everything in dB.
package enum LevelChange: Sendable, Equatable {
  /// Where peaks go over full scale.
  package enum Place: Sendable, Equatable {
    /// In an mp3's own decoding, where players clip it.
    case ownDecoding
    /// At the samples themselves.
    case samples
    /// Between the samples.
    case betweenSamples
  }

  /// It is lowered by as much as its peaks are over full scale.
  case lowered(by: Double)
  /// It is lowered by as much as its peaks are over full scale, and as coding is known to raise them.
  case loweredForCoding(by: Double, peak: Double, place: Place, rise: Double)
  /// Its peaks are so far under full scale (negative) that coding may raise them over it; then it is lowered by as much.
  case watched(peak: Double)
}
