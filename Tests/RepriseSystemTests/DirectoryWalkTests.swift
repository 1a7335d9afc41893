import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("The files below a directory")
struct DirectoryWalkTests {
  @Test("odd names are found, hidden ones and circles left out, unreadable directories reported")
  func walk() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try Directories.make(directory + "/a/b", mode: 0o755)
    for name in ["x.wav", "a/new\nline.mp3", "a/b/é.flac", ".hidden", "a/.secret"] {
      try Data([1]).write(to: URL(fileURLWithPath: directory + "/" + name))
    }
    // No String holds this name, so the system's own call makes the file.
    let raw = Array((directory + "/bad").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    let descriptor = unsafe open(raw, O_WRONLY | O_CREAT, 0o644)
    #expect(descriptor >= 0)
    close(descriptor)
    try FileManager.default.createSymbolicLink(atPath: directory + "/a/circle", withDestinationPath: directory)
    try FileManager.default.createSymbolicLink(atPath: directory + "/link.wav", withDestinationPath: "x.wav")

    let (names, failures) = found(in: directory)
    // In the order of whole paths: what is in "a" comes before "b".
    var expected: [[UInt8]] = ["a/b/é.flac", "a/new\nline.mp3"].map { Array($0.utf8) }
    expected.append(Array("bad".utf8) + [0xFF])
    expected += ["link.wav", "x.wav"].map { Array($0.utf8) }
    #expect(names == expected)
    #expect(failures.isEmpty)
    #expect(found(in: directory + "/none").failures.map(\.code) == [.missing])
  }

  /// The paths below a directory, and what could not be read.
  private func found(
    in directory: String, rules: DirectoryWalk.Rules = DirectoryWalk.Rules()
  ) -> (names: [[UInt8]], failures: [FileError]) {
    var walk = DirectoryWalk(RawPath(directory), rules: rules)
    var (names, failures): ([[UInt8]], [FileError]) = ([], [])
    while let step = walk.next() {
      switch step {
      case .file(let path, let stamp):
        #expect(stamp != nil)
        names.append(Array(path.bytes.dropFirst(directory.utf8.count + 1)))
      case .special: continue
      case .unreadable(let error): failures.append(error)
      }
    }
    return (names, failures)
  }

  @Test("patterns choose by name and by path, and links are followed once, to where the walk does not come by itself")
  func rules() throws {
    let (scratch, other) = (try Scratch(), try Scratch())
    defer { for scratch in [scratch, other] { scratch.remove() } }
    let (directory, elsewhere) = (scratch.root, other.root)
    try Directories.make(directory + "/a/.kept", mode: 0o755)
    try Directories.make(elsewhere + "/deep", mode: 0o755)
    for path in [
      directory + "/a!.mp3", directory + "/a/1.mp3", directory + "/a/2.wav", directory + "/a/.kept/3.mp3",
      directory + "/b.mp3",
      elsewhere + "/deep/4.mp3",
    ] {
      try Data([1]).write(to: URL(fileURLWithPath: path))
    }
    for (name, target) in [
      ("l1", elsewhere), ("l2", elsewhere), ("l3", directory + "/a"), ("l4", directory + "/a/.kept"), ("a/up", ".."),
    ] {
      try FileManager.default.createSymbolicLink(atPath: directory + "/" + name, withDestinationPath: target)
    }
    try FileManager.default.createSymbolicLink(atPath: elsewhere + "/deep/circle", withDestinationPath: elsewhere)
    func names(_ change: (inout DirectoryWalk.Rules) -> Void) -> [String] {
      var rules = DirectoryWalk.Rules()
      change(&rules)
      return found(in: directory, rules: rules).names.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(names { _ in } == ["a!.mp3", "a/1.mp3", "a/2.wav", "b.mp3"])
    #expect(
      names { $0.followsLinks = true } == ["a!.mp3", "a/1.mp3", "a/2.wav", "b.mp3", "l1/deep/4.mp3", "l4/3.mp3"])
    #expect(names { $0.included = ["*.wav", "a/1*"] } == ["a/1.mp3", "a/2.wav"])
    #expect(names { $0.excluded = ["a"] } == ["a!.mp3", "b.mp3"])
    #expect(
      names {
        $0.included = ["*.mp3"]
        $0.excluded = ["a/*", "[b]*"]
      } == ["a!.mp3"])
  }

  @Test("two paths to one file are one file")
  func identity() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try Directories.make(directory, mode: 0o700)
    try Data([1]).write(to: URL(fileURLWithPath: directory + "/x"))
    try Data([1]).write(to: URL(fileURLWithPath: directory + "/y"))
    try FileManager.default.createSymbolicLink(atPath: directory + "/z", withDestinationPath: "x")
    #expect(FileIdentity(at: directory + "/x") == FileIdentity(at: directory + "/z"))
    #expect(FileIdentity(at: directory + "/x") != FileIdentity(at: directory + "/y"))
    #expect(FileIdentity(at: directory + "/none") == nil)
  }
}
