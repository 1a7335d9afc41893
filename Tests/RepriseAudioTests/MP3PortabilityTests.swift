import Foundation
import RepriseAudio
import TestSupport
import Testing

@Suite("What every decoder reads alike of an mp3")
struct MP3PortabilityTests {
  static let limits = AudioLimits(minimumSeconds: 0.5, maximumSeconds: 10_000, maximumBytes: 1_000_000_000)
  /// MPEG-1 mono, MPEG-1 of variable bit rate, MPEG-2 stereo of variable bit rate.
  static let sources = ["cbr.mp3", "vbr.mp3", "vbr-stereo-mpeg-2.mp3"]

  /// Inspects bytes, mends them, and holds the result against the source and the other decoders.
  ///
  /// - Returns: The inspection of the bytes and the mended ones.
  @discardableResult
  static func mended(
    _ bytes: [UInt8], cause: (MP3Portability) -> Bool, location: SourceLocation = #_sourceLocation
  ) async throws -> (found: Inspection, result: [UInt8]) {
    let scratch = try Scratch()
    let path = try scratch.file("x.mp3", bytes)
    let found = await inspect(path: path, limits: limits)
    #expect(found.verdict == .preparable, "\(found.reasons)", sourceLocation: location)
    let isNamed = found.reasons.contains { reason in
      guard case .notPortable(let portability) = reason.finding, case .mp3(let named) = portability.cause else {
        return false
      }
      return cause(named) && !portability.misreadings.isEmpty
    }
    #expect(isNamed, "\(found.reasons)", sourceLocation: location)
    let mending = try #require(found.notes.mending, sourceLocation: location)
    let result = mending.result.result(from: bytes)
    #expect(result.count == mending.result.byteCount, sourceLocation: location)
    let made = try scratch.file("made.mp3", result)
    let again = await inspect(path: made, limits: limits, deep: true)
    #expect(again.verdict == .ready && !again.integrity.damaged, "\(again.reasons)", sourceLocation: location)
    #expect(again.integrity.musicCRC == .matches, sourceLocation: location)
    #expect(again.duration?.frames == found.duration?.frames, sourceLocation: location)
    let proof = try SpliceProof.check(made, against: path)
    #expect(proof.frames == again.duration?.frames, sourceLocation: location)
    let channels = found.channels ?? 1
    for decoder in [OtherDecoder.ffmpeg, .mpg123] where decoder.path != nil {
      let theirs = try decoder.floats(of: made, output: scratch.path("x.f32"))
      #expect(theirs.count / channels == proof.frames, "\(decoder)", sourceLocation: location)
    }
    return (found, result)
  }

  @Test(
    "whole files are never accused",
    arguments: [
      "cbr.mp3", "vbr.mp3", "crc.mp3", "crc-joint-stereo.mp3", "recording.mp3", "recorded-cover.mp3", "mpeg-2.mp3",
      "mpeg-2.5.mp3", "vbr-stereo-mpeg-2.mp3", "ape-tag.mp3", "id3v1.mp3", "lyrics3.mp3", "cut-at-frames.mp3",
      "id3-picture-without-info.mp3", "vbr-without-xing.mp3",
    ])
  func whole(name: String) async throws {
    let found = await inspect(path: fixture(name), limits: Self.limits, deep: true)
    #expect(found.verdict == .ready, "\(found.reasons)")
    #expect(!found.reasons.contains { $0.code == .notPortable })
  }

  @Test("a header that claims another number of frames is mended", arguments: sources, [0, 1, 2, 45])
  func count(name: String, share: Int) async throws {
    let pieces = try MP3Pieces(name)
    let real = pieces.frames.count
    let claimed = share == 0 ? 0 : share == 1 ? real - 10 : share == 2 ? real / 2 : real * 45
    // libsndfile divides the bytes of a constant bit rate rightly.
    if share == 0, name == "cbr.mp3" { return }
    let bytes = pieces.head(claiming: claimed) + pieces.bare
    let (found, _) = try await Self.mended(bytes) {
      $0 == .frameCount(header: name == "cbr.mp3" ? "Info" : "Xing", claimed: claimed, counted: real)
    }
    let plain = await inspect(path: fixture(name), limits: Self.limits)
    #expect(found.duration?.frames == plain.duration?.frames)
  }

