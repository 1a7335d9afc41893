import RepriseSystem

/// The number of bytes of audio that the header of a container declares, and the number that is there.
struct ForeignClaim: Equatable {
  /// Declared number of bytes.
  let declared: Int
  /// Number of bytes that are there, at most the declared number.
  let present: Int

  /// Reads the header of the containers that libsndfile decodes: it takes what is there for all there is.
  ///
  /// The result is `nil` if the container declares nothing, or its header is not understood.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - name: The name of the container.
  ///   - start: The offset of the container.
  /// - Throws: `AudioFileError` if the file cannot be read.
  init?(_ file: InputFile, container name: String, start: Int) throws(AudioFileError) {
    let chunks: Chunks
    switch name {
    case "au":
      // Sun's header: the offset of the samples and their size; all ones for a size that is not known.
      let head = try file.bytes(at: start, count: 12)
      guard let offset = head.big(at: 4, width: 4), let size = head.big(at: 8, width: 4), size != 0xFFFF_FFFF else {
        return nil
      }
      self.init(size, from: start + offset, in: file)
      return
    case "aiff": chunks = Chunks(title: "SSND", from: 12, wide: false, padded: true)
    case "rifx": chunks = Chunks(title: "data", from: 12, wide: false, padded: true)
    case "caf": chunks = Chunks(title: "data", from: 8, wide: true, padded: false)
    default: return nil
    }
    guard let found = try chunks.find(file, start: start) else { return nil }
    self.init(found.size, from: found.body, in: file)
  }

  private init(_ size: Int, from body: Int, in file: InputFile) {
    declared = size
    present = max(min(size, file.byteCount - body), 0)
  }

  /// Big-endian chunks: four letters, a size of 32 or 64 bits, the body.
  private struct Chunks {
    let title: String
    let from: Int
    let wide: Bool
    let padded: Bool

    /// Returns the chunk of the samples.
    func find(_ file: InputFile, start: Int) throws(AudioFileError) -> (body: Int, size: Int)? {
      var offset = start + from
      let header = wide ? 12 : 8
      for _ in 0..<100_000 {
        let head = try file.bytes(at: offset, count: header)
        guard head.count == header, let low = head.big(at: header - 4, width: 4) else { return nil }
        let high = wide ? head.big(at: 4, width: 4) ?? 0 : 0
        // A size with its sign bit, −1 in CAF, is not known.
        guard high < 1 << 30 else { return nil }
        let size = high << 32 | low
        if head.has(title) { return (offset + header, size) }
        offset += header + size + (padded ? size % 2 : 0)
        guard offset < file.byteCount else { return nil }
      }
      return nil
    }
  }
}
