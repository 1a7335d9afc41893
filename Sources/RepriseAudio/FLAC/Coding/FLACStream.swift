internal import CFLAC
import RepriseSystem

/// One native FLAC stream in libFLAC, decoded frame by frame.
///
/// libsndfile is not used for flac: it decodes 8, 16 and 24 bits only, and does not report damage.
@safe struct FLACStream: ~Copyable {
  /// The result of one step.
  struct Step {
    /// Number of samples per channel, silence inserted for missing ones included.
    var frames = 0
    /// Number of leading samples per channel that libFLAC inserted as silence for a gap in the frame numbers.
    var filled = 0
    /// Number of further samples per channel that are missing by the frame numbers and were not inserted.
    var skipped = 0
    /// Errors before the samples.
    var errors: [DamageSpan.Kind] = []
    /// Number of errors.
    var errorCount = 0
    /// Number of samples per channel of the frame itself.
    var blockSize = 0
    /// Number of channels of the frame; 0 if there was none.
    var channels = 0
    /// `true` if the frame number is lower than that of the previous frame.
    var isRepeated = false
    /// `true` if rate, width or channels of the frame are not those of the first frame.
    var isForeign = false
    /// Number of samples, over all channels, beyond the range of their width, which were clipped to it.
    var beyond = 0
  }

  /// The state shared by the callbacks.
  private final class Context {
    let file: BorrowedFile
    /// Metadata in front of the frames.
    let head: [UInt8]
    /// Range of the frames, and of whatever follows them.
    let frames: Range<Int>
    /// Offset in the stream that `head` and the frames make.
    var offset = 0
    var failure: FileError?
    /// `true` if libFLAC cannot continue.
    var hasFailed = false
    let cancellation: Cancellation?
    /// `true` if samples are decoded to floats, not to integers.
    let wantsFloats: Bool
    /// Interleaved, left-justified samples.
    var block: [Int32] = []
    /// Interleaved samples as floats of −1…1; either this or `block` is used.
    var floats: [Float] = []
    var step = Step()
    /// Number of frames of every call of `write` within the step.
    var written: [Int] = []
    /// Index of the next sample, as libFLAC counts.
    var expected: UInt64?
    /// `true` if there was any error so far.
    var hasErrors = false
    /// Rate, channels and width of the first frame.
    var form: SIMD3<UInt32>?
    /// Offset of the end of the last frame in the file.
    var end: Int
    /// Number of frames that libFLAC rejected and that were examined here.
    var examined = 0
    /// `true` if frames are decoded here, since one has samples beyond the range of their width.
    var isOwn = false
    /// Number of samples of the last step in the block, which never shrinks, so that it need not be filled for each
    /// frame.
    var count = 0

    init(
      _ file: BorrowedFile, head: [UInt8], frames: Range<Int>, wantsFloats: Bool, cancellation: Cancellation?
    ) {
      self.file = file
      self.wantsFloats = wantsFloats
      self.head = head
      self.frames = frames
      end = frames.lowerBound
      self.cancellation = cancellation
    }

    /// Holds interleaved, left-justified samples as those of the step.
    func hold(_ samples: [Int32]) {
      count = samples.count
      if wantsFloats { floats = samples.map { Float($0) * (1 / 2_147_483_648) } } else { block = samples }
    }
  }

  private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>
  private let context: Context
  private let path: String
  private let file: InputFile
  /// Decoder of frames that libFLAC rejects; of width 0 to leave them rejected.
  private let frameDecoder: FLACFrameDecoder

  /// Starts at the first frame of an open file, with metadata that libFLAC understands whatever those of the file are.
  ///
  /// - Parameters:
  ///   - file: The file, which must stay open as long as the stream is used.
  ///   - head: The metadata; `nil` if those of the file follow at `start`.
  ///   - start: The offset of the first frame.
  ///   - checkingMD5: `true` to compare the MD5 in STREAMINFO with the samples.
  ///   - wantsFloats: `true` if `withFloats` is used, and not `block`.
  ///   - cancellation: Interrupts reading.
  /// - Throws: `AudioFileError` if libFLAC cannot be started.
  init(
    _ file: InputFile, head: FLACHead?, from start: Int, checkingMD5: Bool = false, wantsFloats: Bool = false,
    cancellation: Cancellation? = nil
  ) throws(AudioFileError) {
    guard let decoder = unsafe FLAC__stream_decoder_new() else {
      throw AudioFileError(path: file.path, .library(.flacMemory))
    }
    let context = Context(
      file.borrowed, head: head?.bytes(isLast: true) ?? [], frames: start..<max(file.byteCount, start),
      wantsFloats: wantsFloats, cancellation: cancellation)
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
    self.file = file
    let info = head.flatMap { FLACLayout.StreamInfo($0.streamInfo) }
    frameDecoder = FLACFrameDecoder(bits: info?.bitsPerSample ?? 0)
  }

  // The callbacks use the context until the decoder is gone.
  deinit { withExtendedLifetime(context) { unsafe FLAC__stream_decoder_delete(decoder) } }

  /// Sample rate of the first frame in Hz; `nil` before it.
  var sampleRate: Int? { context.form.map { Int($0.x) } }

  /// Interleaved, left-justified samples of the last step.
  var block: ArraySlice<Int32> { context.block[..<context.count] }

