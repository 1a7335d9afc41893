import Foundation
import RepriseSystem

/// The program ffmpeg as people call it: it recognises the file by its content, and decodes it to floats.
///
/// It gets the open file, as the other decoders do: the name may be that of what was fetched from stdin or a URL, or of
/// another file by now.
struct FFmpegDecoding: Sendable {
  private let program: String
  /// Version of the program; `nil` if it tells none.
  let version: String?
  private let timeout: Int

  /// Finds the program in `PATH`; `nil` if it is not installed.
  init?(timeout: Int) {
    guard let program = Executable.path(of: "ffmpeg") else { return nil }
    self.program = program
    self.timeout = timeout
    var output: [UInt8] = []
    _ = try? FFmpegDecoding.run(program, ["-version"], input: nil, timeout: 20, cancellation: nil, path: program) {
      output += $0
      return output.count < 1 << 16
    }
    let words = String(decoding: output.prefix(200), as: UTF8.self).split(separator: " ")
    version = words.starts(with: ["ffmpeg", "version"]) ? words.dropFirst(2).first.map(String.init) : nil
  }

  /// Decodes the first sound track of a file.
  func read(
    _ file: InputFile, against own: DecodedComparison?, cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading.Outcome {
    var output = AUOutput()
    var failure: AudioFileError?
    let end = try FFmpegDecoding.run(
      program, FFmpegDecoding.arguments, input: file.descriptor, timeout: timeout, cancellation: cancellation,
      path: file.path
    ) { bytes in
      do throws(AudioFileError) {
        try output.take(bytes, against: own)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    guard let end else { return .overdue(seconds: timeout) }
    let message = end.message.map { FFmpegDecoding.plain($0) }
    guard output.channels > 0 else { return .refused(message ?? "\(end.exit)") }
    if output.frames == 0, end.exit != .status(0) { return .refused(message ?? "\(end.exit)") }
    let isWhole = end.exit == .status(0)
    return .decoded(
      DecoderReading.Decoded(
        frames: output.frames, sampleRate: output.sampleRate, channels: output.channels,
        comparison: try own?.finish(), complaints: max(end.lines, isWhole ? 0 : 1),
        message: message ?? (isWhole ? nil : "\(end.exit)")))
  }

  /// Arguments that decode the file to stdout as AU with 32-bit floats, whose header needs no length.
  private static let arguments = [
    "-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", FFmpegProgram.input,
    "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-c:a", "pcm_f32be", "-f", "au", "pipe:1",
  ]

  /// Returns a message without the addresses and names in front of it.
  private static func plain(_ message: String) -> String {
    var rest = message[...]
    while rest.hasPrefix("["), let end = rest.firstRange(of: "] ") { rest = rest[end.upperBound...] }
    if rest.hasPrefix("file:"), let end = rest.ranges(of: ": ").last { rest = rest[end.upperBound...] }
    return String(rest)
  }

  /// The end of a process.
  private struct End {
    let exit: ProcessExit
    /// First line on stderr, and the number of lines.
    let message: String?
    let lines: Int
  }

  /// Runs the program and passes its output on until `take` returns `false`.
  ///
  /// - Returns: The end of the process; `nil` if it had to be killed, because it was too slow or no more was wanted.
  private static func run(
    _ program: String, _ arguments: [String], input: Int32?, timeout: Int, cancellation: Cancellation?, path: String,
    _ take: (ArraySlice<UInt8>) -> Bool
  ) throws(AudioFileError) -> End? {
    var process: ChildProcess
    do throws(ProcessSpawn.Failure) {
      process = try ChildProcess(program, arguments, environment: FFmpegProgram.environment, input: input)
    } catch {
      switch error {
      case .pipe(let number), .program(let number):
        return End(exit: .status(127), message: unsafe String(cString: strerror(number)), lines: 1)
      }
    }
    let began = SuspendingClock.now
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if cancellation?.isCancelled == true {
        process.kill()
        throw AudioFileError.cancelled(path)
      }
      let found = process.read(into: &block, within: 100)
      guard process.messageBytes <= FFmpegLimits.current.messages else {
        process.kill()
        return End(exit: .signal(SIGKILL), message: process.firstMessage, lines: process.messageLines)
      }
      switch found {
      case .bytes(let count):
        guard take(block[..<count]) else {
          process.kill()
          return nil
        }
      case .end:
        guard let exit = process.finish(within: 5000) else { return nil }
        return End(
          exit: exit, message: process.firstMessage,
          lines: max(process.messageLines, process.firstMessage == nil ? 0 : 1))
      case .nothing: break
      }
      if began.duration(to: .now) > .seconds(timeout) {
        process.kill()
        return nil
      }
    }
  }
}

/// The samples of an AU file of 32-bit floats that arrives in pieces.
struct AUOutput {
  private var pending: [UInt8] = []
  private var samples: [Float] = []
  /// Sample rate in Hz; 0 until the header has arrived.
  private(set) var sampleRate = 0
  /// Number of channels; 0 until the header has arrived.
  private(set) var channels = 0
  /// Number of whole frames.
  private(set) var frames = 0

  /// Takes the next bytes.
  mutating func take(_ bytes: ArraySlice<UInt8>, against own: DecodedComparison?) throws(AudioFileError) {
    pending += bytes
    if channels == 0 {
      guard pending.count >= 24, pending.has(".snd"), let offset = pending.big(at: 4, width: 4), offset >= 24,
        pending.count >= offset, let rate = pending.big(at: 16, width: 4), let count = pending.big(at: 20, width: 4),
        rate > 0, count > 0
      else { return }
      (sampleRate, channels) = (rate, count)
      pending.removeFirst(offset)
    }
    let count = pending.count / (4 * channels) * channels
    guard count > 0 else { return }
    samples.removeAll(keepingCapacity: true)
    unsafe pending.withUnsafeBytes { raw in
      for index in 0..<count {
        let word = unsafe raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        samples.append(Float(bitPattern: UInt32(bigEndian: word)))
      }
    }
    pending.removeFirst(4 * count)
    frames += count / channels
    try own?.add(samples.span, channels: channels, sampleRate: sampleRate)
  }
}
