public import RepriseAudio

/// The changes to be made to a recording, planned without touching the audio beyond a survey.
public struct Plan: Sendable, Equatable {
  /// One change.
  public struct Step: Sendable, Equatable {
    /// Kinds of change, from the least to the greatest.
    public enum Action: String, Sendable {
      /// The bytes stay unchanged.
      case keep
      /// Tags, pictures and padding are dropped.
      case strip
      /// Header, sizes, totals or tail are written anew; the audio's bytes stay.
      case mend
      /// The audio is taken out of a container, without encoding.
      case unwrap
      /// A part of the recording is taken.
      case cut
      /// The audio is encoded in another way.
      case convert
      /// The intact parts of a damaged recording are used.
      case salvage
    }

    /// Kind of the change.
    public let action: Action
    /// `true` if every remaining sample is unchanged.
    package let lossless: Bool
    /// Description of the change and of the reason.
    package let detail: Detail
  }

  /// Path of the recording.
  package internal(set) var path: String
  /// Changes in the order of execution.
  public internal(set) var steps: [Step]
  /// Start of the result in the recording, in seconds.
  public internal(set) var start: Double
  /// End of the result in the recording, in seconds.
  public internal(set) var end: Double
  /// Format of the result; MP3 instead where a FLAC file turns out larger than predicted.
  public let format: FileFormat
  /// Size of the result in bytes: exact where bytes are copied, otherwise the maximum.
  package let predictedBytes: Int
  /// `true` if every remaining sample is unchanged.
  public var lossless: Bool { steps.allSatisfy(\.lossless) }

  /// `true` if the result is a part of the recording.
  var isPart: Bool { steps.contains { $0.action == .cut } }

  /// Stretches inside the part that the result leaves out.
  package var lost: [LostStretch] = []
  /// Requested or automatic change of the level, in dB; `nil` for none.
  package var gain: Double?

  /// Tags of the result, and those that it loses; `nil` if the recording has none, or its own stay as they are.
  package var tags: CarriedTags? { work.tags }
  /// Damaged recording of which what is whole is used; `nil` if the recording is whole.
  package internal(set) var salvaging: Salvaging?

  /// Method of making the result.
  package let work: Work
  /// Method used if the result of the first one turns out larger than the service accepts.
  package let fallback: Work?
  /// Container around the stream of which the recording consists; `nil` if there is none.
  package let unwrapping: Unwrapping.Facts?
  /// Format of the recording, or of the stream that it wraps.
  package let sourceFormat: FileFormat
  /// Size of the recording in bytes at the inspection.
  package internal(set) var sourceBytes: Int
  /// `true` if every sample of the source has been checked.
  package let isChecked: Bool
  /// Limits of the result.
  package let limits: AudioLimits
}

/// A way to make the result.
package struct Work: Sendable, Equatable {
  /// A method of producing the bytes of the result.
  package enum Method: Sendable, Equatable {
    /// A stretch of the source's bytes: all of the file, or an MP3 file's frames without the surrounding data.
    case copy(Range<Int>)
    /// Ranges of the source's bytes and new bytes; the result is compared with the source before use.
    case splice(ByteSplice)
    /// The samples' own bytes after a new RIFF header.
    case wave(frames: Range<Int>)
    /// An MP3 file's own frames after a header that makes the part exact; the range is in samples per channel of the
    /// recording.
    case mp3Frames(Range<Int>, MP3FrameFacts)
    /// The frames after a STREAMINFO with the true length and without other metadata.
    case flacFrames(Range<Int>, totalSamples: Int)
    /// The samples, decoded and encoded again.
    case encode(Encode)
  }

  /// The changes to the samples before encoding.
  package struct Encode: Sendable, Equatable {
    /// Frame indices in the source, at the source's sample rate.
    package var frames: Range<Int>
    /// Encoding of the result.
    package var encoding: AudioEncoder.Encoding
    /// Sample rate of the result in Hz.
    package var sampleRate: Int
    /// Number of channels of the result.
    package var channels: Int
    /// Stretches of `frames` that are left out, in order.
    package var removed: [Range<Int>] = []
    /// Channels of the result before an encoder that takes fewer; `nil` for those of the source.
    package var mix: ChannelMix?
    /// Factor applied to every sample.
    package var gain: Float = 1
    /// Length of the fade-in, in frames of the source.
    package var fadeIn = 0
    /// Length of the fade-out, in frames of the source.
    package var fadeOut = 0
    /// `true` if the level of the decoded MP3 file is measured afterwards, as it may exceed full scale.
    package var mayClip = true
  }

  /// Method of producing the bytes.
  package var method: Method
  /// Format of the result.
  package let format: FileFormat
  /// Steps that describe the changes.
  package var steps: [Plan.Step]
  /// Maximum size in bytes.
  package var predictedBytes: Int
  /// End of the result in the source, in seconds.
  package let end: Double
  /// Likeliest size in bytes, if predicted from the samples; `nil` if the size is exact or unknown.
  package var likelyBytes: Int?
  /// Tags of the result; `nil` if the recording has none, or the method keeps its own as they are.
  package var tags: CarriedTags?
}

extension Work {
  /// `true` if the result is compared with the source before use, so that another method may be needed.
  var needsProof: Bool {
    switch method {
    case .mp3Frames, .splice: true
    case .copy, .wave, .flacFrames, .encode: false
    }
  }
}
