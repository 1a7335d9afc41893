/// Files that say in their first bytes what they are.
struct FileSignature {
  /// What a program needs.
  let format: FileFormat
  /// What people call it.
  let codec: String
  /// Whether it is or holds audio.
  let isAudio: Bool

  private static func audio(_ codec: String) -> FileSignature {
    FileSignature(format: .other, codec: codec, isAudio: true)
  }

  private static func notAudio(_ codec: String) -> FileSignature {
    FileSignature(format: .other, codec: codec, isAudio: false)
  }

  /// Names the file that begins with these bytes, if its signature is known.
  static func match(_ head: [UInt8]) -> FileSignature? {
    if let wave = matchWave(head) { return wave }
    if head.has("fLaC") { return FileSignature(format: .flac, codec: "flac", isAudio: true) }
    if head.has("OggS") { return audio(oggCodec(head)) }
    if head.has("ftyp", at: 4) { return matchISOMedia(head) }
    if head.has("FORM") && (head.has("AIFF", at: 8) || head.has("AIFC", at: 8)) { return audio("aiff") }
    for (magic, codec) in audioMagic where head.starts(with: magic) { return audio(codec) }
    for (magic, codec) in otherMagic where head.starts(with: magic) { return notAudio(codec) }
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

  private static func oggCodec(_ head: [UInt8]) -> String {
    // The first packet stands behind the page header of 27 bytes and its segment table.
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
  ]
}
