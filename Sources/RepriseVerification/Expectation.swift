/// The properties that a result should have, as far as they are known.
package struct Expectation: Sendable, Equatable {
  /// A container format.
  package enum Container: String, Sendable, Codable {
    /// MPEG layer III.
    case mp3
    /// RIFF WAVE.
    case wav
    /// Native FLAC.
    case flac
    /// Headerless 16-bit little-endian samples, two channels.
    case pcm
  }

  /// The container that was asked for; `nil` accepts any.
  package var container: Container?
  /// The sample rate that was asked for, in Hz; `nil` accepts any.
  package var sampleRate: Int?
  /// `true` if the container and sample rate were asked for, so that others are a failure; `false` if they are the
  /// service's default.
  package var wasAsked: Bool
  /// The result's size in bytes as stated by the service; `nil` if it stated none.
  package var bytes: Int?
  /// The recording that the cover was made from; `nil` if nothing is compared.
  package var reference: Reference?
  /// `true` if the result was made by the engine of this program, which keeps the tune of its reference.
  package var isOurs: Bool
  /// The requests for the cover that can be checked in it.
  package var wishes: Wishes

  /// A recording, or a part of one.
  package struct Reference: Sendable, Equatable {
    /// The file.
    package var path: String
    /// The start of the part, in seconds.
    package var start: Double
    /// The end of the part, in seconds; infinity for the recording's own end.
    package var end: Double

    /// Creates a reference; by default, a whole recording.
    package init(path: String, start: Double = 0, end: Double = .infinity) {
      self.path = path
      self.start = start
      self.end = end
    }
  }

  /// Creates an expectation; by default, of nothing.
  package init(
    container: Container? = nil, sampleRate: Int? = nil, wasAsked: Bool = true, bytes: Int? = nil,
    reference: Reference? = nil, isOurs: Bool = false, wishes: Wishes = .init()
  ) {
    self.container = container
    self.sampleRate = sampleRate
    self.wasAsked = wasAsked
    self.bytes = bytes
    self.reference = reference
    self.isOurs = isOurs
    self.wishes = wishes
  }
}