  /// Calls `body` with the samples of the last step from `first` on, as interleaved floats of −1…1.
  func withFloats(from first: Int, _ body: (Span<Float>) -> Void) {
    let count = min(context.count, context.floats.count)
    let floats = context.floats
    body(floats.span.extracting(min(max(first, 0), count)..<count))
  }

  /// Offset of the end of the last decoded frame in the file; `nil` if libFLAC does not know.
  var position: Int? {
    if context.isOwn { return context.end }
    var position: UInt64 = 0
    guard unsafe FLAC__stream_decoder_get_decode_position(decoder, &position) != 0 else { return nil }
    return Int(exactly: position).map { max($0 - context.head.count, 0) + context.frames.lowerBound }
  }

  /// Decodes the next frame; `nil` at the end.
  ///
  /// - Throws: `AudioFileError` `io` or `cancelled`.
  func step() throws(AudioFileError) -> Step? {
    context.step = Step()
    context.written.removeAll(keepingCapacity: true)
    context.count = 0
    if context.isOwn { return try ownStep() }
    // From the end of the stream on, every state is final.
    let state = unsafe FLAC__stream_decoder_get_state(decoder)
    guard !context.hasFailed, state.rawValue < FLAC__STREAM_DECODER_END_OF_STREAM.rawValue else { return nil }
    let whole = unsafe FLAC__stream_decoder_process_single(decoder) != 0
    if context.cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    if let failure = context.failure { throw AudioFileError(failure) }
    var step = context.step
    // One call decodes one frame; writes before the last one replace missing frames.
    step.filled = context.written.dropLast().reduce(0, +)
    if !whole {
      context.hasFailed = true
      step.errorCount += 1
      step.errors.append(.decoderGaveUp)
    }
    if step.errorCount > 0, try begins(beyondAt: context.end) {
      context.step = Step()
      context.count = 0
      context.isOwn = true
      return try ownStep()
    }
    if step.frames > 0, let position { context.end = position }
    return step
  }

  // MARK: Samples beyond their width

  /// `true` if any frame so far had samples beyond the range of their width.
  var hasSamplesBeyond: Bool { context.isOwn }

  /// Numbers of bytes that are read for a frame, of which the largest has 2 MB.
  private static let windows = [1 << 16, 1 << 22]

  private func frame(at offset: Int) throws(AudioFileError) -> FLACFrameDecoder.Frame? {
    for window in Self.windows {
      if let frame = frameDecoder.decode(try file.bytes(at: offset, count: window)) { return frame }
    }
    return nil
  }

  /// Returns `true` if the frame at an offset is whole, and was rejected for samples beyond the range of their width.
  private func begins(beyondAt offset: Int) throws(AudioFileError) -> Bool {
    // A file full of damage is not read again and again.
    context.examined += 1
    guard context.examined <= 16, frameDecoder.bits > 0 else { return false }
    return try frame(at: offset).map { $0.beyond > 0 } ?? false
  }

  /// Decodes the next frame here, with samples clipped to their width; `nil` at the end.
  private func ownStep() throws(AudioFileError) -> Step? {
    if context.cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    guard !context.hasFailed, context.end < context.frames.upperBound else { return nil }
    var step = Step()
    guard let frame = try frame(at: context.end) else {
      // What follows is a tag, or damage.
      context.hasFailed = true
      step.errorCount = 1
      step.errors = [.noFrame]
      return step
    }
    context.hold(frame.interleaved(bits: frameDecoder.bits))
    context.end += frame.byteCount
    let count = frame.channels.first?.count ?? 0
    step.frames = count
    step.blockSize = count
    step.channels = frame.channels.count
    step.beyond = frame.beyond
    return step
  }

  /// Ends decoding and returns `true` if the MD5 in STREAMINFO is that of the samples or was not to be checked.
  func finish() -> Bool { unsafe FLAC__stream_decoder_finish(decoder) != 0 }

  private static let read: FLAC__StreamDecoderReadCallback = { _, buffer, count, context in
    guard let context = unsafe context, let buffer = unsafe buffer, let count = unsafe count else {
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    let state = unsafe Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
    if state.cancellation?.isCancelled == true { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
    let place = state.offset - state.head.count
    let left = place < 0 ? -place : state.frames.count - place
    let wanted = unsafe min(count.pointee, max(left, 0))
    let target = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: wanted)
    let got: Int
    if place < 0 {
      unsafe target.copyBytes(from: state.head[state.offset..<state.offset + wanted])
      got = wanted
    } else {
      do throws(FileError) {
        got = try unsafe state.file.read(at: state.frames.lowerBound + place, into: target)
      } catch {
        unsafe count.pointee = 0
        state.failure = error
        return FLAC__STREAM_DECODER_READ_STATUS_ABORT
      }
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
    // If the first frame of a stream is damaged, libFLAC delivers the second one first.
    if state.expected == nil, state.hasErrors, number <= 65535 { state.step.skipped += Int(number) }
    let form = SIMD3(header.sample_rate, header.channels, header.bits_per_sample)
    if let known = state.form { state.step.isForeign = known != form } else { state.form = form }
    state.expected = number &+ UInt64(count)
    if state.step.channels != width {
      // A change within one step can only follow silence that replaced lost frames.
      state.count = 0
      state.step.channels = width
    }
    let shift = Int32(32 - min(max(Int(header.bits_per_sample), 1), 32))
    let first = state.count
    state.count = first + count * width
    // Floats are converted from libFLAC's planes directly: a second pass over the integers takes a tenth of decoding.
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
