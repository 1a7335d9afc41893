import RepriseAnalysis
import RepriseAudio
import TestSupport
import Testing

@Suite("An analysis as a picture")
struct PictureTests {
  private struct Truncated: Error {}

  /// Returns what zlib's format holds, as read by RFC 1950 and 1951 for blocks with fixed codes, checksum included.
  static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    try #require(bytes.count > 6 && bytes[0] & 15 == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0)
    var place = 16
    func bits(_ count: Int) throws -> Int {
      var value = 0
      for bit in 0..<count {
        guard place / 8 < bytes.count - 4 else { throw Truncated() }
        value |= Int(bytes[place / 8] >> UInt8(place % 8) & 1) << bit
        place += 1
      }
      return value
    }
    func code(_ count: Int) throws -> Int { try (0..<count).reduce(0) { value, _ in try value << 1 | bits(1) } }
    func next() throws -> Int {
      let seven = try code(7)
      if seven < 24 { return 256 + seven }
      let eight = try seven << 1 | bits(1)
      if (0x30...0xBF).contains(eight) { return eight - 0x30 }
      if (0xC0...0xC7).contains(eight) { return eight - 0xC0 + 280 }
      return try (eight << 1 | bits(1)) - 0x190 + 144
    }
    let lengths = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    let extra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    let distances = [
      1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
      8193, 12289, 16385, 24577,
    ]
    #expect(try bits(3) == 0b011)
    var result: [UInt8] = []
    while true {
      let symbol = try next()
      if symbol == 256 { break }
      if symbol < 256 {
        result.append(UInt8(symbol))
        continue
      }
      let length = try lengths[symbol - 257] + bits(extra[symbol - 257])
      let number = try code(5)
      let distance = try distances[number] + bits(max(0, number / 2 - 1))
      try #require(distance <= result.count)
      for _ in 0..<length { result.append(result[result.count - distance]) }
    }
    var (low, high) = (1, 0)
    for byte in result { (low, high) = ((low + Int(byte)) % 65521, (high + low + Int(byte)) % 65521) }
    #expect(bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) } == high << 16 | low)
    #expect((place + 7) / 8 == bytes.count - 4)
    return result
  }

  @Test("what is compressed is read back the same", arguments: [0, 1, 2, 3, 4, 257, 258, 259, 300, 40_000, 70_000])
  func deflate(_ count: Int) throws {
    var random = Numbers(UInt64(count) + 5)
    let noise = (0..<count).map { _ in UInt8(random.below(256)) }
    let runs = (0..<count).map { UInt8($0 / 700 % 3) }
    let rows = (0..<count).map { UInt8($0 % 2401 / 60) }
    let far = noise.prefix(33_000) + noise.prefix(33_000)
    for bytes in [noise, runs, rows, Array(far)] {
      let packed = Deflate.zlib(bytes)
      #expect(try Self.inflated(packed) == bytes)
    }
    if count == 40_000 { #expect(Deflate.zlib(rows).count < 1000) }
  }

  /// A chunk of a PNG file.
  private struct Chunk {
    let type: String
    let data: [UInt8]
  }

  private static func chunks(_ bytes: [UInt8]) throws -> [Chunk] {
    try #require(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var rest = bytes.dropFirst(8)
    var result: [Chunk] = []
    while !rest.isEmpty {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= length + 12)
      let body = Array(rest.dropFirst(4).prefix(length + 4))
      let crc = rest.dropFirst(8 + length).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      // CRC-32 bit by bit.
      var value: UInt32 = 0xFFFF_FFFF
      for byte in body {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      }
      #expect(crc == ~value)
      result.append(Chunk(type: String(decoding: body.prefix(4), as: UTF8.self), data: Array(body.dropFirst(4))))
      rest = rest.dropFirst(length + 12)
    }
    return result
  }

  @Test("a PNG has its chunks, and pixels in all rows that its palette knows", .takesLong)
  func png() throws {
    let sample = try #require(ExportSample.all.first { $0.name == "pickup" })
    let timeline = Timeline(sample.analysis, title: "Zoë ♭ 夜 \u{7}", waveform: .empty)
    let chunks = try Self.chunks(PNG(timeline).bytes)
    #expect(chunks.map(\.type) == ["IHDR", "pHYs", "PLTE", "IDAT", "IEND"])
    let header = chunks[0].data
    let (width, height) = (
      header.prefix(4).reduce(0) { $0 << 8 | Int($1) }, header.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    )
    #expect(Array(header.dropFirst(8)) == [8, 3, 0, 0, 0])
    #expect(SVG(timeline).text.contains("width=\"\(width / 2)\" height=\"\(height / 2)\""))
    let rows = try Self.inflated(chunks[3].data)
    #expect(rows.count == (width + 1) * height)
    #expect(stride(from: 0, to: rows.count, by: width + 1).allSatisfy { rows[$0] == 0 })
    #expect(Int(rows.max() ?? 0) < chunks[2].data.count / 3)
    // The title is written in the first colour after the ground's.
    let title = rows[(width + 1) * 8..<(width + 1) * 36]
    #expect(title.contains { $0 != 0 })
  }

  @Test("an SVG has its title, chords and sections, whatever they are", arguments: ScoreTests.titles)
  func svg(_ title: String) throws {
    let text = SVG(Timeline(ScoreTests.song, title: title, waveform: .empty)).text
    let elements = ScoreTests.elements(text)
    #expect(elements.last?.name == "svg")
    let words = elements.filter { $0.name == "text" }.map(\.text)
    for word in ["F", "B♭maj7/D", "A", "B chorus", "0:00"] { #expect(words.contains(word), "\(word)") }
    #expect(words.contains { $0.contains("F major") && $0.contains("120.0 bpm") && $0.contains("4/4") })
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test("a picture of any analysis stays within its width", arguments: ExportSample.all)
  func bounds(_ sample: ExportSample) throws {
    let text = SVG(Timeline(sample.analysis, title: sample.name, waveform: .empty)).text
    let width = try #require(text.firstMatch(of: /width="(\d+)"/).flatMap { Double($0.output.1) })
    #expect(width <= 4060)
    for match in text.matches(of: /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)"/) {
      let (x, y, own) = (Double(match.output.1) ?? -1, Double(match.output.2) ?? -1, Double(match.output.3) ?? -1)
      #expect(x >= 0 && own >= 0 && x + own <= width + 0.02 && y >= 0 && y < 330)
    }
  }

  @Test("a waveform is relative to the loudest sample, over all channels, without what is no number")
  func waveform() {
    let audio = AudioBuffer(samples: [0.1, -0.5, 0.25, 0, .nan, -0.1, 0, 0], channels: 2, sampleRate: 8000)
    let waveform = Waveform(audio, count: 2)
    #expect(waveform.highest == [0.5, 0])
    #expect(waveform.lowest == [-1, -0.2])
    #expect(Waveform(AudioBuffer(samples: [], channels: 1, sampleRate: 8000), count: 3) == .empty)
  }
}
