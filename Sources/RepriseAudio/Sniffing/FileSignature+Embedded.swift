extension FileSignature {
  /// Returns the flac or wav that begins behind bytes of no known content, with its offset; `nil` if there is none.
  static func embedded(_ head: [UInt8]) -> (format: FileFormat, codec: String, offset: Int)? {
    let span = unsafe head.span.bytes
    for place in head.indices.dropLast(16) where head[place] == UInt8(ascii: "f") || head[place] == UInt8(ascii: "R") {
      // The marker and the header of a STREAMINFO block of 34 bytes.
      if span.has("fLaC", at: place), span.big32(at: place + 4).map({ $0 & 0x7FFF_FFFF == 34 }) ?? false {
        return (.flac, "flac", place)
      }
      if span.has("RIFF", at: place), span.has("WAVEfmt ", at: place + 8) { return (.wav, "wav", place) }
    }
    return nil
  }
}
