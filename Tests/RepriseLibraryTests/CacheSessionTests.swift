import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem
import TestSupport
import Testing

@Suite("What a scan believes of what it knows")
struct CacheSessionTests {
  /// A file of 300 kB, its stamp, and a session that has kept an answer for it.
  private struct Kept {
    let scratch: Scratch
    let path: RawPath
    let stamp: FileStamp
    let session: CacheSession

    init(isTrusted: Bool) async throws {
      scratch = try Scratch()
      let text = try scratch.file("a.mp3", (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      path = RawPath(text)
      stamp = try #require(FileStamp(at: path))
      let options = ScanOptions(limits: AudioLimits(), depth: .structure)
      let cache = try ValidationCache(path: scratch.path("cache/validation.sqlite"), checker: "test")
      session = CacheSession(cache, options: options, policy: TimestampPolicy { _ in isTrusted })
      let response = CheckResponse(
        await inspect(path: fixture("cbr.mp3"), limits: options.limits), rendered: (record: [], rows: ""))
      // Looked at ten seconds after it was written.
      session.keep(
        CheckRequest(position: 0, path: path, isNamed: true, stamp: stamp, seen: stamp.changed + 10_000_000_000),
        response)
      session.flush()
    }

    /// Changes a byte; what is asked for afterwards has the stamp that the file had before.
    func edit(at offset: UInt64) throws {
      let file = try FileHandle(forUpdating: URL(filePath: path.text))
      try file.seek(toOffset: offset)
      try file.write(contentsOf: Data([255]))
      try file.close()
    }

    var isKnown: Bool {
      if case .holds? = session.look(up: [(path, stamp)]).first { return true }
      return false
    }
  }

  @Test(
    "where stamps tell too little, an edit in the first or last 64 kB is seen",
    arguments: [0, 65_535, 234_464, 299_999])
  func ends(offset: UInt64) async throws {
    let kept = try await Kept(isTrusted: false)
    #expect(kept.isKnown)
    try kept.edit(at: offset)
    #expect(!kept.isKnown)
  }

  @Test(
    "further inside, and where stamps are trusted, nothing is read: the stamp alone tells",
    arguments: [
      (65_536, false), (234_463, false), (0, true), (299_999, true),
    ])
  func inside(offset: UInt64, isTrusted: Bool) async throws {
    let kept = try await Kept(isTrusted: isTrusted)
    try kept.edit(at: offset)
    #expect(kept.isKnown)
  }

  @Test("what is known of a file's audio is believed as far as the rest", arguments: [false, true])
  func audio(isTrusted: Bool) async throws {
    let kept = try await Kept(isTrusted: isTrusted)
    kept.session.keep(audio: [(kept.path, kept.stamp, [1, 2, 3])])
    #expect(kept.session.audioDigest(of: kept.path, stamp: kept.stamp) == [1, 2, 3])
    try kept.edit(at: 0)
    #expect(kept.session.audioDigest(of: kept.path, stamp: kept.stamp) == (isTrusted ? [1, 2, 3] : nil))
  }

  @Test(
    "a file that was changed just before it was looked at is not kept",
    arguments: [
      (true, 20_000_000, false), (true, 20_000_001, true), (false, 2_500_000_000, false), (false, 2_500_000_001, true),
    ])
  func rest(isTrusted: Bool, rested: Int64, isKept: Bool) async throws {
    let kept = try await Kept(isTrusted: isTrusted)
    let path = RawPath(try kept.scratch.file("b.mp3", [1, 2, 3]))
    let stamp = try #require(FileStamp(at: path))
    let response = CheckResponse(
      await inspect(path: fixture("cbr.mp3"), limits: AudioLimits()), rendered: (record: [], rows: ""))
    kept.session.keep(
      CheckRequest(
        position: 0, path: path, isNamed: true, stamp: stamp, seen: max(stamp.changed, stamp.modified) + rested),
      response)
    kept.session.flush()
    if case .holds? = kept.session.look(up: [(path, stamp)]).first { #expect(isKept) } else { #expect(!isKept) }
  }

  @Test(
    "a skim is not believed where a walk is wanted, and a walk is where a skim is",
    arguments: Inspection.Depth.allCases, Inspection.Depth.allCases)
  func depths(kept: Inspection.Depth, wanted: Inspection.Depth) async throws {
    let scratch = try Scratch()
    let path = RawPath(try scratch.file("a.mp3", [1, 2, 3]))
    let stamp = try #require(FileStamp(at: path))
    let cache = try ValidationCache(path: scratch.path("cache/validation.sqlite"), checker: "test")
    func session(_ depth: Inspection.Depth) -> CacheSession {
      CacheSession(
        cache, options: ScanOptions(limits: AudioLimits(), depth: depth), policy: TimestampPolicy { _ in true })
    }
    let file = fixture("cbr.mp3")
    let limits = AudioLimits()
    let found =
      kept == .skim
      ? await skim(path: file, limits: limits) : await inspect(path: file, limits: limits, deep: kept >= .samples)
    var response = CheckResponse(found, rendered: (record: [], rows: ""))
    response.content = [1]
    #expect(response.isSkimmed == (kept == .skim))
    let first = session(kept)
    first.keep(
      CheckRequest(position: 0, path: path, isNamed: true, stamp: stamp, seen: stamp.changed + 10_000_000_000),
      response)
    first.flush()
    switch session(wanted).look(up: [(path, stamp)]).first {
    case .holds(let held)?, .known(let held)?:
      #expect(kept >= wanted && held.isSkimmed == (kept == .skim))
    default: #expect(kept < wanted)
    }
  }

  @Test(
    "the system's own file systems are trusted as it is written",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mounts")))
  func mounts() throws {
    // What /proc holds has times of its own making.
    let path = RawPath("/proc/self/status")
    let stamp = try #require(FileStamp(at: path))
    #expect(!TimestampPolicy().isTrusted(stamp, at: path))
  }
}
