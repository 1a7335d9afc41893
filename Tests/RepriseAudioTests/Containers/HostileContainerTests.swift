import RepriseAudio
import Foundation
import TestSupport
import Testing

@Suite("Hostile containers")
struct HostileContainerTests {
  private static func look(_ file: [UInt8]) async throws -> Inspection {
    let scratch = try Scratch()
    return await inspect(path: try scratch.file("a", file), limits: AudioLimits(minimumSeconds: 0.01))
  }

  /// One file of each container, of a short stream, so that many variants of it can be tried.
  static let files: [(name: String, bytes: [UInt8])] = {
    func made() throws -> [(String, [UInt8])] {
      let mp3 = try Array(bytes(of: fixture("cbr.mp3")).prefix(417 * 12))
      let flac = try bytes(of: fixture("padding.flac"))
      let (blocks, frames) = Wrapping.flacParts(flac)
      let packets = Wrapping.oggPackets(Array(flac.prefix(flac.count - frames.count + 6000)), around: 700)
      let pieces = Wrapping.pieces(mp3[...])
      return [
        ("riff", WaveTests.riff(WaveTests.chunk("fmt ", UnwrappingTests.waves[0].chunk), WaveTests.chunk("data", mp3))),
        ("mp4", Wrapping.movie(pieces, flac: nil, .movieFirst)),
        ("fragments", Wrapping.movie(pieces, flac: nil, .fragments)),
        ("flac in mp4", Wrapping.movie(Wrapping.pieces(frames.prefix(4000)), flac: blocks.flatMap { $0 }, .plain)),
        ("matroska", Wrapping.matroska(pieces, flac: nil, .ebmlLacing)),
        ("xiph", Wrapping.matroska(pieces, flac: nil, .xiphLacing)),
        ("ogg", Wrapping.ogg(packets, most: 4)),
      ]
    }
    return (try? made()) ?? []
  }()

  @Test("what is cut off anywhere is never taken for whole", arguments: 0..<7)
  func truncated(index: Int) async throws {
    let (name, whole) = Self.files[index]
    #expect(try await Self.look(whole).verdict != .ready, "\(name)")
    for length in stride(from: 0, to: whole.count, by: max(whole.count / 150, 1)) {
      let found = try await Self.look(Array(whole[..<length]))
      #expect(found.verdict == .rejected, "\(name) cut at \(length)")
    }
  }

  @Test("changed bytes crash nothing and cost bounded work", arguments: 0..<7)
  func changed(index: Int) async throws {
    let (_, whole) = Self.files[index]
    var random = Seeded(UInt64(index) + 3)
    for _ in 0..<200 {
      var file = whole
      for _ in 0..<(1 + random.next() % 4) {
        // The structures stand in front and behind; a byte of all ones makes sizes enormous.
        let place = Int(random.next() % UInt64(random.next() % 2 == 0 ? min(file.count, 400) : file.count))
        file[random.next() % 2 == 0 ? place : file.count - 1 - place] =
          random.next() % 2 == 0 ? 0xFF : UInt8(random.next() & 0xFF)
      }
      let found = try await Self.look(file)
      #expect(found.duration.map { $0.seconds.isFinite } ?? true)
    }
  }

  @Test("chunks that overlap are told, and not copied for ever")
  func overlapping() async throws {
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    let pieces = Wrapping.pieces(mp3[...])
    var file = Wrapping.movie(pieces, flac: nil, .plain)
    let mark = try #require(file.indices.last { Array(file[$0...].prefix(4)) == Array("stco".utf8) })
    // The second chunk begins where the first does.
    file.replaceSubrange(mark + 16..<mark + 20, with: Array(file[mark + 12..<mark + 16]))
    // And a hundred more chunks do.
    let found = try await Self.look(file)
    #expect(found.verdict != .ready)
  }

