import Foundation
import RepriseLibrary
import RepriseSystem
import TestSupport
import Testing

struct CSVReportTests {
  /// Returns the rows of a report as Python's csv module, an independent reader, reads them.
  private func rows(ofReportAt path: String) throws -> [[String]] {
    let process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import csv, json, sys; print(json.dumps(list(csv.reader(open(sys.argv[1], encoding='utf-8', newline=''), strict=True))))",
      path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([[String]].self, from: data)
  }

  @Test("every name comes back from the report, however hostile, and no text is a formula")
  func names() throws {
    let scratch = try Scratch()
    let names =
      hostileNames + ["+1.mp3", "-rf.mp3", "@sum.mp3", " =1+1.mp3", "'quoted.mp3", "a;=b.mp3"].map { Array($0.utf8) }
    let path = scratch.path("report.csv")
    try CSVReport().write(try names.map { try SampleFile($0).checked() }, to: path, replacing: false)
    let rows = try rows(ofReportAt: path)
    #expect(rows.first == CSVReport.columns)
    #expect(rows.count == names.count + 1)
    for (row, name) in zip(rows.dropFirst(), names) {
      #expect(row.count == CSVReport.columns.count)
      #expect(!["=", "+", "-", "@"].contains(row[0].drop { $0 == " " }.prefix(1)))
      var text = row[0]
      if text.hasPrefix("'") { text.removeFirst() }
      let bytes = row[1] == "text" ? Array(text.utf8) : try unescaped(text)
      #expect(bytes == name)
    }
  }

  /// The bytes that an escaped path stands for.
  private func unescaped(_ text: String) throws -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let first = rest.popFirst() {
      guard first == "\\" else {
        result += Array(String(first).utf8)
        continue
      }
      let kind = rest.popFirst()
      switch try #require(kind) {
      case "\\": result.append(UInt8(ascii: "\\"))
      case "n": result.append(10)
      case "r": result.append(13)
      case "t": result.append(9)
      case "x":
        result.append(try #require(UInt8(rest.prefix(2), radix: 16)))
        rest = rest.dropFirst(2)
      case "u":
        let digits = rest.dropFirst().prefix { $0 != "}" }
        let scalar = try #require(UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) })
        result += Array(String(Character(scalar)).utf8)
        rest = rest.dropFirst(digits.count + 2)
      case let other: Issue.record("an escape that is none: \\\(other)")
      }
    }
    return result
  }

  @Test("a file's numbers stand in their columns, and negative ones stay numbers")
  func numbers() throws {
    let file = SampleFile("a.mp3").with {
      $0.verdict = "rejected"
      $0.reasons = [("corrupt", "2 frames, \"broken\""), ("clipped", "too loud")]
      $0.damage = [(1.5, 2.25), (3, 3)]
      $0.loudness = -14.25
    }
    #expect(
      CSVReport().row(for: try file.checked())
        == "a.mp3,text,rejected,\"corrupt clipped\",mp3,mp3,44100,2,180.000000,7938000,5000000,5000000,-14.250000,full,"
        + "\"1.500-2.250 3.000-3.000\",\"2 frames, \"\"broken\"\" | too loud\"\r\n")
  }

  @Test("what is not known is empty")
  func unknown() throws {
    let file = SampleFile("b.mp3").with {
      $0.bytes = nil
      $0.seconds = nil
      $0.verdict = "rejected"
      $0.reasons = [("unreadable", "gone")]
    }
    #expect(
      CSVReport().row(for: try file.checked())
        == "b.mp3,text,rejected,unreadable,mp3,mp3,,,,,,,,structure,,gone\r\n")
  }

  @Test("a report is not written over another unless that is asked for")
  func replacing() throws {
    let scratch = try Scratch()
    let path = try scratch.file("report.csv", [1])
    #expect(throws: FileError.self) { try CSVReport().write([], to: path, replacing: false) }
    #expect(try bytes(of: path) == [1])
    try CSVReport().write([], to: path, replacing: true)
    #expect(try bytes(of: path) == Array(CSVReport().header.utf8))
    #expect(try scratch.contents() == ["report.csv"])
  }
}
