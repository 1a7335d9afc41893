import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("The report of a library", .startsProcesses)
struct ValidateReportTests {
  private static var fpcalcIsThere: Bool {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return directories.contains { FileManager.default.isExecutableFile(atPath: "\($0)/fpcalc") }
  }

  /// The data inside a page, as its script reads it.
  private func data(ofPageAt path: String) throws -> [String: Any] {
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let text = page[start.upperBound..<end.lowerBound]
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// Returns a page's groups, as the paths of the rows that they contain.
  private func groups(_ name: String, _ data: [String: Any]) throws -> [[String]] {
    let rows = try #require(data["files"] as? [[Any]])
    let groups = try #require(data[name] as? [[Int]])
    return groups.map { group in group.map { rows[$0].first as? String ?? "" } }
  }

  /// A library in which files that are no audio stand before, between and behind those that are the same.
  private func library() throws -> Command {
    let command = try Command()
    let files = [
      ("0.mp3", "text.mp3"), ("1.mp3", "cbr.mp3"), ("2.mp3", "mpeg-2.mp3"), ("3.mp3", "empty.wav"),
      ("4\u{202E}.mp3", "cbr.mp3"), ("5.mp3", "recording.mp3"), ("6.mp3", "empty.wav"), ("7.mp3", "mpeg-2.mp3"),
      ("8.mp3", "cbr.mp3"),
    ]
    for (name, fixture) in files {
      let path = command.path(name)
      if fixture == "text.mp3" {
        try Data("no audio".utf8).write(to: URL(filePath: path))
      } else {
        try FileManager.default.copyItem(atPath: Command.fixtures + "/" + fixture, toPath: path)
      }
    }
    return command
  }

  @Test("the page's groups name the rows of the same audio, whatever stands between them", arguments: ["1", "4"])
  func sameAudio(jobs: String) async throws {
    let command = try library()
    defer { command.clean() }
    let result = try await command.run(
      "validate", "--json", "--jobs", jobs, "--report", command.path("page.html"), "--include", "*.mp3", ".")
    #expect(result.status == 1)
    let data = try data(ofPageAt: command.path("page.html"))
    #expect((data["files"] as? [[Any]])?.count == 9)
    #expect(
      try groups("same", data) == [["./1.mp3", "./4\\u{202e}.mp3", "./8.mp3"], ["./2.mp3", "./7.mp3"]])
    #expect(data["near"] == nil)
  }

  @Test("without a look for them, the page tells of no groups")
  func notLooked() async throws {
    let command = try library()
    defer { command.clean() }
    _ = try await command.run(
      "validate", "-q", "--no-duplicates", "--report", command.path("page.html"), "--include", "*.mp3", ".")
    #expect(try data(ofPageAt: command.path("page.html"))["same"] == nil)
  }

  @Test(
    "with --near the page's groups name the rows of nearly the same audio too",
    .enabled(if: fpcalcIsThere, "fpcalc is missing: scripts/setup --test"))
  func nearlyTheSame() async throws {
    let command = try library()
    defer { command.clean() }
    let prepared = try await command.run(
      "prepare", command.path("5.mp3"), "--format", "flac", "-o", command.path("90.flac"))
    #expect(prepared.status == 0, "\(prepared.messages)")
    _ = try await command.run(
      "validate", "-q", "--near", "--report", command.path("page.html"), "--exclude", "state", ".")
    let data = try data(ofPageAt: command.path("page.html"))
    #expect(try groups("near", data) == [["./5.mp3", "./90.flac"]])
    #expect(try groups("same", data).count == 2)
  }
}
