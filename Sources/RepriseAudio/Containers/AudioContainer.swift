/// The containers out of which an mp3 or flac stream is taken without encoding, by the names that foreign containers
/// have too.
package enum AudioContainer: String, Sendable, Equatable, Codable {
  case riff = "RIFF"
  case rf64 = "RF64"
  case bw64 = "BW64"
  case wave64 = "W64"
  /// ISO base media (ISO 14496-12): mp4, m4a, 3gp.
  case mp4
  /// The original of ISO base media, with the same boxes.
  case quickTime = "mov"
  case matroska
  case webM = "webm"
  case ogg

  /// Creates the container of a wav.
  init(_ container: WaveLayout.Container) {
    self =
      switch container {
      case .riff: .riff
      case .rf64: .rf64
      case .bw64: .bw64
      case .wave64: .wave64
      }
  }
}

/// A stream inside another file: where its bytes are, and what is known of the file around it.
package struct Unwrapping: Sendable, Equatable {
  /// The facts about a stream that remain once its bytes have been copied.
  package struct Facts: Sendable, Equatable {
    /// Container.
    package let container: AudioContainer
    /// Format of the stream: mp3 or flac.
    package let codec: FileFormat
    /// Size of the stream in bytes.
    package let byteCount: Int

    /// Creates facts.
    package init(container: AudioContainer, codec: FileFormat, byteCount: Int) {
      self.container = container
      self.codec = codec
      self.byteCount = byteCount
    }
  }

  /// Container.
  package let container: AudioContainer
  /// Format of the stream: mp3 or flac.
  package let codec: FileFormat
  /// Bytes of the stream as a file of its own.
  package var content = ByteSplice()
  /// Number of bytes of the content that were appended from the file.
  private var sourceBytes = 0
  /// Number of bytes that the container claims and the file does not have.
  package var missingBytes = 0
  /// Damage of the container itself; the first one becomes the reason of the verdict.
  package var damage: [ContainerFinding] = []
  /// Harmless facts about the container.
  package var remarks: [ContainerFinding] = []

  /// Creates an unwrapping without content.
  init(container: AudioContainer, codec: FileFormat) {
    self.container = container
    self.codec = codec
  }

  /// Facts that remain once the bytes have been copied.
  package var facts: Facts { Facts(container: container, codec: codec, byteCount: content.byteCount) }

  /// Largest number of bytes that is reckoned with, an exabyte: sums of such numbers do not overflow.
  static let mostBytes = 1 << 60

  /// Returns the product of two numbers of at most 32 bits, at most ``mostBytes``.
  static func product(_ one: Int, _ other: Int) -> Int {
    let (product, overflow) = one.multipliedReportingOverflow(by: other)
    return overflow ? mostBytes : min(product, mostBytes)
  }

  /// Largest number of pieces of a splice: Matroska has one for each block, 140,000 an hour of mp3.
  static let mostPieces = 4_000_000

  /// Appends a range that a container claims, as far as the file has it.
  ///
  /// - Parameters:
  ///   - start: The offset of the first byte.
  ///   - count: The number of bytes.
  ///   - fileBytes: The size of the file.
  /// - Returns: `false` if the ranges together exceed the file, as overlapping ones do, or are too many.
  mutating func append(_ start: Int, count: Int, of fileBytes: Int) -> Bool {
    let present = start < fileBytes ? min(count, fileBytes - start) : 0
    missingBytes = min(missingBytes + min(count - present, Self.mostBytes), Self.mostBytes)
    guard present > 0 else { return true }
    guard present <= fileBytes - sourceBytes, content.pieces.count < Self.mostPieces else { return false }
    sourceBytes += present
    content.append(start..<start + present)
    return true
  }
}
