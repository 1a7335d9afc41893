import RepriseCommand
import RepriseJobs
import Testing

@Suite("What is said of a manifest")
struct ManifestErrorTextTests {
  @Test("a manifest's mistakes are reported a line each, with what to do next, and the rest is counted")
  func manifest() throws {
    do {
      _ = try Manifest(
        bytes: Array(("path,output\na,b/\n" + String(repeating: "c\n", count: 20)).utf8), name: "runs.csv", path: nil,
        directory: "/")
      Issue.record("no error")
    } catch let error as ManifestError {
      let lines = ErrorPresentation.sentence(error).split(separator: "\n")
      #expect(lines.first == "runs.csv: line 2, column 3: 'output' names a directory; name a file")
      let second = try #require(lines.dropFirst().first)
      let advice = "a field with the separator in it requires quotes around it"
      #expect(String(second) == "runs.csv: line 3, column 1: has 1 field, the header has 2; \(advice)")
      #expect(lines.count == ManifestError.shown + 1 && lines.last == "runs.csv: and 1 more")
      #expect(ErrorPresentation.of(error)?.status == .usage)
    }
  }

  @Test(
    "a manifest that is not UTF-8 is to be saved as that",
    arguments: [[0xFF, 0xFE] as [UInt8], Array("path\n".utf8)])
  func encoding(beginning: [UInt8]) throws {
    let error = #expect(throws: ManifestError.self) {
      _ = try Manifest(bytes: beginning + [0xE9, 0x0A], name: "runs.csv", path: nil, directory: "/")
    }
    let sentence = ErrorPresentation.sentence(try #require(error))
    #expect(sentence.hasSuffix("; save it as UTF-8 (spreadsheets call it 'CSV UTF-8')"), "\(sentence)")
  }
}
