internal import CFLAC
import RepriseSystem

/// libFLAC as other programs call it: from the first byte of the file, with the MD5 compared.
enum LibFLACDecoding {
  /// Version of the library, such as "1.4.2".
  static var version: String? { unsafe reprise_flac_version().map { unsafe String(cString: $0) } }

  /// Decodes a file.
  static func read(
    _ file: InputFile, against own: DecodedComparison?, cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading.Outcome {
    let stream = try FLACStream(
      file, head: nil, from: 0, checkingMD5: true, wantsFloats: true, cancellation: cancellation)
    var frames = 0
    var form: (rate: Int, channels: Int)?
    var complaints = 0
    var first: DamageSpan.Kind?
    while let step = try stream.step() {
      complaints += step.errorCount
      if first == nil { first = step.errors.first }
      guard step.frames > 0, let rate = stream.sampleRate else { continue }
      let known = form ?? (rate, step.channels)
      form = known
      frames += step.frames
      if known.channels != step.channels || step.isForeign { own?.stop() }
      var failure: AudioFileError?
      stream.withFloats(from: 0) { samples in
        do throws(AudioFileError) {
          try own?.add(samples, channels: step.channels, sampleRate: known.rate)
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
    var message = first.map { "\($0)" }
    if !stream.finish(), complaints == 0 {
      complaints = 1
      message = "MD5 of the samples differs"
    }
    guard let form else { return .refused(message ?? "no frame found") }
    return .decoded(
      DecoderReading.Decoded(
        frames: frames, sampleRate: form.rate, channels: form.channels, comparison: try own?.finish(),
        complaints: complaints, message: message))
  }
}
