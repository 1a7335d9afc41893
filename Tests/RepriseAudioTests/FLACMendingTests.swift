import RepriseAudio
import Foundation
import TestSupport
import Testing

/// Flacs with whole frames that some decoder misreads, and what is made of them.
@Suite("Mending of flacs")
struct FLACMendingTests {
  /// The STREAMINFO, the other blocks and the frames of plain.flac, which has 26000 samples.
  static func parts() throws -> (info: [UInt8], frames: [UInt8]) {
    let file = try bytes(of: fixture("plain.flac"))
    var (offset, isLast) = (4, false)
    while !isLast {
      isLast = file[offset] & 0x80 != 0
      offset += 4 + Int(file[offset + 1]) << 16 + Int(file[offset + 2]) << 8 + Int(file[offset + 3])
    }
    return (Array(file[8..<42]), Array(file[offset...]))
  }

  static func block(_ type: UInt8, _ body: [UInt8], size: Int? = nil, isLast: Bool = false) -> [UInt8] {
    let size = size ?? body.count
    return [type | (isLast ? 0x80 : 0)] + [16, 8, 0].map { UInt8(size >> $0 & 255) } + body
  }

  static func file(_ info: [UInt8], _ frames: [UInt8]) -> [UInt8] { file(info, [], frames) }

  static func file(_ info: [UInt8], _ blocks: [(UInt8, [UInt8])], _ frames: [UInt8]) -> [UInt8] {
    var file = Array("fLaC".utf8) + block(0, info, isLast: blocks.isEmpty)
    for (index, (type, body)) in blocks.enumerated() {
      file += block(type, body, isLast: index == blocks.count - 1)
    }
    return file + frames
  }

  static func total(_ count: Int, of info: [UInt8]) -> [UInt8] {
    var info = info
    info[13] = info[13] & 0xF0 | UInt8(count >> 32 & 15)
    for index in 0..<4 { info[14 + index] = UInt8(count >> (24 - 8 * index) & 255) }
    return info
  }

  static func blockSize(_ least: Int, _ most: Int, of info: [UInt8]) -> [UInt8] {
    [UInt8(least >> 8), UInt8(least & 255), UInt8(most >> 8), UInt8(most & 255)] + info.dropFirst(4)
  }

  static let picture: [UInt8] =
    [0, 0, 0, 3, 0, 0, 0, 10] + Array("image/jpeg".utf8) + [UInt8](repeating: 0, count: 20) + [1, 2, 0, 0]
    + [UInt8](repeating: 7, count: 1 << 24 | 1 << 17)

  static let tags: [UInt8] = WaveTests.little(3, 4) + Array("abc".utf8) + WaveTests.little(0, 4)

  static let kinds: [(name: String, make: @Sendable ([UInt8], [UInt8]) -> [UInt8])] = [
    ("no total", { file(total(0, of: $0), $1) }),
    ("total too small", { file(total(20000, of: $0), $1) }),
    ("total too large", { file(total(260_000, of: $0), $1) }),
    ("total one too large", { file(total(26001, of: $0), $1) }),
    ("blocks too large", { file(blockSize(4096, 4096, of: $0), $1) }),
    ("blocks too small", { file(blockSize(576, 576, of: $0), $1) }),
    ("largest block too small", { file(blockSize(16, 1000, of: $0), $1) }),
    ("blocks of 0", { file(blockSize(0, 0, of: $0), $1) }),
    ("two STREAMINFO blocks", { info, frames in file(info, [(0, info)], frames) }),
    ("unmarked metadata", { Array("fLaC".utf8) + block(0, $0) + $1 }),
    ("no STREAMINFO", { Array("fLaC".utf8) + block(4, tags, isLast: true) + $1 }),
    ("tags without fields", { file($0, [(4, [])], $1) }),
    ("tags that claim too many fields", { file($0, [(4, tags.dropLast(4) + WaveTests.little(9, 4))], $1) }),
    ("short cue sheet", { file($0, [(5, [UInt8](repeating: 0, count: 396))], $1) }),
    ("seek table of odd size", { file($0, [(3, [UInt8](repeating: 0, count: 19))], $1) }),
    ("picture longer than its block", { file($0, [(6, Array(picture.prefix(60)))], $1) }),
    (
      "picture over 16 MiB",
      { Array("fLaC".utf8) + block(0, $0) + block(6, picture, size: picture.count & 0xFFFFFF, isLast: true) + $1 }
    ),
    ("ID3v1 behind", { file($0, $1) + Array("TAG".utf8) + [UInt8](repeating: 32, count: 125) }),
    ("zeros behind", { file($0, $1) + [UInt8](repeating: 0, count: 3000) }),
    ("junk behind", { file($0, $1) + Array("junkjunkjunk".utf8) }),
    ("bytes in front", { [UInt8](repeating: 0, count: 99) + file($0, $1) }),
    ("many zeros in front", { [UInt8](repeating: 0, count: 300_001) + file($0, $1) }),
    (
      "two tags in front",
      { info, frames in
        let tag = Array("ID3".utf8) + [3, 0, 0, 0, 0, 0, 20] + [UInt8](repeating: 0, count: 20)
        return tag + tag + file(info, frames)
      }
    ),
  ]

