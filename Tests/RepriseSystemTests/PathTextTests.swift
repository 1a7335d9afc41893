import RepriseSystem
import Testing

@Suite("The parts of a path")
struct PathTextTests {
  @Test(
    "directory, name and stem, paths of one character among them",
    arguments: [
      ("x", ".", "x", "x"), ("", ".", "", ""), ("/", ".", "", ""), ("/x", "/", "x", "x"), ("a/b", "a", "b", "b"),
      ("a//b.wav", "a", "b.wav", "b"), ("/a/b/c.d.wav/", "/a/b", "c.d.wav", "c.d"),
      (".hidden", ".", ".hidden", ".hidden"),
      ("a/é.mp3", "a", "é.mp3", "é"), ("dir.d/name", "dir.d", "name", "name"),
    ])
  func parts(path: String, directory: String, name: String, stem: String) {
    #expect(PathText.directory(of: path) == directory)
    #expect(PathText.name(of: path) == name)
    #expect(PathText.stem(of: path) == stem)
  }

  @Test("a relative path is made absolute, an absolute one is kept")
  func absolute() {
    #expect(PathText.absolute("x", in: "/f") == "/f/x")
    #expect(PathText.absolute("/x", in: "/f") == "/x")
  }
}
