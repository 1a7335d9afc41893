import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("A file that takes its name only once it is whole")
struct TemporaryFileTests {
  private let scratch: Scratch
  private var directory: String { scratch.root }

  init() throws { scratch = try Scratch() }

  private func names() throws -> [String] { try scratch.contents() }

  private func write(
    _ text: String, to destination: String, replacing: Bool, commit: Bool, isNameless: Bool = false
  ) throws {
    let file = try TemporaryFile(for: destination, replacing: replacing, isNameless: isNameless)
    if isNameless { #expect(try names().allSatisfy { !$0.hasSuffix(".part") }) }
    try FileHandle(fileDescriptor: file.descriptor).write(contentsOf: Data(text.utf8))
    if commit { try file.commit() }
  }

  @Test("a committed file has its name, its bytes and an ordinary mode", arguments: [false, true])
  func committed(isNameless: Bool) throws {
    try write("whole", to: directory + "/a.txt", replacing: false, commit: true, isNameless: isNameless)
    #expect(try names() == ["a.txt"])
    #expect(try String(contentsOfFile: directory + "/a.txt", encoding: .utf8) == "whole")
    // What any new file gets under this umask.
    close(unsafe open(directory + "/b.txt", O_WRONLY | O_CREAT, 0o666))
    let modes = try ["/a.txt", "/b.txt"].map {
      try FileManager.default.attributesOfItem(atPath: directory + $0)[.posixPermissions] as? Int
    }
    #expect(modes[0] == modes[1])
  }

  @Test("a file that is given up leaves nothing behind", arguments: [false, true])
  func abandoned(isNameless: Bool) throws {
    try write("half", to: directory + "/a.txt", replacing: false, commit: false, isNameless: isNameless)
    #expect(try names() == [])
  }

  @Test("an existing file is refused at once, and kept, unless it may be replaced", arguments: [false, true])
  func existing(isNameless: Bool) throws {
    let path = directory + "/a.txt"
    try write("old", to: path, replacing: false, commit: true, isNameless: isNameless)
    #expect(throws: FileError(.exists, path: path)) {
      try write("new", to: path, replacing: false, commit: true, isNameless: isNameless)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try write("new", to: path, replacing: true, commit: true, isNameless: isNameless)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try names() == ["a.txt"])
  }

  @Test("a name that another process took meanwhile is not replaced", arguments: [false, true])
  func raced(isNameless: Bool) throws {
    let path = directory + "/a.txt"
    let file = try TemporaryFile(for: path, replacing: false, isNameless: isNameless)
    try Data("theirs".utf8).write(to: URL(fileURLWithPath: path))
    do {
      try file.commit()
      Issue.record("the other's file was replaced")
    } catch {
      #expect(error.code == .exists)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "theirs")
    #expect(try names() == ["a.txt"])
  }

  @Test("a missing directory, and a directory in the place of the file, are distinguished")
  func directories() throws {
    #expect(throws: FileError.self) { try write("x", to: directory + "/none/a.txt", replacing: false, commit: true) }
    do {
      _ = try TemporaryFile(for: directory + "/none/a.txt", replacing: false)
    } catch {
      #expect(error.code == .directoryMissing)
      #expect(error.description.contains("'\(directory)/none' does not exist"))
    }
    do {
      _ = try TemporaryFile(for: directory, replacing: true)
      Issue.record("a directory was taken for a file")
    } catch {
      #expect(error.code == .isDirectory)
    }
  }

  @Test(
    "a name of 255 bytes still works",
    arguments: [String(repeating: "n", count: 255), String(repeating: "é", count: 127)])
  func longName(_ name: String) throws {
    try write("x", to: directory + "/" + name, replacing: false, commit: true)
    #expect(try names() == [name])
  }
}
