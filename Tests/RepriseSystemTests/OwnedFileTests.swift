import Foundation
import RepriseSystem
import Testing

@Suite("An open file")
struct OwnedFileTests {
  let directory: String

  init() throws {
    directory = NSTemporaryDirectory() + "reprise-file-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  private func file(_ bytes: [UInt8]) throws -> String {
    let path = directory + "/file"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The code of the error that opening for reading ends with.
  private func code(_ path: String) -> FileError.Code? {
    do throws(FileError) {
      _ = try OwnedFile(reading: path)
      return nil
    } catch { return error.code }
  }

  @Test("only a regular file is opened for reading, and a pipe without a writer makes nobody wait")
  func refusing() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    unsafe mkfifo(directory + "/pipe", 0o600)
    let found = [directory + "/none", directory, directory + "/pipe", "/dev/null"].map(code)
    #expect(found == [.missing, .isDirectory, .special, .special])
    #expect(code(try file([1])) == nil)
  }

  @Test("reading at an offset gives what is there, up to the end", arguments: [(0, 3), (2, 3), (4, 3), (5, 3), (0, 0)])
  func placed(offset: Int, count: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let all: [UInt8] = [1, 2, 3, 4, 5]
    let opened = try OwnedFile(reading: try file(all))
    let got = try opened.bytes(at: offset, count: count)
    #expect(got == Array(all.dropFirst(offset).prefix(count)))
  }

  @Test("a block that must be filled is not, behind the end")
  func exactly() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let opened = try OwnedFile(reading: try file([1, 2, 3]))
    var block: [UInt8] = [0, 0]
    try opened.read(exactly: &block, at: 1)
    #expect(block == [2, 3])
    var number: Int32 = 0
    do throws(FileError) { try opened.read(exactly: &block, at: 2) } catch { number = error.errno }
    #expect(number == EIO)
  }

  @Test("a name that is no UTF-8 is opened by its bytes")
  func raw() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = RawPath(Array(directory.utf8) + [UInt8(ascii: "/"), 0xFF])
    let descriptor = unsafe path.withCString { unsafe open($0, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
    // Some file systems take no such names.
    guard descriptor >= 0 else { return }
    close(descriptor)
    let opened = try OwnedFile(reading: path)
    let count = try opened.status().byteCount
    #expect(count == 0)
  }

  @Test("what is written is there, in order and at its offset, and the offset advances")
  func writing() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = directory + "/new"
    do {
      let made = try OwnedFile(creating: path)
      try made.write([1, 2, 3])
      try made.write([4])
      var offset = 2
      try made.write([9, 8, 7][...], at: &offset)
      let (position, status) = (try made.position(), try made.status())
      #expect(offset == 5 && position == 4 && status.byteCount == 5 && status.kind == .regular)
      try made.truncate(to: 4)
      try made.sync()
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 9, 8]))
    let again = #expect(throws: FileError.self) { _ = try OwnedFile(creating: path) }
    #expect(again?.code == .exists)
  }

  @Test("a link is not followed where none may be")
  func links() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let target = try file([1])
    try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: target)
    let refused = #expect(throws: FileError.self) {
      _ = try OwnedFile(openingOrCreating: directory + "/link", followingLinks: false)
    }
    #expect(refused?.code == .linkLoop)
    let opened = try OwnedFile(openingOrCreating: directory + "/link")
    let count = try opened.status().byteCount
    #expect(count == 1)
  }

  @Test("a lock keeps others out until its file is closed")
  func locking() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = try file([])
    let second = try OwnedFile(openingOrCreating: path)
    do {
      let first = try OwnedFile(openingOrCreating: path)
      let (ours, theirs) = (try first.lock(isWaiting: false), try second.lock(isWaiting: false))
      #expect(ours && !theirs)
    }
    let freed = try second.lock(isWaiting: false)
    #expect(freed)
  }

  @Test("a lock ends with its file, although a process that is being started has a copy of the descriptor")
  func lockCopied() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = try file([])
    var copy: Int32 = -1
    do {
      let first = try OwnedFile(openingOrCreating: path)
      let isLocked = try first.lock(isWaiting: false)
      #expect(isLocked)
      copy = dup(first.descriptor)
    }
    defer { close(copy) }
    let second = try OwnedFile(openingOrCreating: path)
    let isFree = try second.lock(isWaiting: false)
    #expect(copy >= 0)
    #expect(isFree)
  }
}
