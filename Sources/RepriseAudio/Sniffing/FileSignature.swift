/// The signatures of files in their first bytes.
struct FileSignature {
  /// Format.
  let format: FileFormat
  /// Common name of the format.
  let codec: String
  /// `true` if the file is or holds audio.
  let isAudio: Bool

  private static func audio(_ codec: String) -> FileSignature {
    FileSignature(format: .other, codec: codec, isAudio: true)
  }

  private static func notAudio(_ codec: String) -> FileSignature {
    FileSignature(format: .other, codec: codec, isAudio: false)
  }

  /// Returns the signature of the file that begins with these bytes; `nil` if it is not known.
  static func match(_ head: [UInt8]) -> FileSignature? {
    if let wave = matchWave(head) { return wave }
    if head.has("fLaC") { return FileSignature(format: .flac, codec: "flac", isAudio: true) }
    if head.has("OggS") { return audio(oggCodec(head)) }
    if head.has("ftyp", at: 4) { return matchISOMedia(head) }
    if head.has("FORM") {
      if head.has("AIFF", at: 8) || head.has("AIFC", at: 8) { return audio("aiff") }
      if head.has("8SVX", at: 8) || head.has("16SV", at: 8) { return audio("8svx") }
      if head.has("MAUD", at: 8) { return audio("maud") }
    }
    // Dolby TrueHD: the sync of the first access unit, behind its length and time.
    if head.big(at: 4, width: 4) == 0xF872_6FBA { return audio("truehd") }
    if isTransportStream(head) { return audio("mpeg transport stream") }
    for (magic, codec) in audioMagic where head.starts(with: magic) { return audio(codec) }
    for (magic, codec) in otherMagic where head.starts(with: magic) { return notAudio(codec) }
    return matchShort(head)
  }

  /// Returns a signature that is too short to decide alone, and is confirmed by further fields.
  private static func matchShort(_ head: [UInt8]) -> FileSignature? {
    // MZ: the offset of the second header, and the signature of that header.
    if head.has("MZ"), let offset = head.little(at: 60, width: 4) {
      if ["PE", "NE", "LE", "LX"].contains(where: { head.has($0, at: offset) }) { return notAudio("a program (EXE)") }
      // A program for DOS alone: bytes in the last page, pages, and a header of whole paragraphs before its
      // relocations.
      if let last = head.little(at: 2, width: 2), last < 512, let pages = head.little(at: 4, width: 2), pages > 0,
        let paragraphs = head.little(at: 8, width: 2), (2...64).contains(paragraphs)
      {
        return notAudio("a program (EXE)")
      }
    }
    // BM: two reserved fields of zero, then the offset of the pixels and the length of the second header.
    if head.has("BM"), head.little(at: 6, width: 4) == 0,
      let header = head.little(at: 14, width: 4), [12, 40, 52, 56, 64, 108, 124].contains(header)
    {
      return notAudio("a bmp image")
    }
    if head.has("ustar", at: 257) { return notAudio("a tar archive") }
    // An icon or a cursor: the number of images, then a reserved byte of zero of the first image.
    if head.starts(with: [0, 0, 1, 0]) || head.starts(with: [0, 0, 2, 0]),
      let count = head.little(at: 4, width: 2), (1...64).contains(count), head.byte(at: 9) == 0
    {
      return notAudio("an icon")
    }
    return nil
  }

  private static func matchWave(_ head: [UInt8]) -> FileSignature? {
    let wave = FileSignature(format: .wav, codec: "wav", isAudio: true)
    if head.has("RIFF") || head.has("RF64") || head.has("BW64") {
      if head.has("WAVE", at: 8) { return wave }
      if head.has("AVI ", at: 8) { return audio("avi") }
      if head.has("WEBP", at: 8) { return notAudio("a webp image") }
      if head.has("RMID", at: 8) { return audio("midi") }
    }
    if head.has("RIFX") && head.has("WAVE", at: 8) { return audio("big-endian wav (RIFX)") }
    // Sony Wave64: GUIDs 66666972-912E-11CF-A5D6-28DB04C10000 and 65766177-ACF3-11D3-8CD1-00C04F8EDB8A.
    let riff: [UInt8] = [0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 4, 0xC1, 0, 0]
    return head.starts(with: riff) && head.has("wave", at: 24) ? wave : nil
  }

  /// Returns `true` for packets of 188 bytes (ISO 13818-1 §2.4.3.2), each of which begins with a sync byte.
  private static func isTransportStream(_ head: [UInt8]) -> Bool {
    let places = stride(from: 0, to: min(head.count, 188 * 8), by: 188)
    return head.count >= 188 * 4 && places.allSatisfy { head[$0] == 0x47 && (head.byte(at: $0 + 3) ?? 0) & 0x30 != 0 }
  }

  private static func oggCodec(_ head: [UInt8]) -> String {
    // The first packet follows the page header of 27 bytes and its segment table.
    let packet = 27 + Int(head.byte(at: 26) ?? 0)
    if head.has("OpusHead", at: packet) { return "opus" }
    if head.has("vorbis", at: packet + 1) { return "ogg vorbis" }
    if head.has("FLAC", at: packet + 1) { return "ogg flac" }
    if head.has("Speex", at: packet) { return "speex" }
    return "ogg"
  }

