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
        .init(start: 0, end: 0.5, chord: nil),
        .init(start: 0.5, end: 6.5, chord: Chord(root: 1, quality: .minorSeventh, bass: 4)),
      ], melody: [.init(start: 0.5, end: 0.75, pitch: 61)],
      keys: [
        .init(start: 0, end: 4, key: Triad(root: 1, isMinor: true)),
        .init(start: 4, end: 6.5, key: Triad(root: 4, isMinor: false)),
      ], sections: [.init(start: 0, end: 2, label: "A"), .init(start: 2, end: 6.5, label: "B", isChorus: true)],
      confidence: .init(music: 1, beats: 0.75, key: 0.5, melody: 0.25), tuning: -0.25, levels: [1, 0.5])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(analysis), as: UTF8.self)
    #expect(
      text == """
        {"beatConfidence":0.75,"beats":[0.5,1],"chords":[[0,0.5,"N"],[0.5,6.5,"C#:min7/b3"]],"chorus":"B",\
        "confidence":{"beats":0.75,"key":0.5,"melody":0.25,"music":1},"downbeats":[0.5],"key":"C#:min",\
        "keys":[[0,4,"C#:min"],[4,6.5,"E:maj"]],"levels":[1,0.5],"melody":[[0.5,0.75,61]],"meter":4,"seconds":6.5,\
        "sections":[[0,2,"A"],[2,6.5,"B"]],"tempo":120,"tuning":-0.25}
        """)
    #expect(try JSONDecoder().decode(Analysis.self, from: Data(text.utf8)) == analysis)
  }

  @Test("the chorus is a field of its own, left out where there is none, and sections have three elements")
  func chorus() throws {
    var analysis = Analysis(
      seconds: 8, tempo: 120, meter: 4, key: Triad(root: 0, isMinor: false), beats: [], downbeats: [], chords: [],
      melody: [],
      sections: ["A", "B", "A", "B"].enumerated().map {
        .init(start: 2 * Double($0), end: 2 * Double($0) + 2, label: $1, isChorus: $1 == "B")
      }, confidence: .init(), tuning: 0, levels: [])
    for isThere in [true, false] {
      if !isThere { for index in analysis.sections.indices { analysis.sections[index].isChorus = false } }
      let data = try JSONEncoder().encode(analysis)
      let fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(fields["chorus"] as? String == (isThere ? "B" : nil))
      #expect((fields["sections"] as? [[Any]])?.map(\.count) == [3, 3, 3, 3])
      #expect(try JSONDecoder().decode(Analysis.self, from: data) == analysis)
    }
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

  @Test("every chord is read as it is written, and nothing else is a chord")
  func chords() {
    for quality in Chord.Quality.allCases {
      for root in 0..<12 {
        for bass in 0..<12 {
          let chord = Chord(root: root, quality: quality, bass: bass)
          #expect(Chord(chord.description) == chord)
        }
      }
    }
    #expect(Chord("Bb:maj/3") == Chord(root: 10, quality: .major, bass: 2))
    #expect(Chord("C:7/#4") == Chord("C:7/b5"))
    for label in ["", "N", "X", "C", "C:maj/", "C:maj/8", "C:maj/3/5", "C:maj9", "C:maj(9)", "H:maj", "C:maj/b"] {
      #expect(Chord(label) == nil, "\(label)")
    }
  }

  @Test("what is not an analysis is refused", arguments: ["\"H:dur\"", "3"])
  func refused(key: String) {
    let text = #"{"seconds":1,"tempo":1,"meter":4,"key":\#(key),"beats":[],"downbeats":[],"chords":[],"melody":[]}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Analysis.self, from: Data(text.utf8)) }
  }
}
