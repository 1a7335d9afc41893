/// An audio track of a Matroska file whose blocks hold an mp3 or flac stream (RFC 9559 §5.1.4).
struct MatroskaTrack {
  /// Number of the track.
  let number: Int
  /// Format of the stream.
  let codec: FileFormat
  /// Range of the metadata blocks of a flac, behind its marker.
  let metadata: Range<Int>
  /// Bytes at the beginning of every frame that the blocks leave out.
  let prefix: [UInt8]
  /// Encoder delay that players leave out, in seconds.
  let delay: Double

  /// Longest prefix; frames share their header at most.
  private static let mostPrefix = 64

  /// Reads the first audio track of a `Tracks` element that is enabled and, if there is any, played by default.
  ///
  /// - Returns: The track, and the number of other audio tracks; `nil` if its format is another one, or it is encrypted
  ///   or compressed.
  static func find(_ bytes: RawSpan, in tracks: EBMLElement) -> (track: MatroskaTrack, others: Int)? {
    let audio = tracks.children(bytes).filter { entry in
      entry.id == 0xAE && entry.children(bytes).contains { $0.id == 0x83 && $0.unsigned(bytes) == 2 }
    }
    func isOn(_ entry: EBMLElement, _ id: UInt32) -> Bool {
      entry.children(bytes).first { $0.id == id }?.unsigned(bytes) != 0
    }
    let enabled = audio.filter { isOn($0, 0xB9) }
    guard let entry = enabled.first(where: { isOn($0, 0x88) }) ?? enabled.first ?? audio.first,
      let track = MatroskaTrack(bytes, entry)
    else { return nil }
    return (track, audio.count - 1)
  }

  private init?(_ bytes: RawSpan, _ entry: EBMLElement) {
    let fields = entry.children(bytes)
    func field(_ id: UInt32) -> EBMLElement? { fields.first { $0.id == id } }
    guard let number = field(0xD7)?.unsigned(bytes), number > 0 else { return nil }
    self.number = number
    let data = field(0x63A2)
    let dataRange = data.map { $0.body..<min($0.end ?? $0.body, bytes.byteCount) } ?? 0..<0
    switch field(0x86)?.text(bytes) {
    case "A_MPEG/L3":
      codec = .mp3
      metadata = 0..<0
    // A WAVEFORMATEX with the tag of mp3, as AVI has it.
    case "A_MS/ACM" where bytes.has("U\0", at: dataRange.lowerBound) && !dataRange.isEmpty:
      codec = .mp3
      metadata = 0..<0
    case "A_FLAC" where bytes.has("fLaC", at: dataRange.lowerBound):
      codec = .flac
      metadata = min(dataRange.lowerBound + 4, dataRange.upperBound)..<dataRange.upperBound
    default: return nil
    }
    delay = Double(field(0x56AA)?.unsigned(bytes) ?? 0) / 1e9
    var prefix: [UInt8] = []
    for encoding in field(0x6D80)?.children(bytes) ?? [] where encoding.id == 0x6240 {
      guard let compression = encoding.children(bytes).first(where: { $0.id == 0x5034 }) else { return nil }
      let parts = compression.children(bytes)
      // Only header stripping leaves the bytes of a frame as they are.
      guard parts.first(where: { $0.id == 0x4254 })?.unsigned(bytes) == 3,
        let settings = parts.first(where: { $0.id == 0x4255 }), let size = settings.size, size <= Self.mostPrefix
      else { return nil }
      prefix = bytes.copy(at: settings.body, count: size) + prefix
      guard prefix.count <= Self.mostPrefix else { return nil }
    }
    self.prefix = prefix
  }
}