  @Test("sizes beyond all measure are refused", arguments: ["stsz", "stsc", "stco", "co64", "trun"])
  func enormous(box: String) async throws {
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    let form: Wrapping.Movie = box == "co64" ? .wideOffsets : box == "trun" ? .fragments : .plain
    let whole = Wrapping.movie(Wrapping.pieces(mp3[...]), flac: nil, form)
    let mark = try #require(whole.indices.last { Array(whole[$0...].prefix(4)) == Array(box.utf8) })
    for place in stride(from: mark + 4, to: min(mark + 32, whole.count - 3), by: 4) {
      var file = whole
      file.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
      #expect(try await Self.look(file).verdict != .ready)
      file.replaceSubrange(place..<place + 4, with: [0x7F, 0xFF, 0xFF, 0xFF])
      #expect(try await Self.look(file).verdict != .ready)
    }
  }

  @Test("a page with a wrong checksum, a missing one and bytes between pages are told with their place")
  func pages() async throws {
    let flac = try bytes(of: fixture("padding.flac"))
    let whole = Wrapping.ogg(Wrapping.oggPackets(flac, around: 3000), most: 12)
    let starts = whole.indices.filter { Array(whole[$0...].prefix(5)) == Array("OggS".utf8) + [0] }
    let at = starts[starts.count / 2]
    let next = starts[starts.count / 2 + 1]
    var flipped = whole
    flipped[at + 60] ^= 1
    #expect(try await Self.look(flipped).integrity.problems.contains(.container(.pageChecksums(1, first: at))))
    let missing = Array(whole[..<at] + whole[next...])
    #expect(try await Self.look(missing).integrity.problems.contains(.container(.missingPages(1, first: at))))
    let between = Array(whole[..<at]) + [UInt8](repeating: 9, count: 33) + whole[at...]
    #expect(try await Self.look(between).integrity.problems.contains(.container(.lostPages(bytes: 33, offset: at))))
    for file in [flipped, missing, between] { #expect(try await Self.look(file).verdict == .rejected) }
  }

  @Test("several streams in a row are not taken for the first of them")
  func chained() async throws {
    let flac = try bytes(of: fixture("padding.flac"))
    let one = Wrapping.ogg(Wrapping.oggPackets(flac, around: 3000), most: 100)
    let other = Wrapping.ogg(Wrapping.oggPackets(flac, around: 3000), most: 100, serial: 78)
    let scratch = try Scratch()
    #expect(try AudioContent.open(try scratch.file("chained", one + other)).unwrapping == nil)
    let matroska = Wrapping.matroska(Wrapping.pieces(try bytes(of: fixture("cbr.mp3"))[...]), flac: nil, .groups)
    #expect(try AudioContent.open(try scratch.file("joined", matroska + matroska)).unwrapping == nil)
  }

  @Test("places of damage are places of the file, not of the stream")
  func places() async throws {
    let mp3 = try bytes(of: fixture("garbage-between.mp3"))
    let pieces = Wrapping.pieces(mp3[...], around: 200)
    let plain = await inspect(path: fixture("garbage-between.mp3"), limits: AudioLimits(minimumSeconds: 0.01))
    let file = Wrapping.matroska(pieces, flac: nil, .simpleBlocks)
    let found = try await Self.look(file)
    func garbage(_ inspection: Inspection) -> Int? {
      for case .mp3(.garbageBetween(_, let offset, _)) in inspection.integrity.problems { return offset }
      return nil
    }
    let (inner, outer) = (try #require(garbage(plain)), try #require(garbage(found)))
    #expect(outer > inner && Array(file[outer..<outer + 8]) == Array(mp3[inner..<inner + 8]))
  }

  @Test("a stream that is not what its container claims is not taken out")
  func otherLayer() async throws {
    let layer2 = try bytes(of: fixture("layer-2.mp3"))
    let file = WaveTests.riff(
      WaveTests.chunk("fmt ", UnwrappingTests.waves[2].chunk), WaveTests.chunk("data", layer2))
    let found = try await Self.look(file)
    // What decodes layer 2 decodes it from there.
    #expect(found.notes.unwrapping == nil && found.format == .wav && found.verdict != .ready)
  }
}
