import RepriseAudio
import Foundation
import TestSupport
import Testing

/// Files that are no audio, however much some of their bytes look like it.
@Suite("What is no audio is not taken for it")
struct SniffingTests {
  private static func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
    let units = Array(text.utf16)
    let marked = (isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF])
    return marked.map { UInt8($0) }
      + units.flatMap { isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  private static func executable(_ second: String, body: [UInt8]) -> [UInt8] {
    var bytes = Array("MZ".utf8) + [0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 46)
    bytes += [0x80, 0, 0, 0] + [UInt8](repeating: 0x20, count: 64) + Array(second.utf8) + [0, 0]
    return bytes + body
  }

  /// A header and so many bytes, again and again.
  private static func frames(_ header: [UInt8], length: Int, count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in header + [UInt8](repeating: 0x55, count: length - header.count) }
  }

  /// MPEG-1 layer I, 128 kbit/s, 44.1 kHz: 136 bytes.
  private static let layerOne: [UInt8] = [0xFF, 0xFF, 0x40, 0xC0]
  /// MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes.
  private static let layerThree: [UInt8] = [0xFF, 0xFB, 0x90, 0xC0]

  private static let noise: [UInt8] = {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<200_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
  }()

  /// Other pseudo-random bytes.
  private static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
  }

  @Test(
    "few frames behind much that is none are chance, many are not", arguments: [70_000, 500_000, 2_000_000],
    [false, true])
  func chance(garbage: Int, isFree: Bool) throws {
    let scratch = try Scratch()
    // No byte of all ones, so that nothing but what is put there looks like a frame.
    let front = Self.noise(garbage, seed: 11).map { $0 == 0xFF ? 0xFE : $0 }
    let header: [UInt8] = isFree ? [0xFF, 0xFB, 0x00, 0xC0] : Self.layerThree
    func look(_ count: Int) throws -> FileFormat {
      let bytes = front + Self.frames(header, length: 417, count: count) + front.prefix(3000)
      return inspectBlocking(path: try scratch.file("x", bytes), limits: AudioLimits(), deep: false).format
    }
    #expect(try look(7) == .unknown)
    #expect(try look(60) == .mp3)
  }

  struct Foreign: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let codec: String
    var testDescription: String { name }
  }

  static let foreign: [Foreign] = [
    Foreign(
      name: "a text in UTF-16, little-endian", bytes: utf16("A\r\nshopping list\r\n", isLittle: true), codec: "text"),
    Foreign(
      name: "a long one", bytes: utf16(String(repeating: "A line of a log.\r\n", count: 5000), isLittle: true),
      codec: "text"),
    Foreign(
      name: "a text in UTF-16, big-endian", bytes: utf16("A shopping list, long\n", isLittle: false), codec: "text"),
    Foreign(
      name: "a page in UTF-16", bytes: utf16("<!DOCTYPE html><html>some page</html>", isLittle: true),
      codec: "an HTML page"),
    Foreign(
      name: "a program for Windows with frames in its tables",
      bytes: executable("PE", body: frames(layerOne, length: 136, count: 7) + noise), codec: "a program (EXE)"),
    Foreign(
      name: "an old program for Windows", bytes: executable("NE", body: frames(layerThree, length: 417, count: 9)),
      codec: "a program (EXE)"),
    Foreign(name: "a program for Linux", bytes: [0x7F] + Array("ELF".utf8) + noise, codec: "a program (ELF)"),
    Foreign(name: "a program for macOS", bytes: [0xCF, 0xFA, 0xED, 0xFE] + noise, codec: "a program (Mach-O)"),
    Foreign(
      name: "a bmp image",
      bytes: Array("BM".utf8) + [0x36, 0, 3, 0, 0, 0, 0, 0, 0x36, 0, 0, 0, 40, 0, 0, 0] + noise, codec: "a bmp image"),
    Foreign(name: "a zip archive", bytes: Array("PK\u{3}\u{4}".utf8) + noise, codec: "a zip archive"),
    Foreign(name: "a pdf", bytes: Array("%PDF-1.7\n".utf8) + noise, codec: "a pdf document"),
    Foreign(name: "noise", bytes: noise, codec: "unknown"),
    Foreign(
      name: "noise with a few frames of layer I in it",
      bytes: [1] + noise.prefix(5000) + frames(layerOne, length: 136, count: 5) + noise.prefix(70_000), codec: "unknown"
    ),
    Foreign(
      name: "one header whose frame ends where the file does",
      bytes: [1, 2, 3] + frames(layerThree, length: 417, count: 1), codec: "unknown"),
    Foreign(name: "one frame of layer I alone", bytes: frames(layerOne, length: 136, count: 1), codec: "unknown"),
  ]

  @Test("other files", arguments: foreign)
  func isNoAudio(file: Foreign) async throws {
    let scratch = try Scratch()
    let path = scratch.path("some.dat")
    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
    let found = await inspect(path: path, limits: AudioLimits())
    #expect(found.failure?.code == .notAudio && found.codec == file.codec, "\(found.codec)")
    #expect(found.isOtherFile)
    let named = scratch.path("some.mp3")
    try FileManager.default.moveItem(atPath: path, toPath: named)
    let judged = await inspect(path: named, limits: AudioLimits())
    #expect(judged.verdict == .rejected && !judged.isOtherFile)
  }

  @Test("real streams are found, also behind garbage, and of the rare layers")
  func isAudio() async throws {
    let scratch = try Scratch()
    let streams: [(String, [UInt8], FileFormat, String)] = [
      ("a", Self.frames(Self.layerThree, length: 417, count: 3), .mp3, "mp3"),
      ("b", [7, 7, 7] + Self.frames(Self.layerThree, length: 417, count: 3), .mp3, "mp3"),
      ("c", Self.frames(Self.layerOne, length: 136, count: 20), .other, "mp1"),
      ("d", [7, 7, 7] + Self.frames(Self.layerOne, length: 136, count: 20), .other, "mp1"),
      ("e", Self.noise + Self.frames(Self.layerThree, length: 417, count: 30), .mp3, "mp3"),
    ]
    for (name, bytes, format, codec) in streams {
      let path = scratch.path(name)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let found = await inspect(path: path, limits: AudioLimits())
      #expect(found.format == format && found.codec == codec, "\(name): \(found.codec)")
      #expect(!found.isOtherFile)
    }
  }

  @Test(
    "names of audio are recognised by their extension alone",
    arguments: [
      ("a.mp3", true), ("a/b.WAV", true), ("x.m4a", true), ("x.opus", true), ("README.md", false), ("x.json", false),
      ("mp3", false), ("cover.jpg", false), ("a.mp3.txt", false), ("album.cue", false), ("list.m3u", false),
    ])
  func names(name: String, wanted: Bool) { #expect(AudioFileName.isAudio(name) == wanted) }

  @Test("an empty file counts as another file unless it is named like audio")
  func empty() async throws {
    let scratch = try Scratch()
    for (name, isOther) in [("notes", true), ("song.mp3", false)] {
      let path = scratch.path(name)
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(await inspect(path: path, limits: AudioLimits()).isOtherFile == isOther)
    }
  }
}
