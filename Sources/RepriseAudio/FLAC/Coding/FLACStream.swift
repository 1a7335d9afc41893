internal import CFLAC
import RepriseSystem

/// One native FLAC stream in libFLAC, frame by frame.
///
/// libsndfile is not used for flac: it decodes 8, 16 and 24 bits only, and does not tell damage.
@safe struct FLACStream: ~Copyable {
  /// What one step brought.
  struct Step {
    /// Samples a channel that came out, silence put in for missing ones included.
    var frames = 0
    /// How many of them, the first ones, libFLAC put in as silence because the next frame's number left a gap.
    var filled = 0
    /// How many more are missing by the numbers and were not put in.
    var skipped = 0
    /// What went wrong before them.
    var errors: [DamageSpan.Kind] = []
    /// How often.
    var errorCount = 0
    /// Samples a channel of the frame itself.
    var blockSize = 0
    /// Channels of the frame; 0 if there was none.
    var channels = 0
    /// Whether its number is lower than that of the one before.
    var isRepeated = false
    /// Whether its rate, width or channels are not those of the first.
    var isForeign = false
  }

  /// What the callbacks share.
  private final class Context {
    let file: BorrowedFile
    let byteCount: Int
    var offset: Int
    var failure: FileError?
    /// Whether libFLAC can go no further.
    var hasFailed = false
    let cancellation: Cancellation?
    /// Whether samples are wanted as floats, and not as integers.
    let wantsFloats: Bool
    /// Interleaved, left-justified.
    var block: [Int32] = []
    /// The same as floats of −1…1; either this or `block` is used.
    var floats: [Float] = []
    var step = Step()
    /// Frames of every call of `write` within the step.
    var written: [Int] = []
    /// The number of the sample that should come next, as libFLAC counts.
    var expected: UInt64?
    /// Whether anything was wrong so far.
    var hasErrors = false
    /// Rate, channels and width of the first frame.
    var form: SIMD3<UInt32>?
    /// How many samples of the block are the last step's; it never shrinks, so that it is not filled anew for each frame.
    var count = 0

    init(_ file: BorrowedFile, byteCount: Int, offset: Int, wantsFloats: Bool, cancellation: Cancellation?) {
      self.file = file
      self.wantsFloats = wantsFloats
      self.byteCount = byteCount
      self.offset = offset
      self.cancellation = cancellation
    }
  }

  private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>
  private let context: Context
  private let path: String
  private let start: Int

  /// Starts at the "fLaC" at `offset` of an open file, which must stay open as long as the stream is used.
  ///
  /// - Parameter wantsFloats: whether `withFloats` is used, and not `block`.
  init(
    _ file: borrowing InputFile, from offset: Int, checkingMD5: Bool = false, wantsFloats: Bool = false,
    cancellation: Cancellation? = nil
  ) throws(AudioFileError) {
    guard let decoder = unsafe FLAC__stream_decoder_new() else {
      throw AudioFileError(path: file.path, .library(.flacMemory))
    }
    let context = Context(
      file.borrowed, byteCount: file.byteCount, offset: offset, wantsFloats: wantsFloats,
      cancellation: cancellation)
    unsafe FLAC__stream_decoder_set_md5_checking(decoder, checkingMD5 ? 1 : 0)
    let status = unsafe FLAC__stream_decoder_init_stream(
      decoder, FLACStream.read, nil, FLACStream.tell, nil, nil, FLACStream.write, nil, FLACStream.report,
      Unmanaged.passUnretained(context).toOpaque())
    guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else {
      unsafe FLAC__stream_decoder_delete(decoder)
      throw AudioFileError(path: file.path, .library(.flacStart(status: Int(status.rawValue))))
    }
    unsafe self.decoder = unsafe decoder
    self.context = context
    path = file.path
    start = offset
  }

  // The callbacks use the context until the decoder is gone.
  deinit { withExtendedLifetime(context) { unsafe FLAC__stream_decoder_delete(decoder) } }

  /// Interleaved, left-justified samples of the last step.
  var block: ArraySlice<Int32> { context.block[..<context.count] }

  /// Calls `body` with the last step's samples from one on, interleaved floats of −1…1.
  func withFloats(from first: Int, _ body: (Span<Float>) -> Void) {
    let count = min(context.count, context.floats.count)
    let floats = context.floats
    body(floats.span.extracting(min(max(first, 0), count)..<count))
  }

  /// Where the last decoded frame ends in the file; `nil` where libFLAC cannot tell.
  var position: Int? {
    var position: UInt64 = 0
    guard unsafe FLAC__stream_decoder_get_decode_position(decoder, &position) != 0 else { return nil }
    return Int(exactly: position)
  }

