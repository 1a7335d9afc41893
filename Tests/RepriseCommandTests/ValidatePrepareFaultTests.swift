import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("Preparing files that crash or hang their worker", .enabled(if: KillPoint.isPossible), .startsProcesses)
struct ValidatePrepareFaultTests {
  @Test("a file that crashes its worker and one that hangs cost themselves")
  func faults() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    for name in ["1.wav", "2-CRASH-HERE.wav", "3-HANG-HERE.wav", "4.wav"] {
      try library.copy("plain.wav", to: "music/" + name)
    }
    let result = try await library.command.run(
      list: library.arguments + ["--timeout", "2"], environment: try await library.fault())
    #expect(result.status == 1, "\(result.messages)")
    #expect(result.messages.contains("2-CRASH-HERE.wav: preparing it crashed (signal 11), twice"))
    #expect(result.messages.contains("3-HANG-HERE.wav: was not prepared within 2 s"))
    #expect(result.messages.contains("2 prepared, 0 already, 0 ready as they are, 0 rejected, 2 failed"))
    #expect(try Set(library.made().keys) == ["1.mp3", "4.mp3", "manifest.csv"])
    #expect(try library.isTidy("ready"))
  }

  @Test("a manifest that somebody writes while it runs is left as it is")
  func manifest() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    for name in ["1.wav", "2-HANG-HERE.wav"] { try library.copy("plain.wav", to: "music/" + name) }
    let arguments = library.arguments + ["--timeout", "3"]
    let environment = try await library.fault()
    let mine = Data("path,prompt\n1.mp3,mine\n".utf8)
    let (made, manifest) = (library.command.path("ready/1.mp3"), library.command.path("ready/manifest.csv"))
    // On a thread of its own: the other tests may keep the pool busy for longer than the file that hangs is waited for.
    Thread.detachNewThread {
      // The run may have to wait for the working directory until others are done.
      eventuallyOnThread(within: .seconds(900)) { FileManager.default.fileExists(atPath: made) }
      _ = FileManager.default.createFile(atPath: manifest, contents: mine)
    }
    let result = try await library.command.run(list: arguments, environment: environment)
    #expect(result.status == 74)
    let text = result.messages
    #expect(text.contains("manifest.csv: exists and differs from what an earlier run wrote"), "\(text)")
    #expect(try library.bytes("ready/manifest.csv") == mine)
    #expect(try library.isTidy("ready"))
  }
}
