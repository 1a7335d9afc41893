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
      (EFBIG, "larger than", .fileTooLarge), (EISDIR, "is a folder", .isFolder), (EEXIST, "already exists", .exists),
      (EIO, "Input/output error", .system),
    ])
  func words(number: Int32, words: String, code: FileError.Code) {
    let error = FileError(errno: number, path: "/tmp/a/cover.mp3", doing: "write")
    #expect(error.code == code && error.errno == number)
    #expect(error.underlying != nil && FileError(code, path: "/tmp/a/cover.mp3").underlying == nil)
    #expect(error.description.contains(words), "\(error)")
    if code != .notPermitted { #expect(!error.description.contains("permission")) }
  }

  @Test("a path through a file names that file, one into nothing the folder, one into what takes none says so")
  func above() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let folder = scratch.root
    _ = FileManager.default.createFile(atPath: folder + "/file", contents: nil)
    func error(_ path: String) -> FileError {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
      let reason = errno
      if descriptor >= 0 { close(descriptor) }
      return FileError(errno: reason, path: path, doing: "create")
    }
    let through = error(folder + "/file/cover.mp3")
    #expect(through.code == .notFolder && through.description.contains("'\(folder)/file' is a file"), "\(through)")
    let into = error(folder + "/none/cover.mp3")
    #expect(into.code == .folderMissing && into.description.contains("'\(folder)/none' does not exist"), "\(into)")
    #if os(Linux)
      let proc = error("/proc/cover.mp3")
      #expect(!proc.description.contains("does not exist"), "\(proc)")
    #endif
    unsafe symlink(folder + "/b", folder + "/a")
    unsafe symlink(folder + "/a", folder + "/b")
    #expect(error(folder + "/a").code == .linkLoop)
    let long = error(folder + "/" + String(repeating: "n", count: 300))
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
    @Test("a folder that is there and takes no files is not told as missing", arguments: [false, true])
    func takesNone(isNameless: Bool) throws {
      do throws(FileError) {
        _ = try TemporaryFile(for: "/proc/x.mp3", replacing: false, isNameless: isNameless)
        Issue.record("/proc took a file")
      } catch {
        #expect(error.description.contains("'/proc' takes no new files; name another place"), "\(error)")
      }
    }
  #endif

  @Test("what is missing, and what is a file where a folder should be")
  func others() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let folder = scratch.root
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
    #expect(
      refusal(folder + "/none/x.mp3")?.hasSuffix("the folder '\(folder)/none' does not exist; create it first") == true)
    #expect(refusal(folder + "/file/x.mp3")?.contains("'\(folder)/file' is a file and no folder") == true)
    #expect(refusal(folder + "/file/a/x.mp3")?.contains("'\(folder)/file' is a file and no folder") == true)
  }
}