  /// Decodes the next frame; `nil` at the end.
  ///
  /// - Throws: `AudioFileError` `io` or `cancelled`.
  func step() throws(AudioFileError) -> Step? {
    context.step = Step()
    context.written.removeAll(keepingCapacity: true)
    context.count = 0
    // From the end of the stream on, every state is a last one.
    let state = unsafe FLAC__stream_decoder_get_state(decoder)
    guard !context.hasFailed, state.rawValue < FLAC__STREAM_DECODER_END_OF_STREAM.rawValue else { return nil }
    let whole = unsafe FLAC__stream_decoder_process_single(decoder) != 0
    if context.cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    if let failure = context.failure { throw AudioFileError(failure) }
    var step = context.step
    // One call decodes one frame; what was written before it stands for frames that are not there.
    step.filled = context.written.dropLast().reduce(0, +)
    if !whole {
      context.hasFailed = true
      step.errorCount += 1
      step.errors.append(.decoderGaveUp)
    }
    return step
  }

  /// Ends decoding and says whether the MD5 in STREAMINFO is that of the samples, if it was to be checked.
  func finish() -> Bool { unsafe FLAC__stream_decoder_finish(decoder) != 0 }

  private static let read: FLAC__StreamDecoderReadCallback = { _, buffer, count, context in
    guard let context = unsafe context, let buffer = unsafe buffer, let count = unsafe count else {
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    if state.cancellation?.isCancelled == true { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
    let wanted = unsafe min(count.pointee, max(state.byteCount - state.offset, 0))
    let got: Int
    do throws(FileError) {
      let target = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: wanted)
      got = try unsafe state.file.read(at: state.offset, into: target)
    } catch {
      unsafe count.pointee = 0
      state.failure = error
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    unsafe count.pointee = got
    state.offset += got
    return got == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
  }

  private static let tell: FLAC__StreamDecoderTellCallback = { _, offset, context in
    guard let context = unsafe context, let offset = unsafe offset else {
      return FLAC__STREAM_DECODER_TELL_STATUS_ERROR
    }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    unsafe offset.pointee = UInt64(state.offset)
    return FLAC__STREAM_DECODER_TELL_STATUS_OK
  }

  private static let write: FLAC__StreamDecoderWriteCallback = { _, frame, channels, context in
    guard let context = unsafe context, let frame = unsafe frame, let channels = unsafe channels else {
      return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
    }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    if state.cancellation?.isCancelled == true { return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT }
    let header = unsafe frame.pointee.header
    let count = Int(header.blocksize)
    let width = Int(header.channels)
    // libFLAC has turned frame numbers into sample numbers before it calls.
    let number = unsafe header.number.sample_number
    if let expected = state.expected, number > expected { state.step.skipped += Int(clamping: number - expected) }
    if let expected = state.expected, number < expected { state.step.isRepeated = true }
    // Of a stream whose first frame is damaged libFLAC shows the second first.
    if state.expected == nil, state.hasErrors, number <= 65535 { state.step.skipped += Int(number) }
    let form = SIMD3(header.sample_rate, header.channels, header.bits_per_sample)
    if let known = state.form { state.step.isForeign = known != form } else { state.form = form }
    state.expected = number &+ UInt64(count)
    if state.step.channels != width {
      // A change within one step can only follow silence that stood for lost frames.
      state.count = 0
      state.step.channels = width
    }
    let shift = Int32(32 - min(max(Int(header.bits_per_sample), 1), 32))
    let first = state.count
    state.count = first + count * width
    // Floats are made of libFLAC's planes directly: going over the integers once more takes a tenth of decoding.
    let isWhole =
      state.wantsFloats
      ? unsafe FLACPlanes.interleave(channels, count, width, into: &state.floats, from: first) {
        Float($0 &<< shift) * (1 / 2_147_483_648)
      } : unsafe FLACPlanes.interleave(channels, count, width, into: &state.block, from: first) { $0 &<< shift }
    guard isWhole else { return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT }
    state.step.frames += count
    state.step.blockSize = count
    state.written.append(count)
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
  }

  private static let report: FLAC__StreamDecoderErrorCallback = { _, status, context in
    guard let context = unsafe context else { return }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    state.step.errorCount += 1
    state.hasErrors = true
    let kind: DamageSpan.Kind =
      switch status {
      case FLAC__STREAM_DECODER_ERROR_STATUS_LOST_SYNC: .noFrame
      case FLAC__STREAM_DECODER_ERROR_STATUS_BAD_HEADER: .frameHeader
      case FLAC__STREAM_DECODER_ERROR_STATUS_FRAME_CRC_MISMATCH: .checksum
      default: .undecodable
      }
    if state.step.errors.count < 100 { state.step.errors.append(kind) }
  }
}
