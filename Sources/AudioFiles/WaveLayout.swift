/// Where things are in a RIFF WAVE, RF64, BW64 or Wave64 file, read chunk by chunk without trusting a size.
///
/// RIFF: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0"; RF64 and BW64: EBU Tech 3306 and
/// ITU-R BS.2088; Wave64: Sony's own paper.
package struct WaveLayout: Equatable, Sendable {
  /// The kinds of container, by their first four bytes.
  package enum Container: String, Sendable { case riff = "RIFF", rf64 = "RF64", bw64 = "BW64", wave64 = "W64" }

  /// Which of them it is.
  package let container: Container
  private let start: Int
  /// The body of the format chunk.
  package private(set) var formatChunk: [UInt8] = []
  /// Where the samples begin; `nil` if no data chunk was found.
  package private(set) var dataOffset: Int?
  /// The data chunk's claimed size, RF64's 64-bit one where it stands in; read literally.
  package private(set) var declaredBytes = 0
  /// Where the data chunk's own size field stands.
  package private(set) var sizeOffset = 0
  /// Whether the claimed size, of 32 or of 64 bits, is one that streaming writers leave when they cannot know: 0 or
  /// all ones.
  package private(set) var sizeIsUnknown = false
  /// Bytes of samples that are really there.
  package private(set) var presentBytes = 0
  /// Where RF64's 64-bit size of the samples stands, if it is the one that counts.
  private var wideSizeOffset: Int?
  /// Whether a format chunk stands behind the samples, which no reader expects there.
  package private(set) var formatIsLate = false
  /// Names and sizes of the other chunks, the first ten.
  package private(set) var otherChunks: [String] = []
  /// How many there are.
  package private(set) var otherChunkCount = 0
  /// Bytes behind the data chunk that are no chunks.
  package private(set) var strayBytes = 0

  /// Walks the chunks; `nil` if the first bytes are those of no such file.
  package init?(_ file: borrowing InputFile, offset: Int = 0) throws(AudioFileError) {
    let head = try file.bytes(at: offset, count: 40)
    let known = ["RIFF": Container.riff, "RF64": .rf64, "BW64": .bw64, "riff": .wave64]
    guard let container = known.first(where: { head.has($0.key) })?.value else { return nil }
    self.container = container
    start = offset
    try walk(file, from: offset + (container == .wave64 ? 40 : 12))
  }

  private mutating func walk(_ file: borrowing InputFile, from start: Int) throws(AudioFileError) {
    let isWide = container == .wave64
    let headerBytes = isWide ? 24 : 8
    var wideDataSize: Int?
    var wideOffset: Int?
    var offset = start
    // A file of nothing but empty chunks must not keep us for ever.
    for _ in 0..<10_000 {
      let header = try file.bytes(at: offset, count: headerBytes)
      guard header.count == headerBytes else { break }
      let name = String(decoding: header.prefix(4), as: UTF8.self)
      guard header.prefix(4).allSatisfy({ (32..<127).contains($0) }) else {
        strayBytes = file.byteCount - offset
        break
      }
      let literal = isWide ? max((header.little64(at: 16) ?? 0) - 24, 0) : header.little(at: 4, width: 4) ?? 0
      let body = offset + headerBytes
      let present = max(file.byteCount - body, 0)
      var size = literal
      if name == "data", dataOffset == nil {
        sizeOffset = offset + (isWide ? 16 : 4)
        // All ones in 64 bits, less what Wave64 counts of the chunk itself; little64 has clamped it.
        let wideUnknown = Int.max - 24
        var isUnknown = !isWide && literal >= 0xFFFF_FF00 || isWide && literal >= wideUnknown
        if !isWide, literal == 0xFFFF_FFFF, let wideDataSize {
          size = wideDataSize
          wideSizeOffset = wideOffset
          isUnknown = wideDataSize >= wideUnknown
        }
        // Empty, but with no chunk behind: not an empty recording, a size that was never filled in.
        let isFollowed = try isChunk(file, at: body)
        sizeIsUnknown = isUnknown || size == 0 && present > 0 && !isFollowed
        dataOffset = body
        declaredBytes = size
        presentBytes = sizeIsUnknown ? present : min(size, present)
        if sizeIsUnknown { break }
      } else if name == "fmt ", dataOffset != nil, formatChunk.isEmpty {
        formatIsLate = true
      } else if name == "fmt ", formatChunk.isEmpty {
        formatChunk = try file.bytes(at: body, count: min(size, 4096))
      } else if name == "ds64" {
        wideDataSize = try file.bytes(at: body, count: 16).little64(at: 8)
        wideOffset = body + 8
      } else {
        otherChunkCount += 1
        if otherChunks.count < listedAtMost { otherChunks.append("\(name.trimmingSuffix()) \(size)") }
      }
      guard size <= present else { break }
      offset = body + size + (isWide ? (8 - size % 8) % 8 : size % 2)
    }
  }

  private func isChunk(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    let header = try file.bytes(at: offset, count: 8)
    guard header.count == 8, header.prefix(4).allSatisfy({ (32..<127).contains($0) }),
      let size = header.little(at: 4, width: 4)
    else { return false }
    return offset + 8 + size <= file.byteCount + 1
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}

extension WaveLayout {
  /// What the format chunk says.
  package struct Format: Equatable, Sendable {
    /// WAVE_FORMAT_…, the subformat's where the chunk is extensible.
    package let tag: Int
    /// Samples a frame.
    package let channels: Int
    /// In Hz.
    package let sampleRate: Int
    /// Bytes of a frame.
    package let blockAlign: Int
    /// Bits of a sample, as stored.
    package let bitsPerSample: Int

    /// What follows the tag in the GUIDs of KSDATAFORMAT_SUBTYPE_… (mmreg.h) and of ambisonic B-format.
    fileprivate static let guidTails: [[UInt8]] = [
      [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71],
      [0, 0, 0x21, 7, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0, 0, 0],
    ]
  }

  /// The format chunk's fields; `nil` if it is missing or too short.
  package var format: Format? {
    guard formatChunk.count >= 16, let tag = formatChunk.little(at: 0, width: 2),
      let channels = formatChunk.little(at: 2, width: 2), let rate = formatChunk.little(at: 4, width: 4),
      let block = formatChunk.little(at: 12, width: 2), let bits = formatChunk.little(at: 14, width: 2)
    else { return nil }
    // WAVE_FORMAT_EXTENSIBLE keeps the real tag in the first two bytes of a GUID, if the others are those of the
    // GUIDs made from tags.
    let isTagged = tag == 0xFFFE && formatChunk.count >= 40 && Format.guidTails.contains(Array(formatChunk[26..<40]))
    let real = isTagged ? formatChunk.little(at: 24, width: 2) ?? tag : tag
    return Format(tag: real, channels: channels, sampleRate: rate, blockAlign: block, bitsPerSample: bits)
  }
}

extension WaveLayout.Format {
  /// ffmpeg's name of the encoding.
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
    case 0x31: "gsm_ms"
    case 0x50: "mp2 in wav"
    case 0x55: "mp3 in wav"
    case 0xFF, 0x1600...0x1602: "aac in wav"
    case 0x161, 0x162: "wma in wav"
    case 0x2000: "ac3 in wav"
    default: "wav format 0x" + String(tag, radix: 16)
    }
  }

  /// How samples are kept; `nil` for what is neither linear integers nor floats.
  package var encoding: SampleEncoding? {
    switch tag {
    case 1 where (1...32).contains(bitsPerSample): .integer(bits: (bitsPerSample + 7) / 8 * 8)
    case 3 where bitsPerSample == 32 || bitsPerSample == 64: .float(bits: bitsPerSample)
    default: nil
    }
  }
}

extension WaveLayout {
  /// What libsndfile must read instead of the file's own bytes.
  ///
  /// It believes a data size that was never filled in, and (1.2) does not know that BW64 is RF64 with more chunks.
  var patches: [SndfileChannel.Patch] {
    var patches: [SndfileChannel.Patch] = []
    if container == .bw64 { patches.append(SndfileChannel.Patch(offset: start, bytes: Array("RF64".utf8))) }
    guard sizeIsUnknown else { return patches }
    if let wideSizeOffset {
      patches.append(SndfileChannel.Patch(offset: wideSizeOffset, bytes: WaveLayout.little(presentBytes, 8)))
    } else if container == .wave64 {
      patches.append(SndfileChannel.Patch(offset: sizeOffset, bytes: WaveLayout.little(presentBytes + 24, 8)))
    } else if presentBytes < 0xFFFF_FF00 {
      patches.append(SndfileChannel.Patch(offset: sizeOffset, bytes: WaveLayout.little(presentBytes, 4)))
    }
    return patches
  }

  private static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
