import Foundation
import Platform
import Testing

@Suite("Why no file could be made")
struct FileErrorTests {
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
        #expect(error.description == "/proc/x.mp3: the folder '/proc' takes no new files; name another output")
      }
    }
  #endif

  @Test("what is missing, and what is a file where a folder should be")
  func others() throws {
    let folder = NSTemporaryDirectory() + "reprise-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
    #expect(
      refusal(folder + "/none/x.mp3")?.hasSuffix("the folder '\(folder)/none' does not exist; create it first") == true)
    #expect(refusal(folder + "/file/x.mp3")?.contains("'\(folder)/file' is a file, not a folder") == true)
    #expect(refusal(folder + "/file/a/x.mp3")?.contains("'\(folder)/file' is a file, not a folder") == true)
  }
}
