import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("Audio from stdin", .startsProcesses)
struct StdinTests {
  private func run(_ command: Command, _ arguments: [String], from path: String) throws -> (Int32, String, String) {
    let (process, out, words) = try command.process(arguments)
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: try bytes(of: out), as: UTF8.self),
      String(decoding: try bytes(of: words), as: UTF8.self)
    )
  }

  @Test("inspect and prepare read it, and leave nothing but the result")
  func whole() throws {
    let command = try Command(.process)
    defer { command.clean() }
    let source = fixture("recording.mp3")
    let (status, output, words) = try run(command, ["inspect", "--json", "-"], from: source)
    #expect(status == 0, "\(words)")
    #expect(output.contains(#""path":"-""#) && output.contains(#""verdict":"ready""#))
    let prepared = try run(command, ["prepare", "-", "--end", "8"], from: source)
    #expect(prepared.0 == 0, "\(prepared.2)")
    #expect(try command.files() == ["stdin-ready.mp3"])
    let limited = try run(command, ["inspect", "--json", "--max-fetch", "5000", "-"], from: source)
    #expect(limited.0 == 1 && limited.1.contains("too-large"))
  }

  @Test("stdin that never ends is left at a signal, with nothing left behind")
  func interrupted() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let (process, _, words) = try command.process(["inspect", "-"], environment: ["TMPDIR": command.directory])
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data(noise(1000)))
    try await eventually("the signals are caught") {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }) else { return true }
      return line.last.map { "2367abef".contains($0) } ?? true
    }
    process.interrupt()
    process.waitUntilExit()
    let told = String(decoding: try bytes(of: words), as: UTF8.self)
    #expect(process.terminationStatus == 130, "\(told)")
    #expect(try command.files().isEmpty)
  }
}
