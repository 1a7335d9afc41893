import Foundation
import RepriseAnalysis
import RepriseAudio
import RepriseSystem
import SyntheticMusic
import TestSupport
import Testing

@Suite("What speaks for a melody")
struct MelodyEvidenceTests {
  @Test("each cue has a finite value for each pitch of each frame", .takesLong)
  func cues() throws {
    let audio = SyntheticSong(bars: 3).audio
    let cues = try Analyzer().melodyEvidence(of: audio, cancellation: Cancellation()).cues
    let count = try #require(cues.first).values.count
    #expect(count > 0 && count.isMultiple(of: NoteNetwork.pitches.count))
    for (name, values) in cues {
      #expect(values.count == count && values.allSatisfy(\.isFinite), "\(name)")
    }
  }

  // REPRISE_MELODY_SONGS names directories of songs, separated by colons.
  @Test("cues are written for fit_melody.py if asked for")
  func forFitting() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let output = environment["REPRISE_MELODY_CUES"], let songs = environment["REPRISE_MELODY_SONGS"] else {
      return
    }
    let analyzer = Analyzer(models: .installed())
    for directory in songs.split(separator: ":").map(String.init) {
      for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() where name.hasSuffix(".mp3") {
        let audio = try AudioBuffer(decoding: directory + "/" + name, cancellation: Cancellation())
        let evidence = try analyzer.melodyEvidence(of: audio, cancellation: Cancellation())
        let bytes = evidence.cues.flatMap(\.values).flatMap { value in
          (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: output + "/" + name.dropLast(4) + ".cues"))
      }
    }
  }
}
