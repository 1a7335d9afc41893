import Foundation
import RepriseSystem
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("The system's numbers in words")
struct FileErrorTests {
  @Test(
    "each says what is so, and what can be done about it",
    arguments: [
      (EROFS, "read-only", FileError.Code.readOnly), (ENOSPC, "the disk is full", .diskFull),
      (EDQUOT, "quota", .quotaUsedUp), (EACCES, "no permission", .notPermitted),
      (EPERM, "no permission", .notPermitted),
      (ENAMETOOLONG, "longer than", .nameTooLong), (ELOOP, "symbolic links", .linkLoop),
      (EMFILE, "this program has as many files open", .tooManyOpen),
      (ENFILE, "the system has as many files open", .tooManyOpen),
      (EFBIG, "larger than", .fileTooLarge), (EISDIR, "is a directory", .isDirectory),
      (EEXIST, "already exists", .exists),
      (EIO, "Input/output error", .system),
    ])
  func message(number: Int32, message: String, code: FileError.Code) {
    let error = FileError(errno: number, path: "/tmp/a/cover.mp3", doing: "write")
    #expect(error.code == code && error.errno == number)
    #expect(error.underlying != nil && FileError(code, path: "/tmp/a/cover.mp3").underlying == nil)
    #expect(error.description.contains(message), "\(error)")
    if code != .notPermitted { #expect(!error.description.contains("permission")) }
  }

  @Test("a path through a file names that file, one into nothing the directory, one into what takes none says so")
  func above() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    _ = FileManager.default.createFile(atPath: directory + "/file", contents: nil)
    func error(_ path: String) -> FileError {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
      let reason = errno
      if descriptor >= 0 { close(descriptor) }
      return FileError(errno: reason, path: path, doing: "create")
    }
    let through = error(directory + "/file/cover.mp3")
    #expect(
      through.code == .notDirectory && through.description.contains("'\(directory)/file' is a file"), "\(through)")
    let into = error(directory + "/none/cover.mp3")
    #expect(
      into.code == .directoryMissing && into.description.contains("'\(directory)/none' does not exist"), "\(into)")
    #if os(Linux)
      let proc = error("/proc/cover.mp3")
      #expect(!proc.description.contains("does not exist"), "\(proc)")
    #endif
    unsafe symlink(directory + "/b", directory + "/a")
    unsafe symlink(directory + "/a", directory + "/b")
    #expect(error(directory + "/a").code == .linkLoop)
    let long = error(directory + "/" + String(repeating: "n", count: 300))
    #expect(long.code == .nameTooLong)
    for doing in ["read", "open", "remove", "lock"] {
      #expect(FileError(errno: ENOENT, path: "/x/y", doing: doing).code == .missing)
    }
  }
}

@Suite("Why no file could be made")
struct UnmadeFileTests {
  private func refusal(_ path: String) -> String? {
    do throws(FileError) {
      _ = try TemporaryFile(for: path, replacing: false)
      return nil
    } catch {
      return error.description
    }
  }

  #if os(Linux)
    @Test("a directory that is there and takes no files is not reported as missing", arguments: [false, true])
    func takesNone(isNameless: Bool) throws {
      do throws(FileError) {
        _ = try TemporaryFile(for: "/proc/x.mp3", replacing: false, isNameless: isNameless)
        Issue.record("/proc took a file")
      } catch {
        #expect(error.description.contains("'/proc' takes no new files; name another directory"), "\(error)")
      }
    }
  #endif

  @Test("what is missing, and what is a file where a directory should be")
  func others() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
    #expect(
      refusal(directory + "/none/x.mp3")?.hasSuffix("the directory '\(directory)/none' does not exist; create it first")
        == true)
    #expect(refusal(directory + "/file/x.mp3")?.contains("'\(directory)/file' is a file and not a directory") == true)
    #expect(refusal(directory + "/file/a/x.mp3")?.contains("'\(directory)/file' is a file and not a directory") == true)
  }
}
