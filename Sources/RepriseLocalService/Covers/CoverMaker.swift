public import RepriseService

/// Makes a cover of a recording: what stands behind the local service.
public protocol CoverMaker: Sendable {
  /// Makes a cover and writes it, encoded, to `output`.
  ///
  /// - Parameters:
  ///   - reference: the path of the recording, which has passed the service's checks.
  ///   - prompt: the style wanted, 10–2000 characters.
  ///   - lyrics: words to sing, 10–3000 characters, if any came.
  ///   - setting: how to encode the cover.
  ///   - output: the path to write; nothing is there yet. What a failed attempt leaves is removed by the caller.
  ///   - progress: told how far the work is, 0…1.
  /// - Throws: whatever went wrong; its description becomes the generation's error message. `CoverFailure` also names
  ///   the class of the error.
  func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws
}

/// Why a generation failed, as the poll's `error` tells it.
public struct CoverFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The error's class, such as `ReferenceError`.
  public let name: String
  /// One sentence.
  public let message: String

  /// A failure in words.
  public init(name: String, message: String) {
    self.name = name
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
