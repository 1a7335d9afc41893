/// The comment "iTunSMPB" in an ID3v2 tag: the delay, the padding and the length that iTunes wrote.
///
/// Eight or more hexadecimal numbers, of which the second is the encoder delay, the third the padding and the fourth the
/// number of samples of the recording, all in samples per channel.
struct ITunesGapless: Equatable {
  /// Number of samples that the encoder put before the audio.
  let delay: Int
  /// Number of samples that the encoder put after the audio.
  let padding: Int
  /// Number of samples of the recording.
  let samples: Int

  /// Largest plausible delay and padding; iTunes writes some thousand at most.
  private static let most = 1 << 16

  /// Reads the comment in the ID3v2 tag at an offset; `nil` if there is none.
  init?(_ bytes: RawSpan, tag range: Range<Int>) {
    let head = bytes.copy(at: range.lowerBound, count: 10)
    guard head.count == 10, bytes.has("ID3", at: range.lowerBound) else { return nil }
    let version = Int(head[3])
    let header = version == 2 ? 6 : 10
    var place = range.lowerBound + 10
    // The extended header, whose size is written in two ways, is passed over by its size.
    if head[5] & 0x40 != 0, version > 2, let size = bytes.big32(at: place) {
      place += version == 4 ? ITunesGapless.synchsafe(Int(size)) : Int(size) + 4
    }
    for _ in 0..<1000 {
      guard place + header < range.upperBound, bytes.byte(place) != 0 else { return nil }
      let size: Int
      if version == 2 {
        size = Int(bytes.byte(place + 3)) << 16 | Int(bytes.byte(place + 4)) << 8 | Int(bytes.byte(place + 5))
      } else {
        let raw = Int(bytes.big32(at: place + 4) ?? 0)
        size = version == 4 ? ITunesGapless.synchsafe(raw) : raw
      }
      guard size > 0, place + header + size <= range.upperBound else { return nil }
      if bytes.has("COM", at: place), size < 4096 {
        let body = bytes.copy(at: place + header, count: size)
        if let found = ITunesGapless(comment: body) {
          self = found
          return
        }
      }
      place += header + size
    }
    return nil
  }

  /// Reads the body of a comment: an encoding, a language, a description and the text; `nil` if it is another one.
  private init?(comment body: [UInt8]) {
    // Both encodings of two bytes hold the ASCII characters with a zero beside each.
    let text = String(decoding: body.dropFirst(4).filter { $0 != 0 && $0 < 0x80 }, as: UTF8.self)
    guard text.hasPrefix("iTunSMPB") else { return nil }
    let numbers = text.dropFirst("iTunSMPB".count).split(separator: " ").map { Int($0, radix: 16) }
    guard numbers.count >= 4, let delay = numbers[1], let padding = numbers[2], let samples = numbers[3],
      (0..<ITunesGapless.most).contains(delay), (0..<ITunesGapless.most).contains(padding), samples > 0
    else { return nil }
    self.delay = delay
    self.padding = padding
    self.samples = samples
  }

  private static func synchsafe(_ raw: Int) -> Int {
    raw & 0x7F | raw >> 1 & 0x3F80 | raw >> 2 & 0x1F_C000 | raw >> 3 & 0xFE0_0000
  }
}

/// The samples that an encoder put before and after a recording, so that players can join two without a gap.
package struct Gapless: Sendable, Equatable, Codable {
  /// The places in which encoders tell them.
  package enum Source: String, Sendable, Codable {
    /// LAME's extension of the Xing header.
    case lame
    /// The comment "iTunSMPB" of iTunes.
    case itunsmpb
    /// No known place: the recording begins and ends with samples that were not in its source.
    case none
  }

  /// Number of samples before the audio, without the decoder's own delay; `nil` if it is not known.
  package let delay: Int?
  /// Number of samples after the audio; `nil` if it is not known.
  package let padding: Int?
  /// Place in which they are told.
  package let source: Source

  private enum CodingKeys: String, CodingKey { case delay, padding, source }

  /// Creates the figures.
  package init(delay: Int?, padding: Int?, source: Source) {
    self.delay = delay
    self.padding = padding
    self.source = source
  }

  /// Encodes every field, `null` for `nil`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(delay, forKey: .delay)
    try container.encode(padding, forKey: .padding)
    try container.encode(source, forKey: .source)
  }
}
