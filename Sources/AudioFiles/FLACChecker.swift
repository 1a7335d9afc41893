internal import CFLAC
import Platform

/// A whole FLAC stream decoded by libFLAC, the only decoder that compares frame checksums and the MD5.
@safe struct FLACChecker: ~Copyable {
  /// What came out.
  struct Outcome {
    /// Samples a channel that were decoded without an error.
    var frames = 0
    /// Errors met: their kind and the sample after which each stands; the first hundred.
    var errors: [(kind: String, after: Int)] = []
    /// How many there were.
    var errorCount = 0
    /// Whether the MD5 in STREAMINFO is that of the samples; `nil` if it was never computed.
    var md5Matches: Bool?
    /// What the samples are like.
    var statistics: SignalStatistics?
  }

  /// What the callbacks share.
  private final class Context {
    let descriptor: CInt
    let byteCount: Int
    var offset: Int
    var outcome = Outcome()
    var failure: CInt = 0
    let cancellation: Cancellation?
    var block: [Float] = []

    init(descriptor: CInt, byteCount: Int, offset: Int, cancellation: Cancellation?) {
      self.descriptor = descriptor
      self.byteCount = byteCount
      self.offset = offset
      self.cancellation = cancellation
    }
  }

  private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>

  init(path: String) throws(AudioFileError) {
    guard let decoder = unsafe FLAC__stream_decoder_new() else {
      throw AudioFileError(.io, path: path, message: "libFLAC could not start: no memory")
    }
    unsafe self.decoder = unsafe decoder
  }

  deinit { unsafe FLAC__stream_decoder_delete(decoder) }

  /// Decodes everything from `offset` on.
  func run(
    _ file: borrowing InputFile, from offset: Int, hasMD5: Bool, cancellation: Cancellation?
  ) throws(AudioFileError) -> Outcome {
    let context = Context(
      descriptor: file.descriptor, byteCount: file.byteCount, offset: offset, cancellation: cancellation)
    unsafe FLAC__stream_decoder_set_md5_checking(decoder, hasMD5 ? 1 : 0)
    let status = unsafe FLAC__stream_decoder_init_stream(
      decoder, FLACChecker.read, nil, nil, nil, nil, FLACChecker.write, nil, FLACChecker.report,
      Unmanaged.passUnretained(context).toOpaque())
    guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else {
      throw AudioFileError(.io, path: file.path, message: "libFLAC could not start (status \(status.rawValue))")
    }
    let whole = unsafe FLAC__stream_decoder_process_until_end_of_stream(decoder) != 0
    // Finishing compares the MD5; it also says "wrong" if samples were lost, which the errors tell better.
    let matches = unsafe FLAC__stream_decoder_finish(decoder) != 0
    return try withExtendedLifetime(context) { () throws(AudioFileError) -> Outcome in
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      if context.failure != 0 {
        throw AudioFileError(FileError(errno: context.failure, path: file.path, doing: "read"))
      }
      if !whole { context.outcome.errorCount += 1 }
      context.outcome.md5Matches = hasMD5 ? matches : nil
      return context.outcome
    }
  }

  private static let read: FLAC__StreamDecoderReadCallback = { _, buffer, count, context in
    guard let context = unsafe context, let buffer = unsafe buffer, let count = unsafe count else {
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    if state.cancellation?.isCancelled == true { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
    let wanted = unsafe min(count.pointee, max(state.byteCount - state.offset, 0))
    let got = wanted == 0 ? 0 : unsafe systemRead(state.descriptor, buffer, wanted, at: state.offset)
    unsafe count.pointee = max(got, 0)
    if got < 0 {
      state.failure = CInt(-got)
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    state.offset += got
    return got == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
  }

  private static let write: FLAC__StreamDecoderWriteCallback = { _, frame, channels, context in
    guard let context = unsafe context, let frame = unsafe frame, let channels = unsafe channels else {
      return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
    }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    let header = unsafe frame.pointee.header
    let count = Int(header.blocksize)
    let width = Int(header.channels)
    let scale = 1 / Float(UInt64(1) << (UInt64(max(header.bits_per_sample, 1)) - 1))
    if state.outcome.statistics == nil { state.outcome.statistics = SignalStatistics(channels: width) }
    state.block.removeAll(keepingCapacity: true)
    for index in 0..<count {
      for channel in 0..<width {
        guard let samples = unsafe channels[channel] else { return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT }
        state.block.append(unsafe Float(samples[index]) * scale)
      }
    }
    // A stream that changes its channels on the way is measured only as long as it does not.
    if state.outcome.statistics?.channels == width { state.outcome.statistics?.add(state.block) }
    state.outcome.frames += count
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
  }

  private static let report: FLAC__StreamDecoderErrorCallback = { _, status, context in
    guard let context = unsafe context else { return }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    state.outcome.errorCount += 1
    let kind =
      switch status {
      case FLAC__STREAM_DECODER_ERROR_STATUS_LOST_SYNC: "no frame where one should begin"
      case FLAC__STREAM_DECODER_ERROR_STATUS_BAD_HEADER: "a damaged frame header"
      case FLAC__STREAM_DECODER_ERROR_STATUS_FRAME_CRC_MISMATCH: "a frame whose checksum is wrong"
      default: "a frame that cannot be decoded"
      }
    if state.outcome.errors.count < 100 { state.outcome.errors.append((kind, state.outcome.frames)) }
  }
}
