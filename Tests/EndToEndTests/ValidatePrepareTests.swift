import CommandSupport
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("A library that is prepared by the built program")
struct ValidatePrepareTests {
  @Test("keeps the tree, leaves sources alone, names ready files where they are, and makes nothing twice")
  func tree() async throws {
    let library = try PreparedLibrary(.process)
    defer { library.command.clean() }
    try library.fill()
    let before = try library.stamps(of: "music")
    let result = try await library.run("--json")
    #expect(result.status == 1, "\(result.messages)")
    #expect(try library.stamps(of: "music") == before)
    let outputs = try library.stamps(of: "ready").keys.filter { !$0.hasPrefix(".reprise") }.sorted()
    #expect(outputs == ["b/bad%FF.mp3", "b/new\nline.mp3", "manifest.csv", "song.mp3", "song.wav.mp3"])
    #expect(
      result.messages.contains(
        "4 prepared, 0 already, 1 ready as they are, 2 rejected, 0 failed; manifest: ready/manifest.csv"))
    let prepared = try result.records().filter { $0["schema"] as? String == "reprise.prepared.v1" }
    #expect(
      prepared.compactMap { $0["output"] as? String } == [
        "ready/b/bad%FF.mp3", "ready/b/new\nline.mp3", "ready/song.mp3", "ready/song.wav.mp3",
      ])

    let made = try library.stamps(of: "ready")
    let again = try await library.run("--json")
    #expect(again.messages.contains("0 prepared, 4 already, 1 ready as they are"))
    #expect(again.output == result.output)
    let now = try library.stamps(of: "ready")
    #expect(outputs.filter { $0 != "manifest.csv" }.allSatisfy { now[$0] == made[$0] })
  }
}
