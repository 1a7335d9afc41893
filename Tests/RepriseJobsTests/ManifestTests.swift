import Foundation
import RepriseJobs
import Testing

/// A manifest's text understood, as if it stood in /music.
private func manifest(_ text: String, directory: String = "/music") throws -> Manifest {
  try Manifest(bytes: Array(text.utf8), name: "runs", path: nil, directory: directory)
}

private func problems(_ text: String, directory: String = "/music") -> [ManifestProblem] {
  problems(bytes: Array(text.utf8), directory: directory)
}

private func problems(bytes: [UInt8], directory: String = "/music") -> [ManifestProblem] {
  do {
    let manifest = try Manifest(bytes: bytes, name: "runs", path: nil, directory: directory)
    Issue.record("no error, but \(manifest.rows)")
    return []
  } catch let error as ManifestError {
    return error.problems
  } catch {
    Issue.record("\(error)")
    return []
  }
}

@Suite("A manifest of runs")
struct ManifestTests {
  @Test("both forms say the same, in any order of columns")
  func forms() throws {
    let comma = try manifest("output,path,lyrics,prompt\nout/a.mp3,a.wav,,warm folk guitar\n,/b.wav,la la,\n").rows
    let lines = try manifest(
      #"{"path": "a.wav", "prompt": "warm folk guitar", "output": "out\/a.mp3", "lyrics": null}"# + "\n\n"
        + #"  {"lyrics":"la la","path":"/b.wav","output":"","_note":[1,{"x":-2.5e3},"]"]}"#
    ).rows
    #expect(comma.map(\.path) == ["/music/a.wav", "/b.wav"])
    #expect(comma.map(\.shownPath) == ["a.wav", "/b.wav"])
    #expect(comma.map(\.output) == ["/music/out/a.mp3", nil])
    #expect(comma.map(\.prompt) == ["warm folk guitar", nil])
    #expect(comma.map(\.lyrics) == [nil, "la la"])
    #expect(comma.map(\.line) == [2, 3])
    #expect(lines.map(\.line) == [1, 3])
    #expect(lines.map(\.path) == comma.map(\.path))
    #expect(lines.map(\.output) == comma.map(\.output))
    #expect(lines.map(\.prompt) == comma.map(\.prompt))
    #expect(lines.map(\.lyrics) == comma.map(\.lyrics))
  }

  @Test(
    "quoted fields hold line ends, separators and doubled quotes; spaces are data",
    arguments: [
      ("\"x\ny\"", "x\ny"), ("\"x\r\ny\"", "x\r\ny"), ("\"x\"\"y\"", "x\"y"), ("\"\"\"\"", "\""), ("\"x,y\"", "x,y"),
      ("  x ", "  x "), ("x\u{85}y", "x\u{85}y"), ("x\u{2028}y", "x\u{2028}y"), ("\u{301}y", "\u{301}y"),
      ("\"\u{301}y\"", "\u{301}y"), ("\"y\"\"\u{301}\"", "y\"\u{301}"), ("e\u{301}", "e\u{301}"),
    ])
  func fields(written: String, value: String) throws {
    for end in ["\n", "\r\n", "\r", ""] {
      let rows = try manifest(["path,prompt", "a.wav,\(written)"].joined(separator: end.isEmpty ? "\n" : end) + end)
        .rows
      #expect(rows.count == 1)
      // By scalars: canonical equality would hide a change of form.
      #expect(rows.first.map { Array(($0.prompt ?? "").unicodeScalars) } == Array(value.unicodeScalars))
    }
  }

  @Test(
    "spreadsheets' separators, byte order marks, 'sep=' lines, empty lines and empty trailing columns are understood",
    arguments: [
      "path;prompt\na, b.wav;x; y\n", "path\tprompt\na, b.wav\tx; y\n", "\u{FEFF}path,prompt\n\"a, b.wav\",x; y",
      "sep=;\r\npath;prompt\r\na, b.wav;\"x; y\"\r\n", "\n\npath,prompt,,\n\"a, b.wav\",x; y,,\n,,,\n\n",
      "Path , PROMPT\n\"a, b.wav\",x; y\n", "\"path\";\"prompt\"\n\"a, b.wav\";\"x; y\"\n",
    ].map { $0.replacingOccurrences(of: "b.wav;x; y", with: "b.wav;\"x; y\"") })
  func spreadsheets(text: String) throws {
    let rows = try manifest(text).rows
    #expect(rows.map(\.shownPath) == ["a, b.wav"])
    #expect(rows.map(\.prompt) == ["x; y"])
  }

  @Test("an empty last field counts with and without a line end behind it")
  func emptyLastField() throws {
    for end in ["", "\n"] {
      for last in ["", "\"\""] {
        #expect(try manifest("path,prompt\na.wav," + last + end).rows.map(\.prompt) == [nil])
      }
    }
  }

