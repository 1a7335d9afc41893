public import RepriseAudio

/// What is going to be done to a recording, made without touching its audio beyond a survey.
public struct Plan: Sendable, Equatable {
  /// One change.
  public struct Step: Sendable, Equatable {
    /// The kinds of change, from the least to the most.
    public enum Action: String, Sendable {
      /// The same bytes.
      case keep
      /// Tags, pictures and padding are dropped.
      case strip
      /// A part of it.
      case cut
      /// Another encoding.
      case convert
    }

    /// What kind of change.
    public let action: Action
    /// Whether every sample that stays is what it was.
    public let lossless: Bool
    /// What is done, and why.
    package let detail: Detail
  }

  /// The recording.
  public let path: String
  /// The changes, in the order they are made.
  public let steps: [Step]
  /// Where the result begins in the recording, in seconds.
  public let start: Double
  /// Where it ends.
  public let end: Double
  /// What the result will be; where a flac turns out larger than foreseen, it is an mp3 after all.
  public let format: FileFormat
  /// The result's size: exact where bytes are copied, else the most it can be.
  public let predictedBytes: Int
  /// Whether every sample that stays is what it was.
  public var lossless: Bool { steps.allSatisfy(\.lossless) }

  /// What carries it out.
  package let work: Work
  /// What does instead if the first turns out larger than the service takes.
  package let fallback: Work?
  /// What the recording is.
  package let sourceFormat: FileFormat
  /// The recording's size when it was inspected.
  package let sourceBytes: Int
  /// Whether every sample of the source has been checked.
  package let isChecked: Bool
  /// What the result must keep.
  package let limits: AudioLimits
}

/// One way to make the result.
package struct Work: Sendable, Equatable {
  /// How the bytes come about.
  package enum Method: Sendable, Equatable {
    /// A stretch of the source's bytes: all of it, or an mp3's frames without what surrounds them.
    case copy(Range<Int>)
    /// The samples' own bytes behind a new RIFF header.
    case wave(frames: Range<Int>)
    /// An mp3's own frames behind a header that makes the part exact; in samples a channel of the recording.
    case mp3Frames(Range<Int>, MP3FrameFacts)
    /// The frames behind a STREAMINFO with the true length and no other metadata.
    case flacFrames(Range<Int>, totalSamples: Int)
    /// Decoded and encoded again.
    case encode(Encode)
  }

  /// How samples are changed on the way to an encoder.
  package struct Encode: Sendable, Equatable {
    /// Frames of the source, at its own rate.
    package var frames: Range<Int>
    /// What is written.
    package var encoding: AudioEncoder.Encoding
    /// In Hz.
    package var sampleRate: Int
    /// Samples a frame in the result.
    package var channels: Int
    /// A factor on every sample.
    package var gain: Float = 1
    /// In frames of the source.
    package var fadeIn = 0
    /// In frames of the source.
    package var fadeOut = 0
    /// Whether an mp3's decoding is looked at afterwards, as it may go over full scale.
    package var mayClip = true
  }

  /// How.
  package let method: Method
  /// What comes out.
  package let format: FileFormat
  /// What is said about it.
  package let steps: [Plan.Step]
  /// The most bytes it can be.
  package let predictedBytes: Int
  /// Where it ends in the source, in seconds.
  package let end: Double
  /// The likeliest size where it was foreseen from the samples; `nil` where it is exact or not known.
  package var likelyBytes: Int?
}

extension Work {
  /// Whether what comes out is compared with the source before it is handed on, so that another way may be needed.
  var needsProof: Bool {
    if case .mp3Frames = method { return true }
    return false
  }
}
