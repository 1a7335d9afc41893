internal import CFLAC
import RepriseSystem

/// A writer of one flac by libFLAC, with samples of any width that flac supports.
///
/// libsndfile is not used: it writes 8, 16 and 24 bits only, so that a part of a flac of 12, 20 or 32 bits would not be
/// identical to the bit.
@safe final class FLACWriter {
  /// The destination of libFLAC's bytes, shared by the callbacks.
  fileprivate class Output {
    var failure: FileError?

    /// Writes a block of the stream.
    ///
    /// - Parameters:
    ///   - bytes: The block.
    ///   - frames: The number of samples per channel in the block; 0 for metadata.
    /// - Throws: `FileError` if the block cannot be written.
    func write(_ bytes: UnsafeRawBufferPointer, frames: Int) throws(FileError) {}
    /// Moves to an offset; returns `false` if the output is not seekable.
    func seek(to offset: Int) throws(FileError) -> Bool { false }
    /// Returns the offset of the next byte; `nil` if the output is not seekable.
    func position() throws(FileError) -> Int? { nil }

    static func of(_ context: UnsafeMutableRawPointer?) -> Output? {
      guard let context = unsafe context else { return nil }
      return unsafe Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
    }
  }

  private final class FileOutput: Output {
    private let file: OwnedFile
    /// Blocks that take the place of libFLAC's own behind STREAMINFO; empty for its own.
    private let blocks: [CarriedTags.FLACBlock]
    /// Metadata that libFLAC has written so far, until the first frame.
    private var held: [UInt8] = []
    private var isHolding: Bool

    init(_ file: consuming OwnedFile, blocks: [CarriedTags.FLACBlock]) {
      self.file = file
      self.blocks = blocks
      isHolding = !blocks.isEmpty
    }

    override func write(_ bytes: UnsafeRawBufferPointer, frames: Int) throws(FileError) {
      if isHolding, frames == 0 {
        unsafe held += bytes
        return
      }
      try release()
      try unsafe file.write(bytes)
    }

    /// Writes the marker, STREAMINFO and the blocks.
    private func release() throws(FileError) {
      guard isHolding else { return }
      isHolding = false
      var head = Array(held.prefix(FLACHead.byteCount))
      if head.count > 4 { head[4] &= 0x7F }
      try file.write(head)
      try file.write(CarriedTags.bytes(blocks))
      held = []
    }

    override func seek(to offset: Int) throws(FileError) -> Bool {
      // STREAMINFO has its place; a stream without a frame is never one.
      try release()
      try file.seek(to: offset)
      return true
    }
    override func position() throws(FileError) -> Int? { isHolding ? held.count : try file.position() }
  }

  private var encoder: UnsafeMutablePointer<FLAC__StreamEncoder>?
  private let output: Output
  private let path: String
  private let channels: Int
  private let shift: Int32
  private var scratch: [Int32] = []

  /// Opens an existing file, empties it and writes a preliminary header.
  ///
  /// `finish` replaces the header by the final one with the total, the block and frame sizes and the MD5.
  convenience init(
    path: String, bitsPerSample: Int, sampleRate: Int, channels: Int, blocks: [CarriedTags.FLACBlock] = []
  ) throws(AudioFileError) {
    let output: Output
    do throws(FileError) { output = FileOutput(try OwnedFile(emptying: path), blocks: blocks) } catch {
      throw AudioFileError(error)
    }
    try self.init(output, path: path, bitsPerSample: bitsPerSample, sampleRate: sampleRate, channels: channels)
  }