  @Test(
    "what is wrong is reported with its line and column",
    arguments: [
      ("path,promt,lyric\na,b,c\n", [(1, 6, .unknownColumn("promt")), (1, 12, .unknownColumn("lyric"))]),
      ("prompt\nx\n", [(1, 1, .noPathColumn)]), ("path,path\na,b\n", [(1, 6, .columnTwice("path"))]),
      ("path,prompt\na\n", [(2, 1, .fieldCount(1, header: 2))]),
      ("path,prompt\n\"x\ny\",b\na,b,c\n", [(4, 1, .fieldCount(3, header: 2))]),
      ("path,prompt\na,é\"b\"\nc,d\n", [(2, 4, .strayQuote)]),
      ("path,prompt\na,\"b\"c\n", [(2, 6, .textBehindQuote)]),
      ("path,prompt\na,\"b\nc,d\ne,f\n", [(2, 3, .openQuote(limit: nil))]),
      ("path,prompt\n,b\n", [(2, 1, .noPath)]),
      ("path,\na,b\n", [(2, 3, .unnamedColumn("b"))]),
      ("path,output\na,x\nb,./x\nc,X\n", [(3, 3, .outputTwice("./x", line: 2)), (4, 3, .outputTwice("X", line: 2))]),
      ("path,output\na,b\nb,c\n", [(2, 3, .outputIsRecording("b", line: 3, isOwn: false))]),
      ("path,output\na,out/\n", [(2, 3, .outputDirectory)]),
      ("path\n", [(1, 1, .noRows)]), ("", [(1, 1, .empty)]),
      ("{\"path\": \"a\", \"titel\": 1}\n", [(1, 15, .unknownKey("titel"))]),
      ("{\"path\": 7}\n", [(1, 10, .notString("path"))]),
      ("{\"path\": \"a\", \"path\": \"b\"}\n", [(1, 15, .keyTwice("path"))]),
      ("{\"path\": \"a\"} x\n", [(1, 15, .json(.textBehind))]),
      ("{\n\"path\": \"a\"\n}\n", [(1, 2, noKey), (2, 1, noObject), (3, 1, noObject)]),
      ("[{\"path\": \"a\"}]", [(1, 1, noObject)]),
      ("{\"path\": \"a\\x\"}\n", [(1, 12, .json(.escape))]),
      ("{\"path\": \"\\ud800\"}\n", [(1, 11, .json(.surrogate))]),
      ("{\"path\": \"a\\u0000\"}\n", [(1, 10, .zeroByte(column: "path"))]),
      ("{\"prompt\": \"a\"}\n", [(1, 1, .noPath)]),
      ("{\"path\": \"a\n", [(1, 10, .json(.openString))]), ("{\"_x\": 01, \"path\": \"a\"}", [(1, 8, .json(.noValue))]),
      ("{\"path\": \"a\",}", [(1, 14, noKey)]),
    ] as [(String, [(Int, Int, ManifestProblem.Fault)])])
  func mistakes(text: String, expected: [(line: Int, column: Int, fault: ManifestProblem.Fault)]) {
    let found = problems(text)
    #expect(found.map(\.line) == expected.map(\.line), "\(found)")
    #expect(found.map(\.column) == expected.map(\.column), "\(found)")
    #expect(found.map(\.fault) == expected.map(\.fault), "\(found)")
  }

  private static let noKey = ManifestProblem.Fault.json(.noString("a key in quotes"))
  private static let noObject = ManifestProblem.Fault.json(
    .missing("{", rule: "each line is one JSON object, such as {\"path\": \"song.wav\"}"))

  @Test("deeply nested comments are refused and never overflow the stack")
  func nesting() {
    let deep = String(repeating: "[", count: 200_000)
    #expect(problems("{\"_x\": \(deep)").first?.fault == .json(.nesting(limit: 32)))
  }

  @Test("what is no UTF-8 text is said to be so")
  func encodings() {
    #expect(problems(bytes: [0xFF, 0xFE, 0x70, 0x00]).first?.fault == .utf16)
    #expect(problems(bytes: [0x49, 0x44, 0x33, 0x04, 0x00]).first?.fault == .notText)
    let latin = Array("path,prompt\nc,d\na".utf8) + [0xE9] + Array(",b\n".utf8)
    #expect(problems(bytes: latin).map(\.line) == [3])
    #expect(problems(bytes: Array("{\"path\": \"".utf8) + [0xE9, 0x22, 0x7D]).map(\.column) == [10])
  }

  @Test("all mistakes are counted, the first twenty shown")
  func many() {
    do {
      _ = try manifest("path,prompt\n" + String(repeating: "a\n", count: 57))
      Issue.record("no error")
    } catch {
      let error = error as? ManifestError
      #expect(error?.count == 57)
      #expect(error?.problems.count == 20)
      #expect(error?.description.hasSuffix("runs: and 37 more") == true)
    }
  }

  @Test("a hundred thousand rows are read, each at its line")
  func size() throws {
    var text = "path,prompt,lyrics,output\r\n"
    for index in 0..<100_000 { text += "album \(index)/song.wav,\"warm, \"\"folk\"\"\",,out/\(index).mp3\r\n" }
    let rows = try manifest(text).rows
    #expect(rows.count == 100_000)
    #expect(rows.last?.line == 100_001)
    #expect(rows.last?.output == "/music/out/99999.mp3")
    try #require(!rows.isEmpty)
    #expect(rows.allSatisfy { $0.prompt == "warm, \"folk\"" })
  }
}
