/// A way to rewrite a file around its own audio, so that every decoder reads it alike.
///
/// An inspector proposes it; the planner chooses it where no lesser change suffices; the result is proved by decoding
/// both files.
package struct Mending: Sendable, Equatable {
  /// Changes, in the order of the file.
  package let repairs: [Repair]
  /// Bytes of the result.
  package let result: ByteSplice
  /// Bytes of a result without tags, pictures and other blocks beside the audio; `nil` if there are none.
  package let bare: ByteSplice?
  /// Number of frames (samples per channel) to which the result decodes; `nil` if that of the source as inspected.
  package let frames: Int?

  /// Creates a way to rewrite a file.
  package init(repairs: [Repair], result: ByteSplice, bare: ByteSplice? = nil, frames: Int? = nil) {
    self.repairs = repairs
    self.result = result
    self.bare = bare
    self.frames = frames
  }
}

/// A change to a file that leaves its audio as it is.
package enum Repair: Sendable, Equatable {
  /// A change that only a wav needs.
  case wave(WaveRepair)
  /// A change that only a flac needs.
  case flac(FLACRepair)
  /// A change that only an mp3 needs.
  case mp3(MP3Repair)
}