  private static func matchISOMedia(_ head: [UInt8]) -> FileSignature {
    if head.has("M4A", at: 8) || head.has("M4B", at: 8) { return audio("m4a") }
    if head.has("heic", at: 8) || head.has("mif1", at: 8) { return notAudio("a heic image") }
    if head.has("avif", at: 8) { return notAudio("an avif image") }
    if head.has("qt", at: 8) { return audio("quicktime") }
    return audio("mp4")
  }

  private static let audioMagic: [([UInt8], String)] = [
    ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "wma (asf)"),
    (Array("caff".utf8), "caf"),
    ([0x1A, 0x45, 0xDF, 0xA3], "matroska/webm"),
    (Array("#!AMR".utf8), "amr"),
    (Array("MThd".utf8), "midi"),
    (Array("MAC ".utf8), "monkey's audio (ape)"),
    (Array("wvpk".utf8), "wavpack"),
    (Array("TTA1".utf8), "tta"),
    (Array("MPCK".utf8), "musepack"),
    (Array("MP+".utf8), "musepack"),
    (Array(".snd".utf8), "au"),
    (Array("DSD ".utf8), "dsf"),
    (Array("FRM8".utf8), "dff"),
    (Array("ADIF".utf8), "aac (ADIF)"),
    (Array(".RMF".utf8), "realmedia"),
    (Array("FLV".utf8), "flash video"),
    ([0, 0, 1, 0xBA], "mpeg program stream"),
    ([0x0B, 0x77], "ac3"),
    (Array("Creative Voice File".utf8), "voc"),
    (Array("tBaK".utf8), "tak"),
    (Array("ajkg".utf8), "shorten"),
    (Array("nut/multimedia container\0".utf8), "nut"),
    ([0x06, 0x0E, 0x2B, 0x34, 2, 5, 1, 1, 0x0D, 1, 2], "mxf"),
    ([0x64, 0xA3, 1, 0], "ircam"),
    ([0x64, 0xA3, 2, 0], "ircam"),
    ([0x64, 0xA3, 3, 0], "ircam"),
    ([0x64, 0xA3, 4, 0], "ircam"),
    ([0, 1, 0xA3, 0x64], "ircam"),
    ([0, 2, 0xA3, 0x64], "ircam"),
    ([0, 3, 0xA3, 0x64], "ircam"),
    ([0, 4, 0xA3, 0x64], "ircam"),
    (Array(".SoX".utf8), "sox"),
    (Array("XoS.".utf8), "sox"),
    (Array("2BIT".utf8), "avr"),
    (Array(" paf".utf8), "paf"),
    (Array("fap ".utf8), "paf"),
    (Array("NIST_1A\n".utf8), "nist sphere"),
    (Array("ALawSoundFile**\0".utf8), "psion wve"),
    (Array("PVF1\n".utf8), "pvf"),
    ([0x7F, 0xFE, 0x80, 0x01], "dts"),
  ]

  private static let otherMagic: [([UInt8], String)] = [
    ([0x50, 0x4B, 3, 4], "a zip archive"),
    ([0x50, 0x4B, 5, 6], "a zip archive"),
    ([0x1F, 0x8B], "a gzip archive"),
    (Array("BZh".utf8), "a bzip2 archive"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
    (Array("Rar!".utf8), "a rar archive"),
    ([0x89, 0x50, 0x4E, 0x47], "a png image"),
    ([0xFF, 0xD8, 0xFF], "a jpeg image"),
    (Array("GIF8".utf8), "a gif image"),
    (Array("%PDF".utf8), "a pdf document"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    ([0xCF, 0xFA, 0xED, 0xFE], "a program (Mach-O)"),
    ([0xCE, 0xFA, 0xED, 0xFE], "a program (Mach-O)"),
    ([0xCA, 0xFE, 0xBA, 0xBE], "a program (Mach-O or Java)"),
    ([0x00, 0x61, 0x73, 0x6D], "a program (WebAssembly)"),
    (Array("!<arch>\n".utf8), "a library archive"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstandard archive"),
    ([0x04, 0x22, 0x4D, 0x18], "an lz4 archive"),
    (Array("LZIP".utf8), "an lzip archive"),
    ([0xED, 0xAB, 0xEE, 0xDB], "an rpm package"),
    (Array("II*\0".utf8), "a tiff image"),
    (Array("MM\0*".utf8), "a tiff image"),
    (Array("8BPS".utf8), "a photoshop image"),
    (Array("gimp xcf".utf8), "a gimp image"),
    (Array("wOFF".utf8), "a font"),
    (Array("wOF2".utf8), "a font"),
    (Array("OTTO".utf8), "a font"),
    ([0, 1, 0, 0, 0], "a font"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an office document"),
    (Array("{\\rtf".utf8), "a text document (RTF)"),
    (Array("%!PS".utf8), "a postscript document"),
    ([0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31], "a folder's settings (.DS_Store)"),
    (Array("bplist".utf8), "a property list"),
  ]
}
