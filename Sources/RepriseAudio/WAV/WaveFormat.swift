extension WaveLayout {
  /// The contents of the format chunk.
  package struct Format: Equatable, Sendable {
    /// Format tag, WAVE_FORMAT_…; that of the subformat if the chunk is extensible.
    package let tag: Int
    /// Number of channels.
    package let channels: Int
    /// Sample rate in Hz.
    package let sampleRate: Int
    /// Claimed size of a frame, or of a coded block, in bytes.
    package let blockAlign: Int
    /// Width of a stored sample in bits.
    package let bitsPerSample: Int
    /// Number of samples per channel in a coded block; 0 if the chunk does not specify it.
    package let blockFrames: Int
    /// Number of valid bits of a sample in the extensible form; `nil` for any other form, 0 if it does not specify it.
    let validBits: Int?
    /// Claimed size of the extension of the extensible form, in bytes; `nil` for any other form.
    let extensionBytes: Int?
    /// Size of the chunk in bytes.
    let chunkBytes: Int

    /// Size of the extension of the extensible form, in bytes.
    static let extensibleBytes = 22

    /// Bytes after the tag in the GUIDs of integers and floats.
    static let pcmGUIDTail: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

    /// Bytes after the tag in the GUIDs of KSDATAFORMAT_SUBTYPE_… (mmreg.h) and of ambisonic B-format.
    fileprivate static let guidTails: [[UInt8]] = [
      pcmGUIDTail,
      [0, 0, 0x21, 7, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0, 0, 0],
    ]
  }

  /// Fields of the format chunk; `nil` if it is missing or too short.
  package var format: Format? { Format(formatChunk) }
}

extension WaveLayout.Format {
  /// Reads the body of a format chunk; `nil` if it is too short.
  package init?(_ chunk: [UInt8]) {
    guard chunk.count >= 16, let tag = chunk.little(at: 0, width: 2), let channels = chunk.little(at: 2, width: 2),
      let rate = chunk.little(at: 4, width: 4), let block = chunk.little(at: 12, width: 2),
      let bits = chunk.little(at: 14, width: 2)
    else { return nil }
    let isExtensible = tag == 0xFFFE
    // WAVE_FORMAT_EXTENSIBLE holds the actual tag in the first two bytes of a GUID, if the other bytes are those of the
    // GUIDs derived from tags.
    let isTagged =
      isExtensible && chunk.count >= 40 && WaveLayout.Format.guidTails.contains(Array(chunk[26..<40]))
    // Without the GUID only integers have these widths.
    let isCutShort = isExtensible && chunk.count < 40 && [8, 16, 24].contains(bits) && block == bits / 8 * channels
    self.tag = isTagged ? chunk.little(at: 24, width: 2) ?? tag : isCutShort ? 1 : tag
    self.channels = channels
    sampleRate = rate
    blockAlign = block
    bitsPerSample = bits
    blockFrames = chunk.little(at: 18, width: 2) ?? 0
    validBits = isTagged ? chunk.little(at: 18, width: 2) : nil
    extensionBytes = isTagged ? chunk.little(at: 16, width: 2) ?? 0 : isCutShort ? max(chunk.count - 18, 0) : nil
    chunkBytes = chunk.count
  }
}

extension WaveLayout.Format {
  /// Name of the encoding in ffmpeg.
  package var codec: String {
    switch tag {
    case 1 where (1...8).contains(bitsPerSample): "pcm_u8"
    case 1 where (9...64).contains(bitsPerSample): "pcm_s\((bitsPerSample + 7) / 8 * 8)le"
    case 3 where (1...64).contains(bitsPerSample): "pcm_f\(bitsPerSample)le"
    case 1, 3: "pcm"
    case 2: "adpcm_ms"
    case 6: "pcm_alaw"
    case 7: "pcm_mulaw"
    case 0x11: "adpcm_ima_wav"
    case 0x20: "adpcm_yamaha"
    case 0x28F, 0x65: "adpcm_g722"
    case 0x31: "gsm_ms"
    case 0x45, 0x64: "adpcm_g726"
    case 0x50: "mp2 in wav"
    case 0x55: "mp3 in wav"
    case 0xFF, 0x1600...0x1602, 0x706D: "aac in wav"
    case 0x160...0x163: "wma in wav"
    case 0x2000: "ac3 in wav"
    case 0xF1AC: "flac in wav"
    default: "wav format 0x" + String(tag, radix: 16)
    }
  }

  /// `true` if the samples are linear integers or floats of any width.
  package var isLinear: Bool { tag == 1 || tag == 3 }

  /// `true` if the samples are coded: neither linear nor ambiguous in width.
  var isCoded: Bool { !isLinear && channels > 0 && sampleRate > 0 }

  /// Encoding of the samples; `nil` unless they are linear integers or floats.
  package var encoding: SampleEncoding? {
    switch tag {
    case 1 where (1...32).contains(bitsPerSample): .integer(bits: (bitsPerSample + 7) / 8 * 8)
    case 3 where bitsPerSample == 32 || bitsPerSample == 64: .float(bits: bitsPerSample)
    default: nil
    }
  }

  /// Size of a frame in bytes by the width of its samples, which every decoder uses; 0 if `encoding` is `nil`.
  package var frameBytes: Int {
    // Each factor has at most 16 bits, so this cannot overflow.
    encoding == nil ? 0 : (bitsPerSample + 7) / 8 * channels
  }

  /// `true` if the claimed frame has room for 4 bytes per sample although 3 would suffice.
  ///
  /// Some writers store 24 bits in 32 so, others floats; `WaveWideSamples` tells them apart by the samples.
  package var isAmbiguous: Bool {
    (17...24).contains(bitsPerSample) && tag == 1 && blockAlign == 4 * channels
  }

  /// Returns the number of frames in `bytes` bytes of a coded format whose blocks all hold as many; `nil` for other
  /// formats.
  package func codedFrames(in bytes: Int) -> Int? {
    switch tag {
    case 6, 7: return channels > 0 ? bytes / channels : nil
    case 2, 0x11, 0x31: return blockAlign > 0 && blockFrames > 0 ? bytes / blockAlign * blockFrames : nil
    default: return nil
    }
  }
}
