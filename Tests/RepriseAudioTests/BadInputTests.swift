import RepriseAudio
import Foundation
import RepriseSystem
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Bad input")
struct BadInputTests {
  static func look(_ path: String) async -> Inspection { await inspect(path: path, limits: AudioLimits()) }

  @Test("a file that is not there is said to be missing", arguments: ["nowhere.wav", "cbr.mp3/inside.wav", "a\nb.wav"])
  func missing(name: String) async throws {
    let found = await Self.look(fixture(name))
    #expect(found.verdict == .rejected && found.failure?.code == .missing)
    #expect(found.reasons.map(\.code) == [.unreadable])
    #expect(found.path == fixture(name))
  }

  @Test("an empty path and one with a zero byte are missing files", arguments: ["", "a\u{0}b"])
  func emptyPath(path: String) async throws {
    #expect(await Self.look(path).failure?.code == .missing)
  }

  @Test("a directory is called one")
  func directory() async throws {
    let found = await Self.look(fixture(""))
    #expect(found.failure?.code == .isDirectory)
    #expect((found.failure?.underlying as? FileError)?.code == .isDirectory)
  }

  @Test("a named pipe is never opened, so that nothing waits for its writer")
  func pipe() async throws {
    let scratch = try Scratch()
    let path = scratch.path("pipe.wav")
    let made = unsafe mkfifo(path, 0o600)
    #expect(made == 0)
    let found = await Self.look(path)
    #expect(found.failure?.code == .notRegular)
    #expect(found.failure?.problem == .special(.namedPipe))
  }

  @Test("a device is never opened")
  func device() async throws {
    #expect(await Self.look("/dev/zero").failure?.problem == .special(.device))
  }

