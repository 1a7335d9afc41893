/// A listener that receives every sample while a file is inspected, so that it need not be decoded again.
///
/// An inspection that decodes nothing, because the file is damaged or holds no audio, calls neither method. All calls
/// are made on the thread that inspects.
package protocol SampleListener: AnyObject {
  /// Called before the first samples.
  ///
  /// - Parameters:
  ///   - format: The format of the file.
  ///   - sampleRate: The sample rate in Hz.
  ///   - channels: The number of channels.
  func begin(format: FileFormat, sampleRate: Int, channels: Int)

  /// Called with the next whole frames, interleaved, nominally −1…1.
  func take(_ samples: [Float])
}
