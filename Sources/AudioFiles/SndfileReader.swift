internal import CSndfile
import Platform

/// One wav file in libsndfile.
@safe struct SndfileReader: ~Copyable {
  private let handle: OpaquePointer
  private let channel: SndfileChannel
  private let file: InputFile
  /// In Hz.
  let sampleRate: Int
  /// 1 or more.
  let channels: Int
  /// What the samples are in the file.
  let encoding: SampleEncoding

  /// Opens the file; mp3 and flac must not come here.
  ///
  /// - Parameter patches: bytes to be read instead of the file's own.
  init(_ file: consuming InputFile, patches: [SndfileChannel.Patch]) throws(AudioFileError) {
    let path = file.path
    let channel = SndfileChannel(descriptor: file.descriptor, patches: patches)
    var info = SF_INFO()
    var callbacks = SndfileChannel.callbacks()
    guard
      let handle = unsafe sf_open_virtual(
        &callbacks, CInt(SFM_READ), &info, Unmanaged.passUnretained(channel).toOpaque())
    else {
      let reason = unsafe sf_strerror(nil).map { unsafe String(cString: $0) } ?? "unknown"
      throw AudioFileError(.corrupt, path: path, message: "its header makes no sense (libsndfile: \(reason))")
    }
    var isOpen = false
    defer {
      if !isOpen { withExtendedLifetime(channel) { _ = unsafe sf_close(handle) } }
    }
    let major = info.format & CInt(SF_FORMAT_TYPEMASK)
    guard
      [SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64].contains(where: { $0 == major })
    else {
      throw AudioFileError(.unsupportedFormat, path: path, message: "is no wav inside")
    }
    guard info.channels > 0, info.samplerate > 0 else {
      throw AudioFileError(
        .corrupt, path: path, message: "claims \(info.channels) channels at \(info.samplerate) Hz; nothing plays that")
    }
    encoding = SndfileReader.encoding(info.format & CInt(SF_FORMAT_SUBMASK))
    sampleRate = Int(info.samplerate)
    channels = Int(info.channels)
    isOpen = true
    unsafe self.handle = handle
    self.channel = channel
    self.file = file
  }

  // The callbacks use the channel until the file is closed.
  deinit { withExtendedLifetime(channel) { _ = unsafe sf_close(handle) } }

  /// Fills whole frames of floats; returns how many frames, 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    let wanted = sf_count_t(samples.count / channels)
    let frames = unsafe Int(sf_readf_float(handle, &samples, wanted))
    try check(frames)
    return frames
  }

  /// Fills whole frames of left-justified integers; returns how many frames, 0 at the end.
  func read(into samples: inout [Int32]) throws(AudioFileError) -> Int {
    let wanted = sf_count_t(samples.count / channels)
    let frames = unsafe Int(sf_readf_int(handle, &samples, wanted))
    try check(frames)
    return frames
  }

  private func check(_ frames: Int) throws(AudioFileError) {
    if channel.failure != 0 { throw AudioFileError(FileError(errno: channel.failure, path: file.path, doing: "read")) }
    guard frames <= 0 else { return }
    let code = unsafe sf_error(handle)
    guard code != CInt(SF_ERR_NO_ERROR) else { return }
    let reason = unsafe sf_strerror(handle).map { unsafe String(cString: $0) } ?? "unknown"
    throw AudioFileError(.corrupt, path: file.path, message: "decoding failed (libsndfile: \(reason))")
  }

  private static func encoding(_ subtype: CInt) -> SampleEncoding {
    switch Int(subtype) {
    case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8: .integer(bits: 8)
    case SF_FORMAT_PCM_16: .integer(bits: 16)
    case SF_FORMAT_PCM_24: .integer(bits: 24)
    case SF_FORMAT_PCM_32: .integer(bits: 32)
    case SF_FORMAT_FLOAT: .float(bits: 32)
    case SF_FORMAT_DOUBLE: .float(bits: 64)
    default: .lossy
    }
  }
}
