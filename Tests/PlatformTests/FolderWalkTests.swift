import Foundation
import Platform
import Testing

@Suite("The files below a folder")
struct FolderWalkTests {
  @Test("odd names are found, hidden ones and circles left out, unreadable folders told")
  func walk() throws {
    let folder = NSTemporaryDirectory() + "reprise-walk-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Folders.make(folder + "/a/b", mode: 0o755)
    for name in ["x.wav", "a/new\nline.mp3", "a/b/é.flac", ".hidden", "a/.secret"] {
      try Data([1]).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    // No String holds this name, so the system's own call makes the file.
    let raw = Array((folder + "/bad").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    let descriptor = unsafe open(raw, O_WRONLY | O_CREAT, 0o644)
    #expect(descriptor >= 0)
    close(descriptor)
    try FileManager.default.createSymbolicLink(atPath: folder + "/a/circle", withDestinationPath: folder)
    try FileManager.default.createSymbolicLink(atPath: folder + "/link.wav", withDestinationPath: "x.wav")

    let walk = FolderWalk(folder) {}
    let names = Set(walk.files.map { String($0.dropFirst(folder.count + 1)) })
    #expect(names == ["x.wav", "link.wav", "a/new\nline.mp3", "a/b/é.flac", "bad\u{FFFD}"])
    #expect(walk.failures.isEmpty)
    #expect(FolderWalk(folder + "/none") {}.failures.map(\.code) == [.missing])
  }

  @Test("two paths to one file are one file")
  func identity() throws {
    let folder = NSTemporaryDirectory() + "reprise-identity-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Folders.make(folder, mode: 0o700)
    try Data([1]).write(to: URL(fileURLWithPath: folder + "/x"))
    try Data([1]).write(to: URL(fileURLWithPath: folder + "/y"))
    try FileManager.default.createSymbolicLink(atPath: folder + "/z", withDestinationPath: "x")
    #expect(FileIdentity(at: folder + "/x") == FileIdentity(at: folder + "/z"))
    #expect(FileIdentity(at: folder + "/x") != FileIdentity(at: folder + "/y"))
    #expect(FileIdentity(at: folder + "/none") == nil)
  }
}
