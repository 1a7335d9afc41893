internal import CSoxr

/// A converter of the sample rate of a signal, block by block, without delay.
///
/// Uses libsoxr at high quality: pass band to 91 % of the lower Nyquist frequency, aliases below −120 dB.
package struct StreamResampler: ~Copyable {
  /// Number of channels.
  package let channels: Int
  /// Output rate divided by input rate.
  package let ratio: Double

  private let handle: Handle

  /// Creates a resampler of interleaved audio.
  ///
  /// - Throws: `SignalError` if a rate is not positive, the rates are more than 1000 times apart, or `channels` is not
  ///   1…64.
  package init(channels: Int, from input: Double, to output: Double) throws(SignalError) {
    guard (1...64).contains(channels) else {
      throw SignalError(.unsupportedChannels, "resampling takes 1 to 64 channels, not \(channels)")
    }
    guard input > 0, output > 0, output / input > 0.001, output / input < 1000 else {
      throw SignalError(.unsupportedRate, "cannot resample from \(input) Hz to \(output) Hz")
    }
    let handle = try Handle(channels: channels, from: input, to: output)
    self.channels = channels
    ratio = output / input
    self.handle = handle
  }

  /// Adds interleaved frames and returns the output that is ready; the rest is returned by later calls.
  package mutating func process(_ interleaved: [Float]) throws(SignalError) -> [Float] {
    precondition(interleaved.count.isMultiple(of: channels))
    var result: [Float] = []
    var consumed = 0
    let frames = interleaved.count / channels
    while consumed < frames {
      let (used, piece) = try run(interleaved, from: consumed, last: false)
      consumed += used
      result += piece
      if used == 0 && piece.isEmpty { break }
    }
    return result
  }

  /// Ends the signal and returns the remaining frames.
  package consuming func finish() throws(SignalError) -> [Float] {
    var result: [Float] = []
    while true {
      let (_, piece) = try run([], from: 0, last: true)
      if piece.isEmpty { return result }
      result += piece
    }
  }

  private func run(_ input: [Float], from first: Int, last: Bool) throws(SignalError) -> (used: Int, output: [Float]) {
    let frames = input.count / channels - first
    let room = Int(Double(frames) * ratio) + 4096
    var used = 0
    var made = 0
    var failure: SignalError?
    let output = unsafe [Float](unsafeUninitializedCapacity: room * channels) { buffer, count in
      unsafe input.withUnsafeBufferPointer { source in
        let start = unsafe last ? nil : source.baseAddress.map { unsafe $0 + first * channels }
        let lastError = unsafe soxr_process(handle.pointer, start, frames, &used, buffer.baseAddress, room, &made)
        if let message = unsafe lastError {
          failure = SignalError(.library, "resampling: \(unsafe String(cString: message))")
        }
      }
      count = made * channels
    }
    if let failure { throw failure }
    return (used, output)
  }

  @safe struct Handle: ~Copyable {
    let pointer: soxr_t

    init(channels: Int, from input: Double, to output: Double) throws(SignalError) {
      var lastError: soxr_error_t?
      var quality = unsafe soxr_quality_spec(UInt(SOXR_HQ), 0)
      let made = unsafe soxr_create(input, output, UInt32(channels), &lastError, nil, &quality, nil)
      guard let made = unsafe made else {
        let message = unsafe lastError.map { unsafe String(cString: $0) } ?? "no memory"
        throw SignalError(.library, "resampling from \(input) Hz to \(output) Hz: \(message)")
      }
      unsafe pointer = unsafe made
    }

    deinit { unsafe soxr_delete(pointer) }
  }
}

/// Converts the sample rate of a whole signal; the result has the same duration, to within a sample.
///
/// - Throws: `SignalError` as `StreamResampler.init` does.
package func resample(
  _ interleaved: [Float], channels: Int, from input: Double, to output: Double
) throws(SignalError) -> [Float] {
  if input == output { return interleaved }
  var resampler = try StreamResampler(channels: channels, from: input, to: output)
  var result = try resampler.process(interleaved)
  result += try resampler.finish()
  return result
}
