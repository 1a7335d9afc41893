import Foundation
import TestSupport
import RepriseJobs
import Testing

@Suite("A manifest and the files it names")
struct ManifestFilesTests {
  /// A directory with files of these texts.
  private func scratch(_ files: [String: Data]) throws -> Scratch {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path("lists"), withIntermediateDirectories: true)
    for (name, data) in files { try data.write(to: URL(fileURLWithPath: scratch.path(name))) }
    return scratch
  }

  @Test(
    "names are relative to the manifest's own directory, also those of texts; its path is the same from everywhere")
  func relative() async throws {
    let scratch = try scratch([
      "lists/runs.csv": Data("path,prompt,lyrics\n../a.wav,@style.txt,@../words.txt\nb.wav,@@home,\n".utf8),
      "lists/style.txt": Data("\u{FEFF}warm folk\r\n".utf8), "words.txt": Data("[Verse]\r\nla la\r\n\r\n".utf8),
    ])
    defer { scratch.remove() }
    let directory = scratch.root
    let manifest = try await Manifest.read(directory + "/lists/runs.csv")
    let real = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
    #expect(manifest.path == real + "/lists/runs.csv")
    #expect(try await Manifest.read(directory + "/lists/../lists/./runs.csv").path == manifest.path)
    #expect(manifest.rows.map(\.path) == [real + "/lists/../a.wav", real + "/lists/b.wav"])
    #expect(manifest.rows.map(\.prompt) == ["warm folk", "@home"])
    #expect(manifest.rows.first?.lyrics == "[Verse]\r\nla la")
  }

  @Test("texts that are missing, empty, too long, no UTF-8, directories or pipes are all reported before anything runs")
  func badTexts() async throws {
    let scratch = try scratch([
      "runs.jsonl": Data(
        ["none", "empty", "long", "latin", "lists", "pipe", ""].map { "{\"path\": \"a\", \"lyrics\": \"@\($0)\"}\n" }
          .joined().utf8),
      "empty": Data("\n".utf8), "long": Data(count: TextFile.largest + 1), "latin": Data([0x61, 0xE9]),
    ])
    defer { scratch.remove() }
    let directory = scratch.root
    try #require(unsafe mkfifo(directory + "/pipe", 0o600) == 0)
    do {
      _ = try await Manifest.read(directory + "/runs.jsonl")
      Issue.record("no error")
    } catch let error as ManifestError {
      #expect(error.problems.map(\.line) == [1, 2, 3, 4, 5, 6, 7])
      let faults: [(String, ManifestProblem.Fault.TextFault)] = [
        ("none", .unreadable), ("empty", .empty), ("long", .tooLong(limit: TextFile.largest)), ("latin", .notUTF8),
        ("lists", .unreadable), ("pipe", .unreadable), ("", .unreadable),
      ]
      #expect(error.problems.map(\.fault) == faults.map { .text(column: "lyrics", file: $0.0, $0.1) })
    }
  }

  private static let hostile = [
    "plain.wav", "a,b;c\td.wav", "say \"hi\".wav", "\"", "two\nlines.wav", "dos\r\nlines.wav", "cr\r.wav", " spaces ",
    "e\u{301}.wav", "é.wav", "\u{301}first.wav", "\"\u{301}.wav", "日本語/かな.wav", "🎵.flac", "back\\slash", "-x", "@y",
    "{", "sep=;", "path", "u2028\u{2028}x", "nel\u{85}x", "\u{1}\u{1F}\u{7F}", "'=1+1",
  ]

  @Test("what is written is read back, scalar for scalar, in both forms", arguments: ManifestWriter.Form.allCases)
  func roundTrip(form: ManifestWriter.Form) throws {
    let writer = ManifestWriter(form)
    let entries = Self.hostile.enumerated().map { index, name in
      ManifestWriter.Entry(path: name, prompt: name, lyrics: index % 2 == 0 ? name : nil, output: "\(index)-" + name)
    }
    let text = writer.header + (try entries.map(writer.line).joined())
    let rows = try Manifest(bytes: Array(text.utf8), name: "written", path: nil, directory: "/f").rows
    #expect(rows.count == entries.count)
    for (row, entry) in zip(rows, entries) {
      #expect(Array(row.shownPath.utf8) == Array(entry.path.utf8))
      #expect(row.prompt.map { Array($0.utf8) } == entry.prompt.map { Array($0.utf8) })
      #expect(row.lyrics.map { Array($0.utf8) } == entry.lyrics.map { Array($0.utf8) })
      #expect(row.output.map { Array($0.utf8) } == entry.output.map { Array("/f/\($0)".utf8) })
    }
  }

  @Test("others' readers see the same: each line of JSON Lines by Foundation")
  func foundation() throws {
    for name in Self.hostile {
      let line = try ManifestWriter(.jsonLines).line(for: .init(path: name))
      let object = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
      #expect(object["path"].map { Array($0.utf8) } == Array(name.utf8))
      #expect(line.split(whereSeparator: \.isNewline).count == 1)
    }
  }

  @Test("names that no manifest can hold are refused: empty, with a zero byte, not UTF-8")
  func unwritable() {
    for name in ["", "a\0b", "caf\u{FFFD}.wav"] {
      for form in ManifestWriter.Form.allCases {
        #expect(throws: ManifestWriter.Unwritable.self) { try ManifestWriter(form).line(for: .init(path: name)) }
      }
    }
  }
}
