import RepriseSystem

/// A reader of one flac file as a stream of samples of any width, exact to the bit.
@safe struct FLACReader: ~Copyable {
  private let file: InputFile
  private let stream: FLACStream
  private let pending: Pending
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Number of channels, 1 to 8.
  let channels: Int
  /// Encoding of the samples in the file.
  let encoding: SampleEncoding

  /// Largest number of missing samples per channel that silence replaces.
  private static let mostSilence = 1 << 22

  /// Samples that were decoded and not yet requested.
  private final class Pending {
    var samples: ArraySlice<Int32> = []
    var next = 0
    var done = 0
  }

  /// Opens the stream whose "fLaC" marker is at `offset`.
  init(_ file: InputFile, offset: Int, cancellation: Cancellation?) throws(AudioFileError) {
    let layout = try FLACLayout(file, start: offset)
    guard let start = layout.audioStart else { throw AudioFileError(path: file.path, .endsInMetadata) }
    let first = FLACFrameHeader(try file.bytes(at: start, count: FLACFrameHeader.mostBytes), at: 0)
    guard let head = layout.head(first: first), let info = FLACLayout.StreamInfo(head.streamInfo), info.sampleRate > 0
    else { throw AudioFileError(path: file.path, .noStreamInfo) }
    let stream = try FLACStream(file, head: head, from: start, cancellation: cancellation)
    sampleRate = info.sampleRate
    channels = info.channels
    encoding = .integer(bits: info.bitsPerSample)
    pending = Pending()
    self.stream = stream
    self.file = file
  }

  /// Fills `samples` with whole frames of left-justified integers and returns the number of frames; 0 at the end.
  func read(into samples: inout [Int32]) throws(AudioFileError) -> Int {
    var filled = 0
    let wanted = samples.count - samples.count % channels
    while filled < wanted {
      if pending.next == pending.samples.endIndex, try !refill() { break }
      let count = min(wanted - filled, pending.samples.endIndex - pending.next)
      samples.replaceSubrange(
        filled..<filled + count, with: pending.samples[pending.next..<pending.next + count])
      filled += count
      pending.next += count
    }
    return filled / channels
  }

  /// Fills `samples` with whole frames of floats and returns the number of frames; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    var filled = 0
    let wanted = samples.count - samples.count % channels
    let scale = Float(1) / 2_147_483_648
    while filled < wanted {
      if pending.next == pending.samples.endIndex, try !refill() { break }
      let count = min(wanted - filled, pending.samples.endIndex - pending.next)
      for index in 0..<count { samples[filled + index] = Float(pending.samples[pending.next + index]) * scale }
      filled += count
      pending.next += count
    }
    return filled / channels
  }

  /// Decodes until there are samples; returns `false` at the end.
  private func refill() throws(AudioFileError) -> Bool {
    pending.next = 0
    // Lets the stream reuse the memory.
    pending.samples = []
    while let step = try stream.step() {
      guard step.frames > 0 else { continue }
      guard step.channels == channels else {
        throw AudioFileError(
          path: file.path,
          .channelChange(
            from: channels, to: step.channels, seconds: Double(pending.done) / Double(sampleRate)))
      }
      pending.samples = stream.block
      pending.done += step.frames
      // Frames that are missing take their time, so that what follows them keeps its place.
      if step.skipped > 0, step.skipped <= Self.mostSilence {
        pending.samples = [Int32](repeating: 0, count: step.skipped * channels) + pending.samples
        pending.done += step.skipped
      }
      return true
    }
    return false
  }
}
