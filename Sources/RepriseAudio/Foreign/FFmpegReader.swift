import RepriseSystem

/// A reader of the first sound track of a file, decoded by ffmpeg in a process of its own.
///
/// The process is killed when the reader goes, when the work is cancelled, and when it exceeds a limit.
final class FFmpegReader {
  private let file: InputFile
  private let cancellation: Cancellation?
  private let limits = FFmpegLimits.current
  private var process: ChildProcess
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var filled = 0
  private var used = 0
  private var hasEnded = false
  /// Time spent waiting since output last arrived, and in all.
  private var waited = (since: Duration.zero, total: Duration.zero)
  private var framesRead = 0
  /// Longest audio that the file can hold, in seconds.
  private let longest: Int
  private let name: String
  /// Error of an exit without success, thrown once all frames were read.
  private var failure: AudioFileError?
  /// Facts of ffprobe; `nil` if it is not installed.
  let facts: FFmpegFacts?
  /// Sample rate in Hz.
  private(set) var sampleRate = 0
  /// Number of channels.
  private(set) var channels = 0
  /// Encoding of the samples in the file.
  let encoding: SampleEncoding

  /// Starts ffmpeg and reads the header of its output.
  ///
  /// - Throws: `AudioFileError` `unsupportedFormat` if ffmpeg is missing or has no decoder, `notAudio` if there is no
  ///   sound track, `corrupt`, `truncated`, `io` or `cancelled`.
  init(
    _ file: InputFile, _ container: ForeignContainer, demuxers: String, cancellation: Cancellation?
  ) throws(AudioFileError) {
    guard let program = Executable.path(of: "ffmpeg") else {
      throw AudioFileError(path: file.path, .foreign(.ffmpegMissing(container.codec ?? container.name)))
    }
    let facts = try FFmpegFacts.probe(file, container, demuxers: demuxers, cancellation: cancellation)
    encoding = facts?.encoding ?? .float(bits: 32)
    let isInteger = if case .integer = encoding { true } else { false }
    do throws(ProcessSpawn.Failure) {
      process = try ChildProcess(
        program, FFmpegProgram.decoding(demuxers: demuxers, integers: isInteger),
        environment: FFmpegProgram.environment, input: file.descriptor)
    } catch {
      let number: Int32 =
        switch error {
        case .pipe(let number), .program(let number): number
        }
      throw AudioFileError(path: file.path, .foreign(.ffmpegNotStarted(errno: number)))
    }
    self.file = file
    self.cancellation = cancellation
    self.facts = facts
    name = container.name
    longest = limits.seconds(bytes: file.byteCount, declared: facts?.seconds)
    try readHeader()
  }

  /// Messages that ffmpeg wrote; `nil` if there are none.
  var complaint: FFmpegComplaint? { FFmpegComplaint(process.messageText, lines: process.messageLines) }

  /// Fills `samples` with whole frames of left-justified integers and returns the number of frames; 0 at the end.
  ///
  /// Not available for floats.
  func read(into samples: inout [Int32]) throws(AudioFileError) -> Int {
    let count = try fill(samples: samples.count)
    for index in 0..<count { samples[index] = Int32(bitPattern: word(index)) }
    used += 4 * count
    return count / channels
  }

