/// Hears every sample while a file is inspected, so that it need not be decoded once more.
///
/// An inspection that decodes nothing, because the file is damaged or holds no audio, calls neither method. All calls
/// come from the thread that inspects.
package protocol SampleListener: AnyObject {
  /// Called before the first samples.
  ///
  /// - Parameters:
  ///   - format: What the file is.
  ///   - sampleRate: Frames a second, in Hz.
  ///   - channels: Samples a frame.
  func begin(format: FileFormat, sampleRate: Int, channels: Int)

  /// Called with the next whole frames, interleaved, nominally −1…1.
  func take(_ samples: [Float])
}
