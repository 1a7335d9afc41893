/// What the first bytes of a picture tell.
enum PictureFacts {
  /// Returns the media type of a picture: the one told, or by its contents if that is none.
  static func mediaType(_ told: String, _ data: ArraySlice<UInt8>) -> String {
    if told.contains("/") && !told.hasSuffix("/") || told == "-->" { return told == "image/jpg" ? "image/jpeg" : told }
    return detected(data) ?? (told.isEmpty ? "image/" : "image/" + told.lowercased())
  }

  static func detected(_ data: ArraySlice<UInt8>) -> String? {
    if data.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if data.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    if data.starts(with: Array("GIF8".utf8)) { return "image/gif" }
    if data.starts(with: Array("BM".utf8)) { return "image/bmp" }
    if data.starts(with: Array("RIFF".utf8)) { return "image/webp" }
    return nil
  }

  /// Returns width, height, bits per pixel and number of colours, as far as a PNG or JPEG tells; else zeros.
  static func form(_ data: [UInt8]) -> [Int] {
    if data.has("IHDR", at: 12), let width = data.big(at: 16, width: 4), let height = data.big(at: 20, width: 4),
      let depth = data.byte(at: 24), let kind = data.byte(at: 25)
    {
      let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(kind)] ?? 1
      return [width, height, Int(depth) * channels, kind == 3 ? 1 << min(Int(depth), 8) : 0]
    }
    guard data.starts(with: [0xFF, 0xD8]) else { return [0, 0, 0, 0] }
    var place = 2
    for _ in 0..<1000 {
      guard data.byte(at: place) == 0xFF, let kind = data.byte(at: place + 1),
        let size = data.big(at: place + 2, width: 2)
      else { break }
      if (0xC0...0xCF).contains(kind), ![0xC4, 0xC8, 0xCC].contains(kind), let bits = data.byte(at: place + 4),
        let height = data.big(at: place + 5, width: 2), let width = data.big(at: place + 7, width: 2),
        let parts = data.byte(at: place + 9)
      {
        return [width, height, Int(bits) * Int(parts), 0]
      }
      place += 2 + size
    }
    return [0, 0, 0, 0]
  }
}