  /// Fills `samples` with whole frames of floats and returns the number of frames; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    let count = try fill(samples: samples.count)
    if case .integer = encoding {
      let scale = Float(1) / 2_147_483_648
      for index in 0..<count { samples[index] = Float(Int32(bitPattern: word(index))) * scale }
    } else {
      for index in 0..<count { samples[index] = Float(bitPattern: word(index)) }
    }
    used += 4 * count
    return count / channels
  }

  /// Returns a big-endian word of the output that was not used yet.
  @inline(__always)
  private func word(_ index: Int) -> UInt32 {
    let place = used + 4 * index
    return UInt32(buffer[place]) << 24 | UInt32(buffer[place + 1]) << 16 | UInt32(buffer[place + 2]) << 8
      | UInt32(buffer[place + 3])
  }

  /// Waits until whole frames are there and returns their number of samples, at most `most`; 0 at the end.
  private func fill(samples most: Int) throws(AudioFileError) -> Int {
    let frame = 4 * channels
    guard most >= channels else { return 0 }
    // Blocks that depended on when ffmpeg writes would sum up to figures that differ in their last digits.
    let wanted = min(most / channels * frame, buffer.count / 2)
    while filled - used < max(frame, wanted), !hasEnded { try readMore() }
    let frames = min((filled - used) / frame, most / channels)
    if frames == 0, let failure { throw failure }
    if frames == 0, filled > used {
      throw AudioFileError(path: file.path, .foreign(.partialFrame(bytes: filled - used)))
    }
    framesRead += frames
    guard framesRead / sampleRate <= longest else { throw stop(.endless(seconds: longest)) }
    return frames * channels
  }

  /// Reads what has arrived, or notes the end.
  private func readMore() throws(AudioFileError) {
    if used > 0 {
      buffer.removeSubrange(..<used)
      buffer.append(contentsOf: repeatElement(0, count: used))
      filled -= used
      used = 0
    }
    // A frame of very many channels.
    if filled == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
    var block = [UInt8](repeating: 0, count: buffer.count - filled)
    while true {
      if cancellation?.isCancelled == true {
        process.kill()
        throw AudioFileError.cancelled(file.path)
      }
      let began = SuspendingClock.now
      let found = process.read(into: &block, within: 100)
      let passed = began.duration(to: .now)
      waited = (waited.since + passed, waited.total + passed)
      switch found {
      case .bytes(let count):
        buffer.replaceSubrange(filled..<filled + count, with: block[..<count])
        filled += count
        waited.since = .zero
        return
      case .end: return try end()
      case .nothing: break
      }
      guard process.messageBytes <= limits.messages else { throw stop(.flooded(bytes: process.messageBytes)) }
      guard waited.since < .milliseconds(limits.stall) else { throw stop(.stalled(seconds: limits.stall / 1000)) }
      let total = limits.total(bytes: file.byteCount)
      guard waited.total < .milliseconds(total) else { throw stop(.overdue(seconds: total / 1000)) }
    }
  }

  private func stop(_ problem: ForeignProblem) -> AudioFileError {
    process.kill()
    return AudioFileError(path: file.path, .foreign(problem))
  }

  /// Handles the end of the output; an exit without success is an error, once all frames were read.
  private func end() throws(AudioFileError) {
    hasEnded = true
    let exit = process.finish(within: 5000, messages: limits.messages)
    guard process.messageBytes <= limits.messages else { throw stop(.flooded(bytes: process.messageBytes)) }
    guard let exit else { throw stop(.stalled(seconds: 5)) }
    if exit != .status(0) { failure = failure(exit) }
  }

  /// Returns the error of an exit without success.
  private func failure(_ exit: ProcessExit) -> AudioFileError {
    // What a program said before it crashed is not about why it did.
    if case .signal = exit {
      return AudioFileError(path: file.path, .foreign(.ffmpegFailed(exit, message: complaint?.first)))
    }
    let text = process.messageText
    if text.contains("matches no streams") { return AudioFileError(path: file.path, .foreign(.noSound(name))) }
    if text.contains("Decoder (codec") || text.contains("Decoder not found") {
      return AudioFileError(path: file.path, .foreign(.unknownCodec(message: complaint?.first ?? "")))
    }
    return AudioFileError(path: file.path, .foreign(.ffmpegFailed(exit, message: complaint?.first)))
  }

  private func readHeader() throws(AudioFileError) {
    while filled < 24 || filled < offsetOfSamples, !hasEnded { try readMore() }
    guard filled >= 24, buffer.has(".snd"), filled >= offsetOfSamples, (24...4096).contains(offsetOfSamples),
      let rate = buffer.big(at: 16, width: 4), let channels = buffer.big(at: 20, width: 4)
    else {
      if let failure { throw failure }
      if filled == 0 { throw AudioFileError(path: file.path, .nothingDecoded) }
      throw stop(.malformedOutput)
    }
    guard WaveInspector.plausibleRates.contains(rate), (1...1024).contains(channels) else {
      throw stop(.form(channels: channels, sampleRate: rate))
    }
    sampleRate = rate
    self.channels = channels
    used = offsetOfSamples
  }

  /// Offset of the samples in the output, by its header.
  private var offsetOfSamples: Int { filled >= 8 ? min(buffer.big(at: 4, width: 4) ?? 0, 4096) : 0 }
}