  @Test("a file without read permission says so", .disabled(if: getuid() == 0, "root may read everything"))
  func permission() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.wav", bytes(of: fixture("plain.wav")))
    let changed = unsafe chmod(path, 0)
    #expect(changed == 0)
    let found = await Self.look(path)
    #expect(found.failure?.code == .notPermitted)
  }

  @Test("odd names are no trouble", arguments: ["new\nline.wav", "-rf", "läng ß.wav", "'q' \"d\" $(x).wav", "日本.mp3"])
  func names(name: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file(name, bytes(of: fixture("plain.wav")))
    #expect(await Self.look(path).verdict == .ready)
  }

  @Test("a name that is not UTF-8 is found by what is shown of it", .enabled(if: ProcessInfo.processInfo.isLinux))
  func invalidName() async throws {
    let scratch = try Scratch()
    let source = try scratch.file("source.wav", bytes(of: fixture("plain.wav")))
    // "n\xFFme.wav": a Swift string can only hold it repaired.
    let raw = (Array((scratch.directory.path + "/n").utf8) + [0xFF] + Array("me.wav\u{0}".utf8)).map {
      CChar(bitPattern: $0)
    }
    let outcome = unsafe rename(source, raw)
    #expect(outcome == 0)
    let found = await Self.look(scratch.path("n\u{FFFD}me.wav"))
    #expect(found.verdict == .ready)
    #expect(found.duration?.frames == 26000)
  }

  /// Frames, then a hole of so many bytes, which takes no room on the disk.
  static func holed(_ scratch: Scratch, bytes count: UInt64) throws -> String {
    let path = try scratch.file("x.mp3", Array(bytes(of: fixture("ape-tag.mp3")).prefix(25391)))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 25391 + count)
    try file.close()
    return path
  }

  @Test("an mp3 with zeros behind its frames is as long as its frames")
  func zerosBehind() async throws {
    let scratch = try Scratch()
    let path = try Self.holed(scratch, bytes: 5_000_000)
    let found = await Self.look(path)
    // libsndfile fails at its end.
    #expect(found.verdict == .preparable && found.reasons.first?.code == .notPortable)
    #expect(found.duration?.frames == 279_936 && found.audioBytes == 25391)
    #expect(try AudioBuffer(decoding: path).frames == 279_936)
  }

  @Test(
    "a file that becomes shorter while it is decoded is an error, not a shorter recording",
    arguments: ["plain.wav", "recording.mp3"])
  func shrinking(name: String) throws {
    let scratch = try Scratch()
    let path = try scratch.file("x", bytes(of: fixture(name)))
    var decoder = try AudioDecoder(path: path)
    var block: [Float] = []
    let got = try decoder.read(into: &block, frames: 100)
    #expect(got == 100)
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 3000)
    #expect {
      while try decoder.read(into: &block, frames: 4096) > 0 {}
    } throws: {
      ($0 as? AudioFileError)?.code == .io
    }
  }

  @Test("the search for the next frame of an mp3 can be interrupted")
  func interrupted() async throws {
    let scratch = try Scratch()
    let path = try Self.holed(scratch, bytes: 1 << 36)
    let task = Task { await Self.look(path) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value.failure?.problem == .interrupted)
    let cancellation = Cancellation()
    let shorter = try Self.holed(scratch, bytes: 5_000_000)
    var decoder = try AudioDecoder(path: shorter, cancellation: cancellation)
    var block: [Float] = []
    let got = try decoder.read(into: &block, frames: 1000)
    #expect(got == 1000)
    cancellation.cancel()
    #expect {
      while try decoder.read(into: &block, frames: 65536) > 0 {}
    } throws: {
      ($0 as? AudioFileError)?.code == .cancelled
    }
  }

  @Test("thousands of tags between two frames are counted, not listed")
  func manyTags() async throws {
    let scratch = try Scratch()
    let audio = try Array(bytes(of: fixture("ape-tag.mp3")).prefix(25391))
    let frame = try #require(audio.dropFirst(10000).indices.first { audio[$0] == 0xFF && audio[$0 + 1] == 0xFB })
    let tag: [UInt8] = [0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, 0]
    let tagged = Array(audio[..<frame]) + Array(repeatElement(tag, count: 5000).joined()) + Array(audio[frame...])
    let found = await Self.look(try scratch.file("x.mp3", tagged))
    #expect(found.verdict == .preparable && found.duration?.frames == 279_936)
    let contents = found.integrity.problems.compactMap { finding -> NonAudioContents? in
      if case .mp3(.tagsBetween(bytes: 50000, let contents, _)) = finding { contents } else { nil }
    }
    let tags = try #require(contents.first).recognised
    #expect(tags.count == 5000 && tags.first == Array(repeating: .id3v2, count: 10))
  }

  /// The bytes of a chunk.
  static func chunk(_ name: String, _ body: [UInt8], size: Int? = nil) -> [UInt8] {
    let size = size ?? body.count
    return Array(name.utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + body
  }

  /// A wav of these chunks.
  static func wave(magic: String = "RIFF", _ chunks: [UInt8]...) -> [UInt8] {
    let body = Array("WAVE".utf8) + chunks.joined()
    return chunk(magic, body)
  }

  /// A format chunk's body.
  static func format(tag: UInt8 = 1, channels: Int = 1, bits: UInt8 = 16, rest: [UInt8] = []) -> [UInt8] {
    let align = channels * ((Int(bits) + 7) / 8)
    let (channelBytes, alignBytes) = ([channels & 255, channels >> 8], [align & 255, align >> 8])
    return [tag, tag == 0xFE ? 0xFF : 0] + channelBytes.map { UInt8($0) } + [0xA0, 0x0F, 0, 0, 0, 0, 0, 0]
      + alignBytes.map { UInt8($0) } + [bits, 0] + rest
  }

  @Test("a wav whose header other readers refuse is not called ready")
  func undecodable() async throws {
    let scratch = try Scratch()
    let samples = Array(try bytes(of: fixture("plain.wav")).dropFirst(44))
    let data = Self.chunk("data", samples)
    let extended: [UInt8] = [22, 0, 16, 0, 4, 0, 0, 0, 1, 0]
    let cases: [([UInt8], Inspection.Reason.Code, WaveFinding)] = [
      (
        Self.wave(Self.chunk("fmt ", Self.format(tag: 0xFE, rest: extended + [UInt8](repeating: 9, count: 14))), data),
        .unsupportedFormat, .unsupportedCodec("wav format 0xfffe", isLinear: false)
      ),
      (Self.wave(Self.chunk("fmt ", Self.format(bits: 0)), data), .corrupt, .impossibleWidth(bits: 0)),
      (Self.wave(Self.chunk("fmt ", Self.format(bits: 255)), data), .corrupt, .impossibleWidth(bits: 255)),
      (
        Self.wave(Self.chunk("fmt ", Self.format(channels: 2000, bits: 8)), data), .unsupportedFormat,
        .tooManyChannels(2000, most: 64)
      ),
    ]
    for (bytes, code, finding) in cases {
      let found = await Self.look(try scratch.file("x.wav", bytes))
      let reason = try #require(found.reasons.first, "\(finding)")
      #expect(found.verdict == .rejected && reason.code == code && reason.finding == .wave(finding))
    }
  }

  @Test("an RF64 whose sizes were never filled in is as long as its samples", arguments: [UInt8(0), 0xFF])
  func pipedRF64(filler: UInt8) async throws {
    let scratch = try Scratch()
    let samples = Array(try bytes(of: fixture("plain.wav")).dropFirst(44))
    let sizes = [UInt8](repeating: filler, count: 24) + [0, 0, 0, 0]
    let piped = Self.wave(
      magic: "RF64", Self.chunk("ds64", sizes), Self.chunk("fmt ", Self.format()),
      Self.chunk("data", samples, size: 0xFFFF_FFFF))
    let path = try scratch.file("x.wav", piped)
    let found = await inspect(path: path, limits: AudioLimits(), deep: true)
    // ffmpeg finds nothing in it: it has to be written anew first.
    #expect(found.verdict == .preparable && found.duration?.frames == 26000 && found.duration?.basis == .decoded)
    #expect(found.reasons.map(\.code) == [.notPortable, .headerLies, .boundaryRisk])
    #expect(try AudioBuffer(decoding: path).samples == AudioBuffer(decoding: fixture("plain.wav")).samples)
  }

  @Test("a file of a few bytes is too short to tell, not text", arguments: ["R", "RIFF"])
  func fewBytes(text: String) async throws {
    let scratch = try Scratch()
    let found = await Self.look(try scratch.file("x.wav", Array(text.utf8)))
    #expect(found.verdict == .rejected && found.failure?.problem == .fewBytes(text.utf8.count))
  }

  @Test("a flac of four bytes is a corrupt flac")
  func fourBytesOfFLAC() async throws {
    let scratch = try Scratch()
    let found = await Self.look(try scratch.file("x.wav", Array("fLaC".utf8)))
    #expect(found.format == .flac && found.reasons.map(\.code) == [.corrupt])
  }

  @Test("no damage to any header makes it crash or hang", .takesLong, arguments: 0..<24)
  func mutations(seed: Int) async throws {
    let names = [
      "plain.wav", "rf64.wav", "wave64.wav", "extensible-24.wav", "float32.wav", "plain.flac", "id3-in-front.flac",
      "cbr.mp3", "vbr.mp3", "vbri.mp3", "ape-tag.mp3", "free-format.mp3",
    ]
    let scratch = try Scratch()
    var random = Seeded(UInt64(seed))
    let original = try bytes(of: fixture(names[seed % names.count]))
    for round in 0..<12 {
      var mutated = original
      for _ in 0..<(1 + round) {
        // Headers are where the numbers stand; the tail matters for tags and the last frame.
        let position = random.next() % 4 == 0 ? original.count - 1 - Int(random.next() % 200) : Int(random.next() % 120)
        mutated[position] =
          random.next() % 2 == 0 ? UInt8(random.next() % 256) : [0, 0xFF, 0x7F, 0x80][Int(random.next() % 4)]
      }
      if round % 3 == 0 { mutated = Array(mutated.prefix(Int(random.next() % UInt64(original.count)))) }
      let path = try scratch.file("x", mutated)
      let found = await inspect(path: path, limits: AudioLimits(), deep: round % 2 == 0)
      #expect(found.verdict != .ready || found.duration != nil)
      if let duration = found.duration { #expect(duration.seconds.isFinite && duration.frames >= 0) }
    }
  }
}

extension ProcessInfo {
  fileprivate var isLinux: Bool {
    #if os(Linux)
      true
    #else
      false
    #endif
  }
}
