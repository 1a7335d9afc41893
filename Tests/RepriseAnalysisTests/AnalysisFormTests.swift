import RepriseAnalysis
import Foundation
import Testing

@Suite("An analysis as JSON")
struct AnalysisFormTests {
  @Test("an analysis is written as reprise.analysis.v1 and read back the same")
  func form() throws {
    let analysis = Analysis(
      seconds: 6.5, tempo: 120, meter: 4, key: Triad(root: 1, isMinor: true), beats: [0.5, 1], downbeats: [0.5],
      chords: [
        .init(start: 0, end: 0.5, chord: nil), .init(start: 0.5, end: 6.5, chord: Triad(root: 1, isMinor: true)),
      ], melody: [.init(start: 0.5, end: 0.75, pitch: 61)], beatConfidence: 0.75, tuning: -0.25, levels: [1, 0.5])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(analysis), as: UTF8.self)
    #expect(
      text == """
        {"beatConfidence":0.75,"beats":[0.5,1],"chords":[[0,0.5,"N"],[0.5,6.5,"C#:min"]],"downbeats":[0.5],"key":"C#:min",\
        "levels":[1,0.5],"melody":[[0.5,0.75,61]],"meter":4,"seconds":6.5,"tempo":120,"tuning":-0.25}
        """)
    #expect(try JSONDecoder().decode(Analysis.self, from: Data(text.utf8)) == analysis)
  }

  @Test("triads are read with sharps and flats, and nothing else is a triad")
  func triads() {
    #expect(Triad("Db:min") == Triad(root: 1, isMinor: true))
    #expect(Triad("B#:maj") == Triad(root: 0, isMinor: false))
    #expect(Triad(root: -1, isMinor: false).description == "B:maj")
    for label in ["", "N", "C", "C:", "H:maj", "C:maj7", "Cx:maj", "c:maj", ":maj", "C:maj:min"] {
      #expect(Triad(label) == nil, "\(label)")
    }
    for root in 0..<12 {
      for isMinor in [false, true] {
        let triad = Triad(root: root, isMinor: isMinor)
        #expect(Triad(triad.description) == triad)
      }
    }
  }

  @Test("what is not an analysis is refused", arguments: ["\"H:dur\"", "3"])
  func refused(key: String) {
    let text = #"{"seconds":1,"tempo":1,"meter":4,"key":\#(key),"beats":[],"downbeats":[],"chords":[],"melody":[]}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Analysis.self, from: Data(text.utf8)) }
  }
}
