import Foundation
import RepriseAudio
import ReprisePreparation
import RepriseSystem
import TestSupport
import Testing

/// Tags in the results of every way to prepare a recording.
@Suite struct CarriedTagsTests {
  private let scratch = Scratch.made()

  private func options(_ change: (inout PreparationOptions) -> Void = { _ in }) -> PreparationOptions {
    var options = PreparationOptions()
    change(&options)
    return options
  }

  /// Prepares a file and returns the plan and what the result's tags are.
  private func prepared(
    _ path: String, to name: String, limits: AudioLimits = AudioLimits(), _ options: PreparationOptions
  ) async throws -> (plan: Plan, made: PreparedAudio, tags: Tags) {
    let (_, plan) = try await AudioPreparer(limits: limits, options: options).plan(for: path)
    let output = scratch.path(name)
    let made = try await prepare(plan, to: output)
    let found = await inspect(path: made.path, limits: limits, deep: true)
    #expect(found.verdict == .ready, "\(found.reasons)")
    return (plan, made, try TagReader.read(made.path).tags)
  }

  private func values(_ tags: Tags) -> [String: String] {
    Dictionary(tags.fields.map { ($0.name.uppercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private func expectTexts(_ tags: Tags, sourceLocation: SourceLocation = #_sourceLocation) {
    let values = values(tags)
    for (name, value) in TagSamples.texts {
      #expect(values[name] == value, "\(name)", sourceLocation: sourceLocation)
    }
  }

  // MARK: The same format

  @Test(
    "A part of an mp3 has its tags, with chapters moved",
    arguments: TagSamples.Encoding.allCases, [3, 4])
  func cutMP3(encoding: TagSamples.Encoding, version: Int) async throws {
    for isUnsynchronised in [false, true] {
      let tag = TagSamples.tag(
        TagSamples.frames(encoding, version: version), version: version, isUnsynchronised: isUnsynchronised)
      // In version 4 the sizes of frames are those after unsynchronisation.
      if isUnsynchronised, version == 4 { continue }
      let source = try TagSamples.mp3(tag, in: scratch, "\(version)\(isUnsynchronised).mp3")
      let name = "\(encoding)\(version)\(isUnsynchronised).mp3"
      let (plan, made, tags) = try await prepared(
        source, to: name,
        options {
          $0.start = 2; $0.end = 8.5
        })
      #expect(made.lossless)
      expectTexts(tags)
      #expect(tags.chapters.map(\.title) == ["One", "Two", "Three"])
      #expect(tags.chapters.map(\.start) == [0, 1, 3])
      #expect(tags.chapters.map(\.end) == [1, 3, 6.5])
      #expect(tags.pictures.map(\.kind) == [3, 4])
      #expect(tags.pictures.map(\.description) == ["front", "back"])
      #expect(tags.pictures.first?.data == TagSamples.picture(2000))
      #expect(tags.natives.map(\.name) == ["PRIV"])
      let lost = try #require(plan.tags).losses.map(\.what)
      #expect(lost.contains(.text("LENGTH")) && lost.contains(.text("REPLAYGAIN_TRACK_GAIN")))
      #expect(values(tags)["ITUNSMPB"] == nil)
    }
  }

  @Test("Texts of an APE tag come before those of ID3v1, which are cut")
  func trailingTags() async throws {
    func item(_ name: String, _ value: String) -> [UInt8] {
      TagSamples.little(value.utf8.count) + TagSamples.little(0) + Array(name.utf8) + [0] + Array(value.utf8)
    }
    let items = item("Title", "A title that is longer than ID3v1 holds") + item("Track", "3/12")
    let footer =
      Array("APETAGEX".utf8) + TagSamples.little(2000) + TagSamples.little(items.count + 32) + TagSamples.little(2)
      + [UInt8](repeating: 0, count: 12)
    var old = Array("TAG".utf8) + [UInt8](repeating: 0, count: 125)
    old.replaceSubrange(3..<33, with: Array("A title that is longer than ID".utf8))
    old.replaceSubrange(63..<68, with: Array("Album".utf8))
    let bare = try bytes(of: TagSamples.mp3([], in: scratch))
    let source = try scratch.file("ape.mp3", bare + items + footer + old)
    let (_, _, tags) = try await prepared(source, to: "ape-cut.mp3", options { $0.end = 8 })
    #expect(values(tags)["TITLE"] == "A title that is longer than ID3v1 holds")
    #expect(values(tags)["TRACKTOTAL"] == "12" && values(tags)["ALBUM"] == "Album")
  }

  @Test("A part has the samples that it has without tags")
  func sameSamples() async throws {
    let tagged = try TagSamples.mp3(TagSamples.tag(TagSamples.frames(.utf8)), in: scratch)
    let with = try await prepared(
      tagged, to: "with.mp3",
      options {
        $0.start = 2; $0.end = 8.5
      })
    let without = try await prepared(
      tagged, to: "without.mp3",
      options {
        $0.start = 2; $0.end = 8.5; $0.keepsTags = false
      })
    #expect(without.tags.isEmpty && without.plan.tags == nil)
    let frames = try bytes(of: without.made.path)
    #expect(try Array(bytes(of: with.made.path).suffix(frames.count)) == frames)
  }

  @Test("A part of a wav has its chunks, with cue points and time reference moved", arguments: [16, 24])
  func cutWave(bits: Int) async throws {
    let source = try TagSamples.wave(bits: bits, in: scratch)
    let (plan, made, tags) = try await prepared(
      source, to: "cut.wav",
      options {
        $0.start = 2; $0.end = 8.5
      })
    #expect(made.lossless && made.bytes == plan.predictedBytes)
    #expect(values(tags)["TITLE"] == "Tïtle" && values(tags)["COMMENT"] == "a cömment")
    #expect(tags.chapters.map(\.title) == ["cue 1", "cue 2"])
    #expect(tags.chapters.map { Int(($0.start * 44100).rounded()) } == [2 * 44100 + 1, 6 * 44100 + 1])
    let bext = try #require(tags.natives.first { $0.name == "bext" })
    #expect(Array(bext.body[338..<346]) == TagSamples.little(1000 + 2 * 44100, 8))
    // The loudness is not that of the part.
    #expect(Array(bext.body[412..<414]) == [0xFF, 0x7F])
    let lost = try #require(plan.tags).losses
    #expect(lost.map(\.what) == [.cuePoint] && lost.map(\.why) == [.outside] && lost.map(\.count) == [1])
  }

  @Test("A part of a flac has its blocks, without a seek table")
  func cutFLAC() async throws {
    let wave = try TagSamples.wave(in: scratch)
    let whole = try await prepared(wave, to: "whole.flac", options { $0.format = .flac })
    #expect(values(whole.tags)["IENG"] == "Engineer")
    let part = try await prepared(
      whole.made.path, to: "part.flac",
      options {
        $0.start = 2; $0.end = 8.5
      })
    #expect(part.made.lossless)
    #expect(values(part.tags)["TITLE"] == "Tïtle")
    #expect(part.tags.chapters.map(\.title) == ["cue 0", "cue 1", "cue 2"])
    let first = try #require(part.tags.chapters.first)
    // A chapter is a stretch: that which goes on at the start of the part begins with it.
    #expect(first.start == 0)
    #expect(try Signals.integers(of: part.made.path) == Array(Signals.integers(of: wave)[88200..<374_850]))
  }

  // MARK: Another format

  @Test("A result of another format has texts, pictures and chapters", arguments: [FileFormat.flac, .wav])
  func convertedMP3(format: FileFormat) async throws {
    let source = try TagSamples.mp3(TagSamples.tag(TagSamples.frames(.utf16)), in: scratch)
    let (plan, made, tags) = try await prepared(source, to: "made.\(format)", options { $0.format = format })
    expectTexts(tags)
    #expect(tags.chapters.map(\.title) == ["One", "Two", "Three"])
    #expect(tags.chapters.map(\.start) == [0, 3, 5])
    #expect(tags.pictures.map(\.data) == [TagSamples.picture(2000), TagSamples.picture(2000) + [7]])
    #expect(made.tags == plan.tags)
    let lost = try #require(plan.tags).losses.map(\.what)
    #expect(lost.contains(.block("PRIV")) == (format == .flac))
    let back = try await prepared(made.path, to: "back.mp3", options { $0.format = .mp3 })
    expectTexts(back.tags)
    #expect(back.tags.chapters.map(\.title) == ["One", "Two", "Three"])
    #expect(back.tags.pictures == tags.pictures || back.tags.pictures.map(\.data) == tags.pictures.map(\.data))
  }

  @Test(
    "ffmpeg reads the chapters and texts of every result", .enabled(if: Tool.ffmpeg.path != nil),
    arguments: ["flac", "mp3", "wav"])
  func readByFFmpeg(format: String) async throws {
    let source = try TagSamples.mp3(TagSamples.tag(TagSamples.frames(.utf8)), in: scratch)
    let wanted = FileFormat(rawValue: format)
    let made = try await prepared(
      source, to: "made.\(format)",
      options {
        $0.format = wanted; $0.start = 1
      }
    ).made
    let output = scratch.path("\(format).txt")
    try Tool.ffmpeg.run(["-i", made.path, "-f", "ffmetadata", output])
    let text = String(decoding: try bytes(of: output), as: UTF8.self)
    for part in ["Tïtle", "Ärtist", "Album", "2003-05-01", "Rock", "a cömment", "One", "Two", "Three"] {
      #expect(text.contains("=" + part), "\(part)")
    }
    #expect(text.components(separatedBy: "[CHAPTER]").count == 4)
  }

  @Test(
    "Comments of Ogg are carried over", .enabled(if: Tool.ffmpeg.path != nil), arguments: ["ogg", "opus", "m4a", "wma"])
  func foreign(kind: String) async throws {
    let wave = try TagSamples.wave(in: scratch)
    let source = scratch.path("source.\(kind)")
    let codec = ["ogg": "libvorbis", "opus": "libopus", "m4a": "aac", "wma": "wmav2"][kind] ?? ""
    try Tool.ffmpeg.run(
      [
        "-i", wave, "-c:a", codec, "-map_metadata", "-1", "-metadata", "title=Tïtle", "-metadata", "artist=Ärtist",
        "-metadata", "album=Album",
        "-metadata", "track=3/12", "-metadata", "date=2003", "-metadata", "genre=Rock", source,
      ])
    let (_, _, tags) = try await prepared(source, to: "made.flac", options())
    for (name, value) in ["TITLE": "Tïtle", "ARTIST": "Ärtist", "ALBUM": "Album", "GENRE": "Rock", "DATE": "2003"] {
      #expect(values(tags)[name] == value, "\(name)")
    }
    #expect(values(tags)["TRACKNUMBER"]?.hasPrefix("3") == true)
  }

  // MARK: What does not fit

  @Test("Gain tags go where the level is changed, and stay where the samples do")
  func gainTags() async throws {
    let wave = try TagSamples.wave(in: scratch)
    let id3 = TagSamples.chunk("id3 ", TagSamples.tag(TagSamples.frames(.utf8)))
    let whole = try bytes(of: wave)
    let body = Array(whole[8...]) + id3
    let source = try scratch.file("gain.wav", Array("RIFF".utf8) + TagSamples.little(body.count) + body)
    let same = try await prepared(source, to: "same.flac", options { $0.format = .flac })
    #expect(values(same.tags)["REPLAYGAIN_TRACK_GAIN"] == "-6 dB")
    let changed = try await prepared(
      source, to: "changed.flac",
      options {
        $0.format = .flac; $0.gain = .decibels(-3)
      })
    #expect(values(changed.tags)["REPLAYGAIN_TRACK_GAIN"] == nil)
    #expect(
      try #require(changed.plan.tags).losses.contains {
        $0.what == .text("REPLAYGAIN_TRACK_GAIN") && $0.why == .otherAudio
      })
  }

  @Test("A picture of more than 16 MiB does not go into a flac, and is told")
  func hugePicture() async throws {
    let frames = TagSamples.frames(.utf8, picture: TagSamples.picture(17 << 20))
    let source = try TagSamples.mp3(TagSamples.tag(frames), in: scratch)
    let (plan, _, tags) = try await prepared(source, to: "made.flac", options { $0.format = .flac })
    #expect(tags.pictures.isEmpty)
    expectTexts(tags)
    let lost = try #require(plan.tags).losses.first { $0.what == .picture }
    #expect(lost?.count == 2)
    #expect(lost?.why == .blockSize(1 << 24 - 1))
  }

  @Test("Pictures go before the quality does", arguments: [20_000, 100_000])
  func noRoom(bytes count: Int) async throws {
    let frames = TagSamples.frames(.utf8, picture: TagSamples.picture(count))
    let source = try TagSamples.mp3(TagSamples.tag(frames), in: scratch)
    let bare = try bytes(of: scratch.path("bare-source.mp3")).count
    var limits = AudioLimits()
    limits.maximumBytes = bare + count / 2 + 2000
    let (plan, made, tags) = try await prepared(source, to: "made.mp3", limits: limits, options())
    #expect(made.lossless && made.bytes <= limits.maximumBytes)
    #expect(tags.pictures.isEmpty)
    expectTexts(tags)
    #expect(plan.steps.map(\.action) == [.strip])
    #expect(try #require(plan.tags).losses.contains { $0.what == .picture && $0.why == .noRoom(limits.maximumBytes) })
  }

  @Test("A flac that is too large with its tags only is made without them")
  func dropsTagsBeforeQuality() async throws {
    let wave = try TagSamples.wave(in: scratch)
    let id3 = TagSamples.chunk("id3 ", TagSamples.tag(TagSamples.frames(.utf8, picture: noise(60_000))))
    let body = Array(try bytes(of: wave)[8...]) + id3
    let source = try scratch.file("large.wav", Array("RIFF".utf8) + TagSamples.little(body.count) + body)
    let bare = try await prepared(
      source, to: "bare.flac",
      options {
        $0.format = .flac; $0.keepsTags = false
      })
    var limits = AudioLimits()
    limits.maximumBytes = bare.made.bytes + 1000
    let (_, made, _) = try await prepared(source, to: "made.flac", limits: limits, options { $0.format = .flac })
    #expect(made.format == .flac && made.lossless && made.bytes <= limits.maximumBytes)
  }

  // MARK: Hostile

  @Test("Broken tags never stop a preparation", arguments: 0..<8)
  func broken(seed: Int) throws {
    var random = Seeded(UInt64(seed) + 1)
    let wave = try bytes(of: TagSamples.wave(seconds: 1, in: scratch))
    let frames = TagSamples.frames(
      [.latin1, .utf16, .utf8][seed % 3], version: seed % 2 == 0 ? 3 : 4, picture: TagSamples.picture(50))
    let tag = TagSamples.tag(frames, version: seed % 2 == 0 ? 3 : 4, isUnsynchronised: seed % 4 == 0)
    let mp3 = try bytes(of: fixture("cbr.mp3")).prefix(6000)
    for index in 0..<60 {
      var bytes = seed < 6 ? tag + mp3 : wave
      let span = seed < 6 ? 0..<tag.count : bytes.count - 600..<bytes.count
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: span, using: &random)] =
          [0, 0xFF, 0x7F, 0x80, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
      }
      if index % 5 == 0 { bytes.removeLast(Int.random(in: 1...500, using: &random)) }
      let path = try scratch.file("broken", bytes)
      guard let found = try? TagReader.read(path) else { continue }
      for format in [FileFormat.mp3, .flac, .wav] {
        for isCut in [false, true] {
          var change = TagChange(
            format: format, part: 0.25...0.75, isCut: isCut, sampleRates: (44100, 48000), keepsSamples: isCut,
            keepsBytes: isCut, room: index % 3 == 0 ? 300 : 1 << 20, limit: 1 << 20)
          if index % 2 == 0 { change.removed = [0.3...0.4] }
          let carried = TagCarrier.carry(found.tags, change)
          #expect(carried.byteCount <= change.room)
        }
      }
    }
  }
}
