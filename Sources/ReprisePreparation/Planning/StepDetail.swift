package import RepriseAudio

extension Plan.Step {
  /// The description of a step and of its reason.
  package indirect enum Detail: Sendable, Equatable {
    /// The file fits and stays unchanged.
    case kept
    /// Tags, pictures and padding are dropped.
    ///
    /// - Parameters:
    ///   - bytes: The number of bytes removed.
    ///   - chunks: The chunks of a WAV file that its new header leaves out.
    case stripped(bytes: Int, chunks: [RemovedChunk])
    /// A header that every program understands is written in front of the audio's own bytes.
    ///
    /// - Parameter chunks: The chunks of a WAV file that the new header leaves out.
    case newHeader(chunks: [RemovedChunk])
    /// The file is rewritten around its own audio, so that every decoder reads it alike.
    case mended([Repair])
    /// The stream is taken out of its container, byte for byte.
    case unwrapped(Unwrapping.Facts)
    /// Several files in one are joined to one recording.
    case joined(JoinFacts)
    /// What is whole of a damaged recording is used, as requested.
    case salvaged(SalvageFacts)
    /// A part of the recording is taken.
    case cut(Cut)
    /// Silence inside the part is shortened, as requested.
    case silenceShortened(SilenceCut)
    /// Channels are picked or mixed, as requested.
    case channels(ChannelChange)
    /// The level is changed, as requested.
    case gain(GainChange)
    /// The samples fade in or out, as requested; lengths in seconds, 0 for none.
    case faded(in: Double, out: Double)
    /// The samples are encoded as FLAC.
    case flac(FLACConversion)
    /// The samples are encoded as MP3.
    case mp3(MP3Conversion)
    /// The samples are written as WAV, as requested.
    ///
    /// - Parameters:
    ///   - bits: The number of bits per sample.
    ///   - level: The change of the level; `nil` for none.
    ///   - isAsked: `true` if WAV was requested, and `false` if nothing else holds the samples.
    case wav(bits: Int, level: LevelChange?, isAsked: Bool)
    /// The first step applies if the result has at most `ifAtMost` bytes, the second otherwise.
    case either(Detail, ifAtMost: Int, otherwise: Detail)
  }
}

/// A chunk of a WAV file that a new header leaves out, as its positions and texts would be wrong for a part.
package struct RemovedChunk: Sendable, Equatable {
  /// Identifier of the chunk, such as `LIST`.
  package let name: String
  /// Size declared by the chunk's header, in bytes; `nil` if unknown.
  package let bytes: Int?

  package init(name: String, bytes: Int?) {
    self.name = name
    self.bytes = bytes
  }
}

/// The part of a recording that is taken.
package struct Cut: Sendable, Equatable {
  /// A method of taking a part.
  package enum Method: Sendable, Equatable {
    /// A WAV file's own bytes, without the chunks left out.
    case bytes(without: [RemovedChunk])
    /// An MP3 file's own frames, exact to the sample.
    case frames
    /// Samples for a lossless encoder.
    case losslessSamples
    /// Samples for another encoder.
    case samples
  }

  /// Start in the recording, in seconds.
  package let start: Double
  /// End in the recording, in seconds.
  package let end: Double
  /// Reasons for the choice of this part, in the order in which the choice was narrowed; never empty.
  package let reasons: [ExcerptReason]
  /// Method of taking the part.
  package let method: Method

  package init(start: Double, end: Double, reasons: [ExcerptReason], method: Method) {
    self.start = start
    self.end = end
    self.reasons = reasons
    self.method = method
  }
}

/// The conversion of samples that are encoded as FLAC.
package enum FLACConversion: Sendable, Equatable {
  /// The samples stay unchanged, in their own width or in the next one that every decoder supports.
  case same
  /// The samples stay unchanged in fewer bits, as they use no more.
  ///
  /// - Parameters:
  ///   - bits: The width in the FLAC file.
  ///   - used: The number of bits used.
  ///   - source: The encoding of the source.
  case narrowed(to: Int, used: Int, from: SampleEncoding)
  /// The samples are rounded to 24 bits.
  case rounded(from: SampleEncoding, level: LevelChange?)
  /// Samples beyond the range of their width in bits are clipped to it: how many.
  case clipped(to: Int, samples: Int)
  /// The samples are the decoded ones of a lossy encoding, in `bits` bits.
  ///
  /// - Parameters:
  ///   - bits: The width in the FLAC file.
  ///   - codec: The lossy encoding, such as "mp3" or "aac".
  ///   - wasAsked: `true` if FLAC was requested; `false` if it is the way to lose nothing twice.
  ///   - level: The change of the level; `nil` for none.
  case decoded(bits: Int, from: String, wasAsked: Bool, level: LevelChange?)
}

/// The conversion of samples that are encoded as MP3.
package struct MP3Conversion: Sendable, Equatable {
  /// A reason to encode an MP3 file again.
  package enum Cause: Sendable, Equatable {
    /// The samples fade in or out.
    case fades
    /// The level is changed as requested.
    case level
    /// Channels are picked or mixed as requested.
    case channels
    /// Silence is shortened as requested.
    case silence
    /// The frames cannot be copied.
    case refusal(MP3CutRefusal)
    /// No part of the file's own frames fits.
    case size
  }

  /// Bit rate in bit/s.
  package let bitrate: Int
  /// Maximum length of the silence that remains around the part where its frames have no room for the exact length, in
  /// seconds.
  package var surplus: Double?
  /// Change of the level; `nil` for none.
  package var level: LevelChange?
  /// Change of the sample rate; `nil` for none.
  package var resampling: Resampling?
  /// Number of channels of the source, if more than the two that MP3 supports; otherwise `nil`.
  package var mixedChannels: Int?
  /// Reason to encode an MP3 file again; `nil` for other sources.
  package var again: Cause?
  /// Sample rates and numbers of channels of the sections that are brought into one form; `nil` if there is one only.
  package var sections: Sections?

  /// The forms that occur in an MP3 file whose sample rate or number of channels changes; the richest is kept.
  package struct Sections: Sendable, Equatable {
    /// Sample rates in Hz, ascending.
    package let sampleRates: [Int]
    /// Numbers of channels, ascending.
    package let channels: [Int]

    package init(sampleRates: [Int], channels: [Int]) {
      self.sampleRates = sampleRates
      self.channels = channels
    }
  }

  /// A change of the sample rate.
  package struct Resampling: Sendable, Equatable {
    /// Sample rate of the source in Hz.
    package let from: Int
    /// Sample rate of the result in Hz.
    package let to: Int

    package init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  package init(bitrate: Int) { self.bitrate = bitrate }
}

/// A change of the level before encoding; all values in dB.
package enum LevelChange: Sendable, Equatable {
  /// A signal whose peaks exceed full scale.
  package enum Location: Sendable, Equatable {
    /// The decoded signal of the MP3 source, which players clip.
    case ownDecoding
    /// The samples themselves.
    case samples
    /// The signal between the samples.
    case betweenSamples
  }

  /// The level is reduced by the excess of the peaks over full scale.
  case lowered(by: Double)
  /// The level is reduced by the excess of the peaks over full scale and by the known rise of coding.
  case loweredForCoding(by: Double, peak: Double, location: Location, rise: Double)
  /// The peaks are so little below full scale (negative) that coding may raise them above it; the level is then reduced
  /// by the excess.
  case watched(peak: Double)
}
