import RepriseAnalysis
import Foundation
import RepriseAudio
import RepriseSystem
import TestSupport
import Testing

@Suite("An analysis as a picture")
struct PictureTests {
  /// Returns what zlib's format holds.
  private static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    var rest: [UInt8]? = bytes
    var result: [UInt8] = []
    try Inflate.run(
      from: {
        defer { rest = nil }
        return rest ?? []
      }, limit: 100_000_000, to: { result += $0 })
    return result
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

  /// A shape of an SVG with its place.
  private struct Box {
    let element: String
    let x: Double
    let y: Double
    let width: Double
  }

  /// Returns the rectangles and texts of an SVG, with the width that texts have in the picture's own font.
  private static func boxes(_ text: String) throws -> [Box] {
    let rectangles = text.matches(of: /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)"/)
    let texts = text.matches(of: /<text x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)</)
    #expect(rectangles.count == text.components(separatedBy: "<rect").count - 1)
    #expect(texts.count == text.components(separatedBy: "<text").count - 1)
    return try rectangles.map {
      Box(
        element: "rect", x: try #require(Double($0.output.1)), y: try #require(Double($0.output.2)),
        width: try #require(Double($0.output.3)))
    }
      + texts.map {
        Box(
          element: String($0.output.3), x: try #require(Double($0.output.1)), y: try #require(Double($0.output.2)),
          width: 5 * Double($0.output.3.replacing(/&[a-z]+;/, with: "x").unicodeScalars.count))
      }
  }

  @Test("a picture of any analysis stays within its width, rectangles and text", arguments: ExportSample.all)
  func bounds(_ sample: ExportSample) throws {
    for title in [sample.name, Array(repeating: "a long title & more", count: 300).joined(separator: " ")] {
      let text = SVG(Timeline(sample.analysis, title: title, waveform: .empty)).text
      let width = try #require(text.firstMatch(of: /width="(\d+)"/).flatMap { Double($0.output.1) })
      let height = try #require(text.firstMatch(of: /height="(\d+)"/).flatMap { Double($0.output.1) })
      #expect(width <= 4060)
      let boxes = try Self.boxes(text)
      // The ground, the lines of the waveform and the axis, the title and the facts.
      #expect(boxes.count { $0.element == "rect" } >= 3 && boxes.count { $0.element != "rect" } >= 3)
      for box in boxes {
        #expect(box.x >= 0 && box.y >= 0 && box.y <= height && box.width >= 0, "\(box)")
        #expect(box.x + box.width <= width + 0.02, "\(box)")
      }
    }
  }

  @Test("the facts have a line of their own, whatever the length of the title", arguments: [1, 150, 5000])
  func facts(_ length: Int) throws {
    let title = String(repeating: "x", count: length)
    let lines = ScoreTests.elements(SVG(Timeline(ScoreTests.song, title: title, waveform: .empty)).text)
      .filter { $0.name == "text" }.map(\.text)
    let isShortened = length > 140
    #expect(lines[0] == (isShortened ? String(repeating: "x", count: 139) + "…" : title))
    #expect(lines[1] == "120.0 bpm  ·  4/4  ·  F major")
  }

  @Test("a picture of what is no music says so, and shows nothing as heard")
  func noMusic() {
    var analysis = ScoreTests.song
    analysis.confidence.music = 0.2
    let words = ScoreTests.elements(SVG(Timeline(analysis, title: "rain", waveform: .empty)).text)
      .filter { $0.name == "text" }.map(\.text)
    #expect(words == ["rain", "no music was heard", "0:00", "0:01", "0:02", "0:03", "0:04"])
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
