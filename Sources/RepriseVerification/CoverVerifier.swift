public import RepriseAudio
public import RepriseSystem

/// A verifier that checks that a cover decodes in full, has the form that was asked for, and resembles its recording.
public struct CoverVerifier: Sendable {
  /// Creates a verifier.
  public init() {}

  /// Checks a cover.
  ///
  /// A cover that is damaged, silent or not audio yields a report that fails, not an error.
  ///
  /// - Parameters:
  ///   - cover: The cover: mp3, wav or flac.
  ///   - recording: The recording it was made of; `nil` compares it with nothing.
  /// - Returns: Every check with its outcome.
  /// - Throws: `CoverVerifierError`.
  public func verify(
    _ cover: FilePath, against recording: FilePath? = nil
  ) async throws(CoverVerifierError) -> VerificationReport {
    try await verify(
      cover, expecting: Expectation(reference: recording.map { Expectation.Reference(path: $0.text) }))
  }

  /// Checks a cover against all that is known of it beforehand.
  ///
  /// - Parameters:
  ///   - cover: The cover: mp3, wav, flac or, if expected, pcm.
  ///   - expectation: The container, sample rate and size that the cover should have, and the recording that it was
  ///     made of.
  /// - Returns: Every check with its outcome.
  /// - Throws: `CoverVerifierError`.
  package func verify(
    _ cover: FilePath, expecting expectation: Expectation
  ) async throws(CoverVerifierError) -> VerificationReport {
    do {
      return try await RepriseVerification.verify(cover.text, against: expectation)
    } catch let error as FileError {
      throw .unreadable(error)
    } catch let error as AudioFileError where error.code != .cancelled {
      throw .undecodable(error)
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw (error as? AudioFileError)?.code == .cancelled ? .cancelled : .failed(error)
    }
  }
}

/// A failure to check a cover.
public enum CoverVerifierError: Error, CustomStringConvertible {
  /// The cover or the recording could not be read.
  case unreadable(FileError)
  /// The recording could not be decoded.
  case undecodable(AudioFileError)
  /// The task was cancelled.
  case cancelled
  /// Another error.
  case failed(any Error)

  /// The error of the stage that failed; `nil` for a cancellation.
  public var underlying: (any Error)? {
    switch self {
    case .unreadable(let error): error
    case .undecodable(let error): error
    case .failed(let error): error
    case .cancelled: nil
    }
  }

  /// A short description of the failure.
  public var description: String { underlying.map { "\($0)" } ?? "cancelled" }
}
