import RepriseSystem
import Testing

@Suite("Counts in words")
struct CountedTests {
  @Test("one is singular, none and many are plural", arguments: [(0, "0 files"), (1, "1 file"), (2, "2 files")])
  func files(count: Int, wanted: String) { #expect(counted(count, "file") == wanted) }

  @Test("a plural of its own, and a number written otherwise")
  func own() {
    #expect(counted(1, "file was", "files were") == "1 file was")
    #expect(counted(3, "file was", "files were") == "3 files were")
    #expect(counted(1200, "file") { "\($0 / 1000),\($0 % 1000)" } == "1,200 files")
  }
}