  @Test("two frames more or fewer than claimed are within what decoders differ by", arguments: sources, [-2, -1, 1, 2])
  func nearly(name: String, by difference: Int) async throws {
    let pieces = try MP3Pieces(name)
    let scratch = try Scratch()
    let path = try scratch.file("x.mp3", pieces.head(claiming: pieces.frames.count + difference) + pieces.bare)
    #expect(await inspect(path: path, limits: Self.limits).verdict == .ready)
  }

  @Test("joined mp3s get one header; what their own claimed is told", arguments: sources, [2, 3])
  func joined(name: String, parts: Int) async throws {
    let pieces = try MP3Pieces(name)
    let bytes = (0..<parts).flatMap { _ in pieces.whole }
    let (found, result) = try await Self.mended(bytes) { $0 == .joined(parts: parts) }
    let seconds = Double(pieces.frames.count * pieces.samples) / Double(pieces.rate)
    let told = found.integrity.problems.contains {
      guard case .mp3(.joined(let lengths, parts)) = $0 else { return false }
      return lengths.first.count == parts && lengths.first.allSatisfy { abs($0 - seconds) < 1e-9 }
    }
    #expect(told, "\(found.integrity.problems)")
    #expect(result.suffix(pieces.bare.count * parts) == (0..<parts).flatMap { _ in pieces.bare }[...])
  }

  @Test("junk in front of a header is dropped", arguments: sources, [1, 100, 70_000])
  func front(name: String, count: Int) async throws {
    let pieces = try MP3Pieces(name)
    let junk = [UInt8](repeating: 0, count: count)
    let (_, result) = try await Self.mended(junk + pieces.whole) { $0 == .junkInFront(bytes: count) }
    #expect(result.suffix(pieces.bare.count) == pieces.bare[...])
  }

  @Test("a last frame that is cut is dropped, the rest stays", arguments: sources, [1, 2, 20])
  func lastFrame(name: String, missing: Int) async throws {
    let pieces = try MP3Pieces(name)
    let bytes = Array(pieces.whole.dropLast(missing))
    let (found, result) = try await Self.mended(bytes) { if case .lastFrameCut = $0 { true } else { false } }
    #expect(!found.integrity.damaged)
    #expect(result.suffix(1) == pieces.frames.dropLast().joined().suffix(1))
  }

  @Test("a tag behind the frames that looks like frames is moved to the front", arguments: sources)
  func falseFrames(name: String) async throws {
    let pieces = try MP3Pieces(name)
    let tag = MP3Pieces.id3v2(Array(pieces.bare.prefix(4000)))
    let (_, result) = try await Self.mended(pieces.whole + tag) { $0 == .falseFrames(bytes: tag.count) }
    #expect(result.prefix(tag.count) == tag[...])
    #expect(result.suffix(pieces.bare.count) == pieces.bare[...])
  }

  @Test("the metadata of a radio stream are taken out", arguments: sources, [700, 1024, 4000])
  func metadata(name: String, interval: Int) async throws {
    let bare = try MP3Pieces(name).bare
    for titles in [0, 1, 3, 1000] {
      let bytes = MP3Pieces.withMetadata(bare, interval: interval, titles: titles)
      let (found, result) = try await Self.mended(bytes) { if case .streamMetadata = $0 { true } else { false } }
      #expect(result.suffix(bare.count) == bare[...], "\(titles)")
      let told = found.integrity.problems.contains {
        guard case .mp3(.streamMetadata(bare.count / interval, _, bytes.count - bare.count, interval)) = $0 else {
          return false
        }
        return true
      }
      #expect(told, "\(found.integrity.problems)")
    }
  }

