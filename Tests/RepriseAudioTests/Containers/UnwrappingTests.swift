import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Unwrapping")
struct UnwrappingTests {
  private static func stream(in file: [UInt8], _ name: String = "a") throws -> (bytes: [UInt8], Unwrapping?) {
    let scratch = try Scratch()
    let audio = try AudioContent.open(try scratch.file(name, file))
    return (try audio.file.bytes(at: 0, count: audio.file.byteCount), audio.unwrapping)
  }

  /// The format chunks that writers of mp3 in wav leave.
  static let waves: [(tag: Int, chunk: [UInt8])] = {
    let fields = { (tag: Int) in
      WaveTests.little(tag, 2) + WaveTests.format(tag: tag, channels: 2, rate: 44100).dropFirst(2)
    }
    let layer3 = WaveTests.little(12, 2) + WaveTests.little(1, 2) + WaveTests.little(0, 10)
    let guid: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    let extensible = WaveTests.little(22, 2) + WaveTests.little(0, 6) + WaveTests.little(0x55, 2) + guid
    return [
      (0x55, fields(0x55) + layer3), (0x55, Array(fields(0x55))),
      (0x50, fields(0x50) + WaveTests.little(22, 2) + noise(22)),
      (0xFFFE, fields(0xFFFE) + extensible),
    ]
  }()

  @Test("mp3 is taken out of a wav, whatever its format chunk and the chunks around", arguments: 0..<4, [false, true])
  func wave(form: Int, hasOthers: Bool) async throws {
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    let others = hasOthers ? WaveTests.chunk("fact", [1, 2, 3, 4]) + WaveTests.chunk("LIST", noise(31)) : []
    let file = WaveTests.riff(
      WaveTests.chunk("fmt ", Self.waves[form].chunk), others, WaveTests.chunk("data", mp3),
      hasOthers ? WaveTests.chunk("id3 ", noise(20)) : [])
    let (found, unwrapping) = try Self.stream(in: file)
    #expect(found == mp3)
    #expect(unwrapping?.container == .riff && unwrapping?.codec == .mp3)
    try await Self.check(file, like: "cbr.mp3", format: .wav, container: "RIFF", codec: "mp3")
  }

  @Test(
    "mp3 is taken out of a wav whose format chunk claims linear samples, and samples are not",
    arguments: [(1, 16), (1, 8), (3, 32)], ["cbr.mp3", "mpeg-2.mp3", "crc.mp3"])
  func disguised(form: (tag: Int, bits: Int), name: String) throws {
    let mp3 = try bytes(of: fixture(name))
    let tag = mp3.starts(with: Array("ID3".utf8)) ? 10 + mp3[6..<10].reduce(0) { $0 << 7 | Int($1) } : 0
    let format = WaveTests.chunk(
      "fmt ", WaveTests.format(tag: form.tag, channels: 2, rate: 44100, bits: form.bits))
    let stream = Array(mp3[tag...])
    let file = WaveTests.riff(format, WaveTests.chunk("LIST", noise(31)), WaveTests.chunk("data", stream))
    let (found, unwrapping) = try Self.stream(in: file)
    #expect(found == stream && unwrapping?.codec == .mp3)
    // The header of a frame does occur in samples; after it there is none.
    let samples = WaveTests.riff(format, WaveTests.chunk("data", Array(stream.prefix(40)) + noise(9000)))
    #expect(try Self.stream(in: samples).1 == nil)
  }

  @Test(
    "mp3 is taken out of an mp4 or QuickTime file, wherever its tables say it is", arguments: Wrapping.Movie.allCases)
  func movie(form: Wrapping.Movie) async throws {
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    let isConstant = [.constantSize, .quickTimePackets, .fragmentsWithDefaults].contains(form)
    // What does not fill a piece is left out.
    let stream = isConstant ? Array(mp3.prefix(mp3.count / 417 * 417)) : mp3
    let pieces =
      isConstant
      ? stride(from: 0, to: stream.count, by: 417).map { Array(stream[$0..<$0 + 417]) } : Wrapping.pieces(stream[...])
    let file = Wrapping.movie(pieces, flac: nil, form)
    let (found, unwrapping) = try Self.stream(in: file)
    #expect(found == stream)
    #expect(unwrapping?.damage == [] && unwrapping?.remarks == [])
    let container = [.quickTime, .quickTimePackets].contains(form) ? "mov" : "mp4"
    #expect(unwrapping?.container.rawValue == container)
    if !isConstant {
      try await Self.check(file, like: "cbr.mp3", format: .other, container: container, codec: "mp3")
    }
  }