  @Test("a flac with whole frames is mended so that all decoders read them", arguments: kinds.indices, [false, true])
  func mend(kind: Int, deep: Bool) async throws {
    let scratch = try Scratch()
    let parts = try Self.parts()
    let source = try scratch.file("source.flac", Self.kinds[kind].make(parts.info, parts.frames))
    let found = await FLACTests.look(source, deep: deep)
    #expect(found.verdict == .preparable && found.duration?.frames == 26000, "\(found.reasons)")
    #expect(found.reasons.contains { $0.code == .notPortable })
    let mending = try #require(found.notes.mending)
    let bytes = try WaveMendingTests.bytes(of: mending.result, source: source)
    let result = try scratch.file("result.flac", bytes)
    let made = await FLACTests.look(result, deep: true)
    #expect(made.verdict == .ready && made.reasons.isEmpty, "\(made.reasons)")
    #expect(made.duration?.declaredSeconds == 6.5)
    // Without STREAMINFO there is no MD5.
    #expect(made.integrity.md5 == (Self.kinds[kind].name == "no STREAMINFO" ? .unset : .matches))
    let expected = try CodingTests.integers(of: fixture("plain.flac"))
    #expect(try CodingTests.integers(of: result) == expected)
    #expect(try CodingTests.integers(of: source) == expected)
  }

  @Test("the MD5 of a recording that was continued is dropped, since its frames are whole")
  func staleMD5() async throws {
    let scratch = try Scratch()
    var parts = try Self.parts()
    parts.info = Self.total(20000, of: parts.info)
    parts.info[33] ^= 1
    let source = try scratch.file("source.flac", Self.file(parts.info, parts.frames))
    let found = await FLACTests.look(source, deep: true)
    #expect(found.verdict == .preparable)
    #expect(found.notes.mending?.repairs == [.flac(.total(26000)), .flac(.droppedMD5)])
  }

  @Test("tags and pictures stay")
  func blocksStay() async throws {
    let scratch = try Scratch()
    let parts = try Self.parts()
    let picture = Array(Self.picture.prefix(42)) + [UInt8](repeating: 0, count: 0)
    var small = picture
    small.replaceSubrange(38..<42, with: [0, 0, 0, 3])
    small += [1, 2, 3]
    let blocks: [(UInt8, [UInt8])] = [(4, Self.tags), (6, small), (1, [0, 0, 0, 0])]
    let source = try scratch.file(
      "source.flac", Self.file(Self.total(0, of: parts.info), blocks, parts.frames))
    let mending = try #require(await FLACTests.look(source, deep: false).notes.mending)
    #expect(
      try WaveMendingTests.bytes(of: mending.result, source: source) == Self.file(parts.info, blocks, parts.frames))
    let bare = try #require(mending.bare)
    #expect(try WaveMendingTests.bytes(of: bare, source: source) == Self.file(parts.info, parts.frames))
  }

  @Test("flacs joined byte by byte are told with their lengths", arguments: [2, 3], [false, true])
  func joined(count: Int, deep: Bool) async throws {
    let scratch = try Scratch()
    let one = try bytes(of: fixture("plain.flac"))
    let path = try scratch.file("x.flac", Array((0..<count).map { _ in one }.joined()))
    let found = await FLACTests.look(path, deep: deep)
    #expect(found.verdict == .preparable)
    guard case .flac(.severalStreams(let parts))? = found.reasons.first?.finding else {
      Issue.record("\(found.reasons)")
      return
    }
    #expect(parts.count == count && parts.first.allSatisfy { $0.end - $0.start == 6.5 })
    #expect(found.audioBytes != (await FLACTests.look(fixture("plain.flac"), deep: deep)).audioBytes)
  }

  @Test(
    "widths that libsndfile does not read are told",
    arguments: [("12-bit.flac", 12), ("20-bit.flac", 20), ("32-bit.flac", 32)])
  func width(name: String, bits: Int) async throws {
    let found = await FLACTests.look(fixture(name), deep: true)
    #expect(found.verdict == .preparable && found.reasons.map(\.code) == [.notPortable])
    #expect(found.notes.mending == nil && found.notes.mustRewrite)
  }
}
