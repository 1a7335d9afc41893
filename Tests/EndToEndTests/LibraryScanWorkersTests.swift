import CommandSupport
import Foundation
import RepriseAudio
import RepriseLibrary
import SystemPackage
import Testing

@Suite("A library scanned by workers")
struct LibraryScanWorkersTests {
  private func scan(_ path: String, _ isolation: LibraryScan.Isolation) async throws -> [LibraryScan.Element] {
    var found: [LibraryScan.Element] = []
    for try await file in LibraryScan([FilePath(path)], options: .init(isolation: isolation)) { found.append(file) }
    return found
  }

  @Test("they find what a scan in the process finds")
  func same() async throws {
    let reprise = FilePath(try Command.executable.path)
    let here = try await scan(Command.fixtures, .inProcess)
    let there = try await scan(Command.fixtures, .workers(executable: reprise))
    try #require(here.count > 50)
    #expect(there.map(\.path) == here.map(\.path))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for (one, other) in zip(here, there) {
      #expect(try encoder.encode(one.inspection) == encoder.encode(other.inspection), "\(one.path)")
    }
  }

  @Test(
    "files that crash their worker, or hang it, cost themselves", .enabled(if: KillPoint.isPossible),
    .timeLimit(.minutes(2)))
  func faults() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for name in ["1", "2-\(FaultPoint.hang)", "3", "4-\(FaultPoint.crash)", "5"] {
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/cbr.mp3", toPath: command.path("tree/\(name).mp3"))
    }
    let fault = try await FaultPoint(in: command.directory)
    let settings = fault.environment.map { "export \($0)='\($1)'\n" }.joined()
    let program = command.path("reprise")
    try "#!/bin/sh\n\(settings)exec '\(Command.executable.path)' \"$@\"\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let found = try await scan(
      command.path("tree"), .workers(executable: FilePath(program), timeout: .seconds(3)))
    #expect(found.map(\.inspection.verdict) == [.ready, .rejected, .ready, .rejected, .ready])
    #expect(found.map(\.inspection.reasons.count) == [0, 1, 0, 1, 0])
    #expect(found[1].inspection.reasons.map(\.code) == [.unreadable])
    #expect(found[3].inspection.reasons.map(\.code) == [.unreadable])
  }
}