  @Test("flac is taken out of an mp4", arguments: [Wrapping.Movie.plain, .movieFirst, .fragments])
  func flacMovie(form: Wrapping.Movie) async throws {
    let flac = try bytes(of: fixture("padding.flac"))
    let (blocks, frames) = Wrapping.flacParts(flac)
    let file = Wrapping.movie(Wrapping.pieces(frames), flac: blocks.flatMap { $0 }, form)
    #expect(try Self.stream(in: file).bytes == flac)
    try await Self.check(file, like: "padding.flac", format: .other, container: "mp4", codec: "flac")
  }

  @Test("mp3 is taken out of Matroska, however its blocks are laced", arguments: Wrapping.Matroska.allCases)
  func matroska(form: Wrapping.Matroska) async throws {
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    // Pieces that begin alike, as frames do, and for a fixed lacing are as long.
    let size = 417
    var pieces = Wrapping.pieces(mp3[...])
    if form == .fixedLacing {
      pieces = stride(from: 0, to: mp3.count, by: size).map { Array(mp3[$0..<min($0 + size, mp3.count)]) }
    }
    if form == .strippedHeaders {
      let starts = mp3.indices.filter { mp3[$0] == mp3[0] }
      pieces = zip(starts, starts.dropFirst() + [mp3.count]).map { Array(mp3[$0..<$1]) }
    }
    let file = Wrapping.matroska(pieces, flac: nil, form)
    let (found, unwrapping) = try Self.stream(in: file)
    #expect(found == mp3)
    #expect(unwrapping?.damage == [] && unwrapping?.remarks == [] && unwrapping?.container == .matroska)
    try await Self.check(file, like: "cbr.mp3", format: .other, container: "matroska", codec: "mp3")
  }

  @Test("flac is taken out of Matroska", arguments: [Wrapping.Matroska.simpleBlocks, .groups, .unknownSizes])
  func flacMatroska(form: Wrapping.Matroska) async throws {
    let flac = try bytes(of: fixture("padding.flac"))
    let (blocks, frames) = Wrapping.flacParts(flac)
    let file = Wrapping.matroska(
      Wrapping.pieces(frames), flac: Array("fLaC".utf8) + blocks.flatMap { $0 }, form)
    #expect(try Self.stream(in: file).bytes == flac)
    try await Self.check(file, like: "padding.flac", format: .other, container: "matroska", codec: "flac")
  }

  @Test("flac is taken out of Ogg, however its packets lie in pages", arguments: [1, 2, 7, 255], [300, 2000, 9000])
  func ogg(segments: Int, packet: Int) async throws {
    let flac = try bytes(of: fixture("padding.flac"))
    let file = Wrapping.ogg(Wrapping.oggPackets(flac, around: packet), most: segments)
    let (found, unwrapping) = try Self.stream(in: file)
    #expect(found == flac)
    #expect(unwrapping?.damage == [] && unwrapping?.container == .ogg)
    try await Self.check(file, like: "padding.flac", format: .other, container: "ogg", codec: "flac")
  }

  @Test("marks of the last metadata block are written anew")
  func lastBlock() throws {
    let flac = try bytes(of: fixture("padding.flac"))
    var packets = Wrapping.oggPackets(flac, around: 2000)
    // As some muxers leave it: every block is marked as the last.
    packets[0][13] |= 0x80
    #expect(try Self.stream(in: Wrapping.ogg(packets, most: 30)).bytes == flac)
  }

  /// Inspects a file and compares it with the stream it was made of.
  private static func check(
    _ file: [UInt8], like name: String, format: FileFormat, container: String, codec: String
  ) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("wrapped", file)
    let found = await inspect(path: path, limits: AudioLimits(minimumSeconds: 1), deep: true)
    let plain = await inspect(path: fixture(name), limits: AudioLimits(minimumSeconds: 1), deep: true)
    #expect(found.verdict == .preparable)
    #expect(found.reasons.map(\.code) == [.unsupportedFormat])
    #expect(found.format == format && found.container == container && found.codec == codec)
    #expect(found.bytes == file.count && found.path == path)
    #expect(found.duration?.frames == plain.duration?.frames && found.integrity.damaged == false)
    #expect(found.signal == plain.signal)
    let decoded = try AudioBuffer(decoding: path)
    #expect(try decoded.samples == AudioBuffer(decoding: fixture(name)).samples)
  }
}
