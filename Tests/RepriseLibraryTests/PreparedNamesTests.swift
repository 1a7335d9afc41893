import RepriseSystem
import TestSupport
import Testing

import RepriseLibrary

@Suite("Names of prepared files")
struct PreparedNamesTests {
  @Test(
    "a file of a list keeps its path, without what leads elsewhere, and every byte can be written",
    arguments: [
      ("a/b.c.wav", "a", "b.c", ".wav"), ("/abs/x.wav", "abs", "x", ".wav"), ("../../x.wav", "", "x", ".wav"),
      ("a/../../b/./x", "b", "x", ""), (".reprise/work/x.wav", "_reprise/work", "x", ".wav"),
      ("Manifest.csv/x.wav", "_manifest.csv", "x", ".wav"), ("a/manifest.csv", "a", "manifest", ".csv"),
      ("a.MP3/b.flac/c.wave/x.wav", "a.MP3_/b.flac_/c.wave", "x", ".wav"), (".hidden", "", ".hidden", ""),
      ("caf\u{E9}/\u{FFFD}.wav", "caf\u{E9}", "%EF%BF%BD", ".wav"),
    ])
  func listed(path: String, directory: String, stem: String, suffix: String) throws {
    let location = try PreparedNames(arguments: [], hasLists: true).location(of: RawPath(path))
    #expect((location.directory, location.stem, location.suffix) == (directory, stem, suffix))
  }

  @Test("bytes that are not UTF-8 are written as digits, and what is around them stays")
  func raw() throws {
    let path = RawPath(Array("a".utf8) + [0xFF, 0xC3] + Array("\u{E9}.wav".utf8))
    let location = try PreparedNames(arguments: [], hasLists: true).location(of: path)
    #expect(location.stem == "a%FF%C3\u{E9}")
  }

  @Test("names that are too long are shortened to different ones, the same each time")
  func long() throws {
    let names = try PreparedNames(arguments: [], hasLists: true)
    let long = String(repeating: "\u{E9}", count: 124)
    let stems = try ["a", "b", "a"].map {
      try PreparedNames.stem(of: names.location(of: RawPath(long + $0 + ".wav")), choice: 0)
    }
    #expect(stems[0] == stems[2] && stems[0] != stems[1])
    try #require(!stems.isEmpty)
    #expect(stems.allSatisfy { $0.utf8.count <= 240 && $0.hasPrefix("\u{E9}\u{E9}") })
  }

  @Test("one directory is left out of the places, several of one name are distinguished")
  func roots() throws {
    let scratch = try Scratch()
    let directories = try ["one/music", "two/music"].map { name in
      let path = scratch.path(name)
      try Directories.make(path, mode: 0o755)
      return RawPath(path)
    }
    func location(_ arguments: [RawPath], _ root: RawPath) throws -> String {
      try PreparedNames(arguments: arguments, hasLists: false).location(of: root.appending(Array("a/x.wav".utf8)))
        .directory
    }
    #expect(try location([directories[0]], directories[0]) == "a")
    #expect(try location(directories, directories[0]) == "music/a")
    #expect(try location(directories, directories[1]) == "music-2/a")
  }
}
