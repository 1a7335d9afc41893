/// The header of the whole in the first frame of an mp3: Xing or Info with LAME's extension, or Fraunhofer's VBRI.
///
/// There is no standard; the layouts are those of the Xing SDK, LAME's "mp3 info tag revision 1" and Fraunhofer's.
struct MP3Header: Equatable {
  /// The kinds of header.
  enum Kind: String, Sendable { case xing = "Xing", info = "Info", vbri = "VBRI" }

  /// Kind of header.
  let kind: Kind
  /// `true` if the header follows a CRC for which it leaves room: decoders search for it at its offset without a CRC,
  /// and play its frame.
  private(set) var isBehindChecksum = false
  /// Claimed number of frames, that of the header not counted.
  let frames: Int?
  /// Claimed number of bytes, from the frame of the header to the end of the last one.
  let bytes: Int?
  /// Number of samples that the encoder put before the audio; `nil` without a LAME extension.
  let delay: Int?
  /// Number of samples that the encoder put after the audio.
  let padding: Int?

  /// Quality field, 0…100; `nil` if there is none.
  let quality: Int?
  /// LAME's 36 bytes after the Xing header; empty if there are none.
  private let lame: [UInt8]

  /// Name and version of the encoder in LAME's format, 9 bytes; `nil` unless other readers know the name.
  var encoderName: [UInt8]? {
    let known = ["LAME", "Lavf", "Lavc"].contains { lame.has($0) }
    return known ? Array(lame.prefix(9)) : nil
  }
  /// Bit rate method: 1 constant, 2 average, 3…6 variable.
  var method: Int? { lame.byte(at: 9).map { Int($0 & 15) } }
  /// Lowpass frequency in units of 100 Hz.
  var lowpass: Int? { lame.byte(at: 10).map(Int.init) }
  /// LAME's encoding flags and ATH type.
  var settings: Int? { lame.byte(at: 19).map(Int.init) }

  /// Delay in samples of every layer III decoder (LAME's `DECDELAY`).
  static let decoderDelay = 529

  /// Reads the header in the frame at `offset`; `nil` if there is none.
  init?(_ bytes: [UInt8], frameAt offset: Int, frame: MPEGFrameHeader) {
    // The header is at the offset at which a decoder that does not know it finds main data of silence.
    for crc in frame.isProtected ? [0, 2] : [0] {
      let start = offset + 4 + crc + frame.sideInformation
      if bytes.has("Xing", at: start) || bytes.has("Info", at: start) {
        self.init(xing: bytes, at: start)
        isBehindChecksum = crc > 0
        return
      }
    }
    guard bytes.has("VBRI", at: offset + 36) else { return nil }
    self.init(vbri: bytes, at: offset + 36)
  }

  private init(vbri bytes: [UInt8], at start: Int) {
    kind = .vbri
    self.bytes = bytes.big(at: start + 10, width: 4)
    frames = bytes.big(at: start + 14, width: 4)
    delay = nil
    padding = nil
    quality = nil
    lame = []
  }

  private init(xing bytes: [UInt8], at start: Int) {
    kind = bytes.has("Xing", at: start) ? .xing : .info
    let flags = bytes.big(at: start + 4, width: 4) ?? 0
    var next = start + 8
    func field() -> Int? {
      defer { next += 4 }
      return bytes.big(at: next, width: 4)
    }
    frames = flags & 1 != 0 ? field() : nil
    self.bytes = flags & 2 != 0 ? field() : nil
    if flags & 4 != 0 { next += 100 }
    quality = flags & 8 != 0 ? field() : nil
    // The name of the encoder, whatever it is, indicates the extension; delay and padding have 12 bits each.
    guard bytes.byte(at: next).map({ $0 != 0 }) == true, let both = bytes.big(at: next + 21, width: 3) else {
      delay = nil
      padding = nil
      lame = []
      return
    }
    lame = Array(bytes[next..<min(next + 36, bytes.count)])
    delay = both >> 12
    padding = both & 0xFFF
  }

  /// Returns the trim of a stream.
  ///
  /// The delay is dropped as by libmpg123 and ffmpeg; if a Xing header has none, that of the decoder, as by libmpg123 and
  /// unlike ffmpeg. The padding is dropped if it is that of the last frame: if the claimed number of frames or of bytes
  /// is the real one. Decoders drop it at the claimed end, even in the middle of a stream.
  ///
  /// - Parameters:
  ///   - frames: The number of frames.
  ///   - bytes: The number of bytes from the frame of the header to the end of the last frame.
  ///   - samplesPerFrame: The number of samples per channel in a frame.
  ///   - isInterrupted: `true` if there is something between the frames, such as the header of a second recording.
  /// - Returns: The trim.
  func trim(frames: Int, bytes: Int, samplesPerFrame: Int, isInterrupted: Bool) -> MP3Trim {
    let hasFrames = self.frames.map { $0 > 0 } ?? false
    let (samples, overflow) = frames.multipliedReportingOverflow(by: samplesPerFrame)
    guard kind != .vbri, !isBehindChecksum, hasFrames || delay != nil, !overflow else {
      return MP3Trim(front: 0, back: 0..<0)
    }
    let front = min((delay ?? 0) + MP3Header.decoderDelay, samples)
    let isEnd = self.frames == frames || !isInterrupted && self.bytes.map { abs($0 - bytes) <= 1 } == true
    guard isEnd else { return MP3Trim(front: front, back: 0..<0) }
    let back = max((padding ?? 0) - MP3Header.decoderDelay, 0)
    return MP3Trim(front: front, back: max(samples - back, front)..<max(samples, front))
  }

  /// Returns the claimed length in samples per channel; `nil` if it claims none.
  func claimedSamples(samplesPerFrame: Int) -> Int? {
    guard let frames else { return nil }
    let (promised, overflow) = frames.multipliedReportingOverflow(by: samplesPerFrame)
    guard !overflow else { return nil }
    guard frames > 0 else { return 0 }
    return promised - trim(frames: frames, bytes: 0, samplesPerFrame: samplesPerFrame, isInterrupted: false).count
  }
}

/// The decoded samples that are not part of the recording, inserted by encoder and decoder before and after it.
struct MP3Trim: Equatable {
  /// Number of samples at the start.
  let front: Int
  /// Range of samples at the end; empty or not below `front`.
  let back: Range<Int>

  /// Number of samples.
  var count: Int { front + back.count }
}
