import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("A preparation of a library that is killed, stopped or out of room", .enabled(if: KillPoint.isPossible))
struct ValidatePrepareFaultTests {
  @Test(
    "killed before and after syncs, namings and removals, and run again, it makes what an undisturbed run makes",
    .timeLimit(.minutes(10)))
  func killed() async throws {
    let library = try PreparedLibrary(.process)
    defer { library.command.clean() }
    try library.fill()
    #expect(try await library.run("--jobs", "1").status == 1)
    let whole = try library.made()
    #expect(whole.count == 5)
    let point = try await KillPoint(in: library.command.path("state"))
    let arguments = [
      "validate", "music", "--prepare-to", "other", "--max-bytes", "30000", "--jobs", "1", "--no-cache",
    ]
    // Every point by itself would be right; every third takes a third of the time.
    let stride = ProcessInfo.processInfo.environment["REPRISE_KILLS"] == nil ? 3 : 1
    var at = 0
    var found: Set<Int> = []
    while true {
      try? FileManager.default.removeItem(atPath: library.command.path("other"))
      let killed = try await library.command.run(list: arguments, environment: point.environment(at))
      guard killed.status == 9 else {
        #expect(killed.status == 1, "\(killed.messages)")
        break
      }
      let outputs = try library.made(in: "other").filter { !$0.key.hasPrefix(".reprise") }
      #expect(outputs.allSatisfy { whole[$0.key] == $0.value }, "at \(at)")
      found.insert(outputs.count)
      let last = try await library.command.run(list: arguments)
      #expect(last.status == 1, "at \(at): \(last.messages)")
      let already = outputs.keys.count { $0 != "manifest.csv" }
      #expect(last.messages.contains("\(4 - already) prepared, \(already) already"), "at \(at): \(last.messages)")
      #expect(try library.made(in: "other") == whole, "at \(at)")
      #expect(try library.isTidy("other"), "at \(at)")
      at += stride
    }
    // With nothing named, some of it, all but the manifest, and all.
    #expect(found.isSuperset(of: [0, 2, 4, 5]), "\(found) of \(at) points")
  }

  @Test("Ctrl-C ends it with 130 and words; a second run at the same time is refused", .timeLimit(.minutes(10)))
  func interrupted() async throws {
    let library = try PreparedLibrary(.process)
    defer { library.command.clean() }
    for name in ["1.wav", "2-HANG-HERE.wav"] { try library.copy("plain.wav", to: "music/" + name) }
    let (process, _, messages) = try library.command.process(library.arguments, environment: try await library.fault())
    let victim = Victim()
    async let status = library.command.finish(process, victim: victim)
    try await eventually { FileManager.default.fileExists(atPath: library.command.path("ready/1.mp3")) }
    let second = try await library.run()
    #expect(second.status == 74)
    #expect(second.messages.contains("another run is preparing files to it"))
    victim.interrupt()
    #expect(try await status == 130)
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(text.contains("1 prepared so far") && text.contains("the same command continues"), "\(text)")
    #expect(try library.isTidy("ready"))
    let third = try await library.run()
    #expect(third.status == 0)
    #expect(third.messages.contains("1 prepared, 1 already"))
  }

  @Test(
    "a full disk ends it with words and nothing half-made", .enabled("needs a mount of its own") { FullDisk.isPossible }
  )
  func diskFull() async throws {
    let library = try PreparedLibrary(.process)
    defer { library.command.clean() }
    for index in 10..<40 { try library.copy("plain.wav", to: "music/\(index).wav") }
    try FileManager.default.createDirectory(atPath: library.command.path("ready"), withIntermediateDirectories: true)
    let (process, _, messages) = try library.command.process([])
    let line = ([try Command.executable.path] + library.arguments).map { "'\($0)'" }.joined(separator: " ")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments =
      FullDisk.unshare + [
        "sh", "-c",
        "mount -t tmpfs -o size=400k none ready && \(line); s=$?; find ready -name '*.part' >left; exit $s",
      ]
    let status = try await library.command.finish(process)
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(status == 74, "\(text)")
    #expect(text.contains("disk is full"), "\(text)")
    #expect(try library.bytes("left").isEmpty)
  }

  @Test(
    "a directory on another file system is reported in words, and costs the files in it alone",
    .enabled("needs a mount of its own") { FullDisk.isPossible })
  func otherFileSystem() async throws {
    let library = try PreparedLibrary(.process)
    defer { library.command.clean() }
    for name in ["a/1.wav", "2.wav"] { try library.copy("plain.wav", to: "music/" + name) }
    try FileManager.default.createDirectory(atPath: library.command.path("ready/a"), withIntermediateDirectories: true)
    let (process, _, messages) = try library.command.process([])
    let line = ([try Command.executable.path] + library.arguments).map { "'\($0)'" }.joined(separator: " ")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = FullDisk.unshare + ["sh", "-c", "mount -t tmpfs none ready/a && \(line)"]
    let status = try await library.command.finish(process)
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(status == 74, "\(text)")
    #expect(text.contains("ready/a/1.mp3: is on another file system than ready/.reprise"), "\(text)")
    #expect(text.contains("1 prepared, 0 already, 0 ready as they are, 0 rejected, 1 failed"), "\(text)")
    #expect(try library.isTidy("ready"))
  }
}