  @Test("a recording that begins inside a frame loses that, and its metadata")
  func metadataInside() async throws {
    let bare = try MP3Pieces("cbr.mp3").bare
    let bytes = Array(MP3Pieces.withMetadata(bare, interval: 1500, titles: 4).dropFirst(50))
    let scratch = try Scratch()
    let found = await inspect(path: try scratch.file("x.mp3", bytes), limits: Self.limits)
    #expect(found.verdict == .preparable, "\(found.reasons)")
    let mending = try #require(found.notes.mending)
    let second = try MP3Pieces("cbr.mp3").frames.dropFirst().joined()
    #expect(mending.result.result(from: bytes).suffix(second.count) == Array(second)[...])
  }

  @Test("what delay and padding are known is told")
  func gapless() async throws {
    let pieces = try MP3Pieces("cbr.mp3")
    let scratch = try Scratch()
    let known = await inspect(path: fixture("cbr.mp3"), limits: Self.limits)
    #expect(known.gapless?.source == .lame && known.gapless?.delay == 576)
    let bare = await inspect(path: try scratch.file("bare.mp3", pieces.bare), limits: Self.limits)
    #expect(bare.gapless == Gapless(delay: nil, padding: nil, source: .none))
    let comment = MP3Pieces.comment(
      "iTunSMPB", " 00000000 00000210 0000072E 0000000000043D42 00000000 00000000 00000000")
    let tagged = await inspect(
      path: try scratch.file("tagged.mp3", MP3Pieces.id3v2(comment) + pieces.bare), limits: Self.limits)
    #expect(tagged.gapless == Gapless(delay: 0x210, padding: 0x72E, source: .itunsmpb))
  }

  @Test("a hole in the middle costs what the header says is missing")
  func hole() async throws {
    var bytes = try MP3Pieces("cbr.mp3").whole
    for place in 9000..<15_000 { bytes[place] = 0 }
    let scratch = try Scratch()
    let found = await inspect(path: try scratch.file("x.mp3", bytes), limits: Self.limits)
    #expect(found.verdict == .rejected)
    guard case .mp3(.audioLost(let seconds, _, isCounted: true))? = found.reasons.first?.finding else {
      Issue.record("\(found.reasons)")
      return
    }
    let whole = await inspect(path: fixture("cbr.mp3"), limits: Self.limits)
    let lost = try #require(whole.duration?.seconds) - (found.duration?.seconds ?? 0)
    #expect(abs(seconds - lost) < 0.03)
  }

  @Test("zeros behind the last frame are zeros, whatever tags follow them")
  func zerosBehind() async throws {
    let bytes = try MP3Pieces("cbr.mp3").whole + [UInt8](repeating: 0, count: 900)
    let scratch = try Scratch()
    let found = await inspect(path: try scratch.file("x.mp3", bytes), limits: Self.limits)
    #expect(found.verdict == .ready)
    #expect(found.integrity.skipped.map(\.contents.description) == ["zeros"])
  }

  @Test("a section of a changing mp3 is cut as an mp3 of its own", arguments: [("vbr.mp3", "vbr-stereo-mpeg-2.mp3")])
  func sections(first: String, second: String) async throws {
    let (one, other) = (try MP3Pieces(first), try MP3Pieces(second))
    let scratch = try Scratch()
    let path = try scratch.file("x.mp3", one.whole + other.bare)
    let found = await inspect(path: path, limits: Self.limits)
    #expect(found.verdict == .preparable && found.sampleRate == max(one.rate, other.rate) && found.channels == 2)
    let facts = try #require(found.notes.frames)
    let border = Double(one.frames.count * one.samples - 1105) / Double(one.rate)
    #expect(facts.section(from: border - 1, to: border + 1) == nil)
    let part = try #require(facts.section(from: border + 1, to: border + 3))
    let cut = try MP3Cut(try InputFile(path: path), part.facts, samples: part.samples)
    let source = try Data(contentsOf: URL(fileURLWithPath: path))
    let made = try scratch.file("made.mp3", cut.head + cut.ranges.flatMap { Array(source[$0]) })
    try MP3CutProof.check(cut, of: path, at: made)
    let result = await inspect(path: made, limits: Self.limits)
    #expect(result.sampleRate == other.rate && result.channels == 2 && result.verdict == .ready)
    #expect(result.duration?.frames == 2 * other.rate)
  }
}
