internal import CFLAC
import RepriseSystem

/// One flac being written by libFLAC, with samples of any width a flac can have.
///
/// libsndfile is not used for it: it writes 8, 16 and 24 bits only, so that a part of a flac of 12, 20 or 32 would not
/// be bit for bit what it was.
@safe final class FLACWriter {
  /// What the callbacks share.
  private final class Output {
    let file: OwnedFile
    var failure: FileError?
    init(_ file: consuming OwnedFile) { self.file = file }

    static func of(_ context: UnsafeMutableRawPointer?) -> Output? {
      guard let context = unsafe context else { return nil }
      return unsafe Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
    }
  }

  private var encoder: UnsafeMutablePointer<FLAC__StreamEncoder>?
  private let output: Output
  private let path: String
  private let channels: Int
  private let shift: Int32
  private var scratch: [Int32] = []

  /// Opens an existing file, empties it and writes a first header; the last one, with the total, the block and frame
  /// sizes and the MD5, is written over it by `finish`.
  init(path: String, bitsPerSample: Int, sampleRate: Int, channels: Int) throws(AudioFileError) {
    self.path = path
    self.channels = channels
    shift = Int32(clamping: 32 - bitsPerSample)
    do throws(FileError) { output = Output(try OwnedFile(emptying: path)) } catch { throw AudioFileError(error) }
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
    // Widths and rates outside the subset are the source's own.
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

  // Runs also where the initialiser throws once everything is set. The callbacks use the output until then.
  deinit {
    if let encoder = unsafe encoder { withExtendedLifetime(output) { unsafe FLAC__stream_encoder_delete(encoder) } }
  }

  /// Writes whole frames of left-justified integers.
  func write(_ samples: [Int32]) throws(AudioFileError) {
    guard let encoder = unsafe encoder, !samples.isEmpty else { return }
    scratch.removeAll(keepingCapacity: true)
    for sample in samples { scratch.append(sample >> shift) }
    let isWritten = unsafe FLAC__stream_encoder_process_interleaved(encoder, scratch, UInt32(samples.count / channels))
    try checkFailure()
    guard isWritten != 0 else { throw unsafe failed(encoder) }
  }

  /// Writes what is left and the final header.
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

  private static let write: FLAC__StreamEncoderWriteCallback = { _, buffer, count, _, _, context in
    guard let output = unsafe Output.of(context), let buffer = unsafe buffer else {
      return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
    }
    do throws(FileError) {
      try unsafe output.file.write(UnsafeRawBufferPointer(start: buffer, count: count))
    } catch {
      output.failure = error
      return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
    }
    return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
  }

  private static let seek: FLAC__StreamEncoderSeekCallback = { _, offset, context in
    guard let output = unsafe Output.of(context), let place = Int(exactly: offset),
      (try? output.file.seek(to: place)) != nil
    else { return FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR }
    return FLAC__STREAM_ENCODER_SEEK_STATUS_OK
  }

  private static let tell: FLAC__StreamEncoderTellCallback = { _, offset, context in
    guard let output = unsafe Output.of(context), let offset = unsafe offset else {
      return FLAC__STREAM_ENCODER_TELL_STATUS_ERROR
    }
    guard let place = try? output.file.position() else { return FLAC__STREAM_ENCODER_TELL_STATUS_ERROR }
    unsafe offset.pointee = UInt64(place)
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK
  }
}
