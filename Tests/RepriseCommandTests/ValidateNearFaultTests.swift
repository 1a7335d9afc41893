import CommandSupport
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite(
  "Near duplicates, with an fpcalc that fails",
  .enabled(if: NearTools.areThere, "fpcalc or ffmpeg is missing: scripts/setup --test"), .startsProcesses)
struct ValidateNearFaultTests {
  @Test(
    "files that crash fpcalc, hang it, or hang it once its stdout is closed cost themselves, and are reported")
  func faults() async throws {
    let command = try Command()
    defer { command.clean() }
    try await NearTools.fill(command, ["a.wav", "b.flac", "CLOSE.wav", "CRASH.wav", "HANG.wav"])
    let fault = try NearTools.fault(
      """
      case "$*" in
        *HANG*) exec sleep 1000;;
        *CLOSE*) exec >&- 2>&- sleep 1000;;
        *CRASH*) kill -SEGV $$;;
      esac
      """, in: command)
    let result = try await command.run("validate", "--json", "--near", "--timeout", "4", "tree", environment: fault)
    #expect(
      try result.records().last?["nearDuplicates"] as? [[String]] == [["tree/a.wav", "tree/b.flac"]],
      "\(result.messages)")
    #expect(result.messages.contains("could not fingerprint 3 of the files"))
    #expect(result.messages.contains("1 crashed fpcalc (signal 11) (tree/CRASH.wav)"))
    #expect(result.messages.contains("2 took longer than 4 s (tree/CLOSE.wav)"))
    #expect(NearTools.processes(of: command.directory).isEmpty)
  }

  @Test(
    "reasons of lost fingerprints add up, however many there are, in an order that does not depend on who was first",
    arguments: [1, 4])
  func reasons(width: Int) async throws {
    let command = try Command()
    defer { command.clean() }
    try await NearTools.fill(command, (10...22).map { "\($0).wav" })
    let fault = try NearTools.fault("echo \"ERROR: reason ${4##*/}\"; exit 2", in: command)
    let result = try await command.run(
      "validate", "--json", "--near", "--jobs", "\(width)", "tree", environment: fault)
    #expect(result.messages.matches(of: /reason (\d\d)\.wav/).map { String($0.1) } == (10...19).map { "\($0)" })
    #expect(result.messages.contains("could not fingerprint 13 of the files: "))
    #expect(result.messages.components(separatedBy: "1 can't be decoded: reason ").count == 11)
    #expect(result.messages.contains(", 3 for other reasons\n"))
  }

  @Test("paths that are not UTF-8 are fingerprinted like all others")
  func rawPaths() async throws {
    let command = try Command()
    defer { command.clean() }
    try await NearTools.fill(command, ["a.wav", "b.wav"])
    let raw = Array(command.path("tree/bad").utf8).map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xFF), 0]
    #expect(unsafe rename(command.path("tree/b.wav"), raw) == 0)
    let result = try await command.run("validate", "--json", "--near", "tree")
    #expect(
      try result.records().last?["nearDuplicates"] as? [[String]] == [["tree/a.wav", "tree/bad\u{FFFD}"]],
      "\(result.messages)")
  }
}