  fileprivate init(
    _ output: Output, path: String, bitsPerSample: Int, sampleRate: Int, channels: Int
  ) throws(AudioFileError) {
    self.output = output
    self.path = path
    self.channels = channels
    shift = Int32(clamping: 32 - bitsPerSample)
    guard (4...32).contains(bitsPerSample), (1...8).contains(channels), (1...1_048_575).contains(sampleRate) else {
      throw AudioFileError(
        path: path, .flacForm(bits: bitsPerSample, channels: channels, sampleRate: sampleRate))
    }
    guard let encoder = unsafe FLAC__stream_encoder_new() else {
      throw AudioFileError(path: path, .library(.flacMemory))
    }
    unsafe self.encoder = unsafe encoder
    unsafe FLAC__stream_encoder_set_channels(encoder, UInt32(channels))
    unsafe FLAC__stream_encoder_set_bits_per_sample(encoder, UInt32(bitsPerSample))
    unsafe FLAC__stream_encoder_set_sample_rate(encoder, UInt32(sampleRate))
    unsafe FLAC__stream_encoder_set_compression_level(encoder, 5)
    // Widths and rates outside the streamable subset are those of the source.
    unsafe FLAC__stream_encoder_set_streamable_subset(encoder, 0)
    let status = unsafe FLAC__stream_encoder_init_stream(
      encoder, FLACWriter.write, FLACWriter.seek, FLACWriter.tell, nil, Unmanaged.passUnretained(output).toOpaque())
    try checkFailure()
    guard status == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
      throw AudioFileError(
        path: path,
        .refusedFLAC(bits: bitsPerSample, channels: channels, sampleRate: sampleRate, status: Int(status.rawValue)))
    }
  }

  // Also runs if the initialiser throws after everything is set. The callbacks use the output until then.
  deinit {
    if let encoder = unsafe encoder { withExtendedLifetime(output) { unsafe FLAC__stream_encoder_delete(encoder) } }
  }

  /// Writes whole frames of left-justified integers.
  func write(_ samples: [Int32]) throws(AudioFileError) {
    guard let encoder = unsafe encoder, !samples.isEmpty else { return }
    if scratch.count < samples.count { scratch = [Int32](repeating: 0, count: samples.count) }
    let shift = shift
    unsafe scratch.withUnsafeMutableBufferPointer { target in
      unsafe samples.withUnsafeBufferPointer { source in
        for index in 0..<source.count { unsafe target[index] = source[index] &>> shift }
      }
    }
    let isWritten = unsafe FLAC__stream_encoder_process_interleaved(encoder, scratch, UInt32(samples.count / channels))
    try checkFailure()
    guard isWritten != 0 else { throw unsafe failed(encoder) }
  }

  /// Writes the remaining samples and the final header.
  func finish() throws(AudioFileError) {
    guard let encoder = unsafe encoder else { return }
    let isFinished = unsafe FLAC__stream_encoder_finish(encoder)
    try checkFailure()
    guard isFinished != 0 else { throw unsafe failed(encoder) }
  }

  private func checkFailure() throws(AudioFileError) {
    if let failure = output.failure { throw AudioFileError(failure) }
  }

  private func failed(_ encoder: UnsafeMutablePointer<FLAC__StreamEncoder>) -> AudioFileError {
    let state = unsafe FLAC__stream_encoder_get_state(encoder)
    return AudioFileError(path: path, .library(.flacEncoding(state: Int(state.rawValue))))
  }

  private static let write: FLAC__StreamEncoderWriteCallback = { _, buffer, count, frames, _, context in
    guard let output = unsafe Output.of(context), let buffer = unsafe buffer else {
      return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
    }
    do throws(FileError) {
      try unsafe output.write(UnsafeRawBufferPointer(start: buffer, count: count), frames: Int(frames))
    } catch {
      output.failure = error
      return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
    }
    return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
  }

  private static let seek: FLAC__StreamEncoderSeekCallback = { _, offset, context in
    guard let output = unsafe Output.of(context), let target = Int(exactly: offset),
      let hasMoved = try? output.seek(to: target)
    else { return FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR }
    return hasMoved ? FLAC__STREAM_ENCODER_SEEK_STATUS_OK : FLAC__STREAM_ENCODER_SEEK_STATUS_UNSUPPORTED
  }

  private static let tell: FLAC__StreamEncoderTellCallback = { _, offset, context in
    guard let output = unsafe Output.of(context), let offset = unsafe offset else {
      return FLAC__STREAM_ENCODER_TELL_STATUS_ERROR
    }
    do throws(FileError) {
      guard let current = try output.position() else { return FLAC__STREAM_ENCODER_TELL_STATUS_UNSUPPORTED }
      unsafe offset.pointee = UInt64(current)
      return FLAC__STREAM_ENCODER_TELL_STATUS_OK
    } catch { return FLAC__STREAM_ENCODER_TELL_STATUS_ERROR }
  }
}

/// A counter of the size of a flac by libFLAC itself: everything is encoded as `FLACWriter` does, and counted instead
/// of written.
package final class FLACSizeCounter {
  /// Number of samples per channel of every frame but the last, at the compression level that is set.
  package static let frameSamples = 4096

  private final class Counter: FLACWriter.Output {
    var header = 0
    var frames: [Int] = []

    override func write(_ bytes: UnsafeRawBufferPointer, frames count: Int) throws(FileError) {
      if count == 0 { header += bytes.count } else { frames.append(bytes.count) }
    }
  }

  private let counter = Counter()
  private let writer: FLACWriter

  /// Creates a counter.
  ///
  /// - Parameters:
  ///   - path: The path of the recording, for messages.
  ///   - bitsPerSample: The width of a sample, 4 to 32 bits.
  ///   - sampleRate: The sample rate in Hz, up to 1,048,575.
  ///   - channels: The number of channels, 1 to 8.
  /// - Throws: `AudioFileError` `unsupportedFormat` for other values.
  package init(path: String, bitsPerSample: Int, sampleRate: Int, channels: Int) throws(AudioFileError) {
    writer = try FLACWriter(
      counter, path: path, bitsPerSample: bitsPerSample, sampleRate: sampleRate, channels: channels)
  }

  /// Adds whole frames of interleaved, left-justified integers.
  package func add(_ samples: [Int32]) throws(AudioFileError) { try writer.write(samples) }

  /// Ends the stream.
  ///
  /// - Returns: The size of all metadata, and of every frame in order, in bytes.
  /// - Throws: `AudioFileError` if encoding fails.
  package func finish() throws(AudioFileError) -> (header: Int, frames: [Int]) {
    try writer.finish()
    return (counter.header, counter.frames)
  }
}
