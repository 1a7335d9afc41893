/// What the first frame of an mp3 says about the whole: Xing or Info with LAME's extension, or Fraunhofer's VBRI.
///
/// There is no standard; the layouts are those of the Xing SDK, LAME's "mp3 info tag revision 1" and Fraunhofer's.
struct MP3Header: Equatable {
  /// The kind of header.
  enum Kind: String, Sendable { case xing = "Xing", info = "Info", vbri = "VBRI" }

  /// Which of them it is.
  let kind: Kind
  /// Whether it stands behind a CRC that it leaves room for: decoders look for it where it would stand without one, and
  /// play its frame.
  private(set) var isBehindChecksum = false
  /// Frames claimed, the header's own not counted.
  let frames: Int?
  /// Bytes claimed, from the header's frame to the end of the last one.
  let bytes: Int?
  /// Samples the encoder put in front; `nil` without a LAME extension.
  let delay: Int?
  /// Samples the encoder put behind.
  let padding: Int?

  /// The quality field, 0…100; `nil` where there is none.
  let quality: Int?
  /// LAME's 36 bytes behind the Xing header; empty where there are none.
  private let lame: [UInt8]

  /// The encoder's name and version as LAME writes them, 9 bytes; `nil` unless other readers know the name.
  var encoderName: [UInt8]? {
    let known = ["LAME", "Lavf", "Lavc"].contains { lame.has($0) }
    return known ? Array(lame.prefix(9)) : nil
  }
  /// The way the bit rate varies: 1 constant, 2 average, 3…6 variable.
  var method: Int? { lame.byte(at: 9).map { Int($0 & 15) } }
  /// Frequencies above this were left out, in units of 100 Hz.
  var lowpass: Int? { lame.byte(at: 10).map(Int.init) }
  /// LAME's encoding flags and ATH type.
  var settings: Int? { lame.byte(at: 19).map(Int.init) }

  /// Samples by which every layer III decoder is late (LAME's `DECDELAY`).
  static let decoderDelay = 529

  /// Reads the header in the frame that begins at `offset`, if there is one.
  init?(_ bytes: [UInt8], frameAt offset: Int, frame: MPEGFrameHeader) {
    // The header hides where a decoder that does not know it finds main data of silence.
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
    // The encoder's name, of any encoder, says that the extension is there; delay and padding have 12 bits each.
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

  /// What is taken off `samples` decoded ones, of which the header promised `frames` frames' worth.
  ///
  /// It is what libmpg123 and ffmpeg do: the padding is taken off where the header says the audio ends, whatever
  /// follows; if the stream ends before that, there is none. Where a Xing header tells neither delay nor padding, the
  /// decoder's own delay is taken off, as libmpg123 does and ffmpeg does not.
  func trim(_ samples: Int, samplesPerFrame: Int) -> MP3Trim {
    guard kind != .vbri, !isBehindChecksum, let frames, frames > 0 else { return MP3Trim(front: 0, back: 0..<0) }
    let front = min((delay ?? 0) + MP3Header.decoderDelay, samples)
    let (promised, overflow) = frames.multipliedReportingOverflow(by: samplesPerFrame)
    guard !overflow, samples >= promised else { return MP3Trim(front: front, back: 0..<0) }
    let back = max((padding ?? 0) - MP3Header.decoderDelay, 0)
    return MP3Trim(front: front, back: max(promised - back, front)..<max(promised, front))
  }

  /// The length it claims, in samples.
  func claimedSamples(samplesPerFrame: Int) -> Int? {
    guard let frames else { return nil }
    let (promised, overflow) = frames.multipliedReportingOverflow(by: samplesPerFrame)
    return overflow ? nil : promised - trim(promised, samplesPerFrame: samplesPerFrame).count
  }
}

/// Decoded samples that are no part of the recording: what encoder and decoder put in front and behind.
struct MP3Trim: Equatable {
  /// So many at the start.
  let front: Int
  /// These near the end of what a header promised, where others may follow; empty or not below `front`.
  let back: Range<Int>

  /// How many there are.
  var count: Int { front + back.count }
}
