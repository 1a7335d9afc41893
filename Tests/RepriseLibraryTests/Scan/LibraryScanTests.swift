import Foundation
import RepriseAudio
import RepriseLibrary
import SystemPackage
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("A scan of a library in this process", .timeLimit(.minutes(2)))
struct LibraryScanTests {
  /// Copies of a fixture in a tree.
  private func tree(_ names: [String], of name: String = "plain.wav") throws -> Scratch {
    let scratch = try Scratch()
    let content = try bytes(of: fixture(name))
    for name in names {
      let path = URL(filePath: scratch.path(name))
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content).write(to: path)
    }
    return scratch
  }

  private func scan(_ paths: [FilePath], _ options: LibraryScan.Options = .init()) async throws -> [LibraryScan.Element]
  {
    var found: [LibraryScan.Element] = []
    for try await file in LibraryScan(paths, options: options) { found.append(file) }
    return found
  }

  @Test("files come in the order of their paths' bytes, each once, whatever leads to them", arguments: [1, 3, 16])
  func order(width: Int) async throws {
    let names = ["B/z.wav", "a/2.wav", "a/10.wav", "a/é.wav", "a.wav", "z.wav", "a/b/c.wav", ".hidden.wav"]
    let scratch = try tree(names)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link"), withDestinationPath: scratch.path("a"))
    let root = FilePath(scratch.directory.path)
    let found = try await scan([root.appending("z.wav"), root, root.appending("a")], .init(width: width))
    let expected = names.filter { !$0.hasPrefix(".") }.map { scratch.path($0) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(found.map(\.path.string) == expected)
    #expect(found.allSatisfy { $0.inspection.format == .wav && $0.inspection.path == $0.path.string })
  }

  @Test(
    "inspections are those that inspect() makes of the same file",
    arguments: [
      (Inspection.Depth.structure, Inspection.Integrity.Checked.structure), (.samples, .full), (.loudness, .full),
    ])
  func depth(depth: Inspection.Depth, checked: Inspection.Integrity.Checked) async throws {
    let path = fixture("recording.mp3")
    let found = try #require(try await scan([FilePath(path)], .init(depth: depth)).first)
    let expected = await inspect(
      path: path, limits: AudioLimits(), deep: depth >= .samples, loudness: depth == .loudness)
    #expect(found.inspection == expected)
    #expect(found.inspection.integrity.checked == checked)
    #expect((found.inspection.loudness != nil) == (depth == .loudness))
  }

  @Test("broken files, and names that are missing, are reported and cost themselves")
  func broken() async throws {
    let scratch = try tree(["a.wav", "d.wav"])
    _ = try scratch.file("b.mp3", Array("no audio at all, whatever its name says\n".utf8))
    _ = try scratch.file("c.wav", Array(try bytes(of: fixture("plain.wav")).prefix(1000)))
    _ = try scratch.file("e.wav")
    let missing = FilePath(scratch.path("nowhere.wav"))
    let found = try await scan([FilePath(scratch.directory.path), missing])
    #expect(
      found.map { $0.path.lastComponent?.string } == ["a.wav", "b.mp3", "c.wav", "d.wav", "e.wav", "nowhere.wav"])
    let codes = found.map(\.inspection.failure?.code)
    #expect(codes == [nil, .notAudio, codes[2], nil, .empty, .missing])
    #expect(found[1].inspection.verdict == .rejected && found[2].inspection.integrity.damaged)
  }

  @Test("a directory that can't be read is reported where it stands in the order", .enabled(if: geteuid() != 0))
  func unreadable() async throws {
    let scratch = try tree(["a.wav", "b/1.wav", "c/1.wav"])
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: scratch.path("b"))
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path("b")) }
    let found = try await scan([FilePath(scratch.directory.path)])
    #expect(found.map(\.path.string) == [scratch.path("a.wav"), scratch.path("b"), scratch.path("c/1.wav")])
    #expect(found.map(\.inspection.failure?.code) == [nil, .notPermitted, nil])
  }

  @Test("a directory whose path is longer than the system takes is reported where it stands in the order")
  func deep() async throws {
    let scratch = try tree(["a.wav", "e.wav"])
    let name = String(repeating: "d", count: 250)
    var open = [systemOpen(scratch.directory.path, O_RDONLY | O_DIRECTORY)]
    defer {
      for directory in open.dropLast().reversed() { _ = unsafe unlinkat(directory, name, AT_REMOVEDIR) }
      for directory in open { close(directory) }
    }
    while open.count < 18, let last = open.last {
      _ = unsafe mkdirat(last, name, 0o755)
      open.append(unsafe openat(last, name, O_RDONLY | O_DIRECTORY))
    }
    let found = try await scan([FilePath(scratch.directory.path)])
    #expect(found.map(\.inspection.failure?.code) == [nil, .io, nil])
    #expect(found.count == 3 && found[1].path.string.hasPrefix(scratch.path(name)))
  }

  @Test("a link to a directory that links back is walked through once, and pipes are left alone")
  func links() async throws {
    let scratch = try tree(["a/x.wav"])
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("a/up"), withDestinationPath: scratch.directory.path)
    let isMade = unsafe mkfifo(scratch.path("a/pipe.wav"), 0o600) == 0
    try #require(isMade)
    #expect(try await scan([FilePath(scratch.directory.path)]).map(\.path.string) == [scratch.path("a/x.wav")])
  }

  @Test("patterns choose files and leave out files and directories")
  func patterns() async throws {
    let scratch = try tree(["a.wav", "b.flac", "old/c.wav", "new/d.wav"])
    let found = try await scan([FilePath(scratch.directory.path)], .init(included: ["*.wav"], excluded: ["old"]))
    #expect(found.map(\.path.string) == [scratch.path("a.wav"), scratch.path("new/d.wav")])
  }

  @Test("a name that is not UTF-8 keeps its bytes, and its inspection says them as text")
  func rawName() async throws {
    let scratch = try tree(["a.wav"])
    let raw = Array(scratch.path("b").utf8).map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xFF), 0]
    let isRenamed = unsafe rename(scratch.path("a.wav"), raw) == 0
    try #require(isRenamed)
    let found = try #require(try await scan([FilePath(scratch.directory.path)]).first)
    let expected = FilePath(platformString: raw)
    #expect(found.path == expected)
    #expect(found.inspection.path == scratch.path("b\u{FFFD}") && found.inspection.failure == nil)
  }

  @Test("who stops early leaves the rest alone")
  func early() async throws {
    let scratch = try tree((100..<400).map { "\($0).wav" })
    var names: [String?] = []
    for try await file in LibraryScan([FilePath(scratch.directory.path)], options: .init(depth: .samples, width: 2)) {
      names.append(file.path.lastComponent?.string)
      if names.count == 3 { break }
    }
    #expect(names == ["100.wav", "101.wav", "102.wav"])
    // What is not asked for is not looked at: files that are gone by then are told as missing.
    var iterator = LibraryScan([FilePath(scratch.directory.path)], options: .init(width: 2)).makeAsyncIterator()
    _ = try await iterator.next()
    for number in 200..<400 { try FileManager.default.removeItem(atPath: scratch.path("\(number).wav")) }
    var missing = 0
    while let file = try await iterator.next() { missing += file.inspection.failure?.code == .missing ? 1 : 0 }
    #expect(missing == 200)
    #expect(try await iterator.next() == nil)
  }

  @Test("a task that is cancelled ends with an error, not as if all had been reported")
  func cancelled() async throws {
    let scratch = try tree((0..<200).map { "\($0).wav" })
    let path = FilePath(scratch.directory.path)
    let (reports, report) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      for try await _ in LibraryScan([path], options: .init(width: 1)) {
        report.yield()
        // Goes on once it is cancelled.
        try? await Task.sleep(for: .seconds(60))
      }
    }
    for await _ in reports { break }
    task.cancel()
    let error = await #expect(throws: ScanError.self) { try await task.value }
    #expect(error?.code == .cancelled)
  }

  @Test("nothing is nothing, and two iterations of one scan tell the same")
  func twice() async throws {
    #expect(try await scan([]).isEmpty)
    let scratch = try tree(["a.wav", "b.wav"])
    let scan = LibraryScan([FilePath(scratch.directory.path)])
    for _ in 0..<2 {
      var count = 0
      for try await file in scan {
        #expect(file.inspection.verdict == .ready || file.inspection.verdict == .preparable)
        count += 1
      }
      #expect(count == 2)
    }
  }

  @Test("a program that is no worker is an error with its name")
  func noWorker() async throws {
    let scratch = try tree(["a.wav"])
    for program: FilePath in ["/nowhere/reprise", "/bin/false"] {
      let error = await #expect(throws: ScanError.self) {
        try await scan([FilePath(scratch.directory.path)], .init(isolation: .workers(executable: program)))
      }
      #expect(error?.code == .noWorker)
    }
  }
}

/// `open(2)` beside a variable of its name.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { unsafe open(path, flags) }
