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
  "A search for near duplicates that is killed or stopped",
  .enabled(if: NearTools.areThere, "fpcalc or ffmpeg is missing: scripts/setup --test"))
struct ValidateNearFaultTests {
  @Test("Ctrl-C while files are fingerprinted exits with 130, and fpcalc ends too", .timeLimit(.minutes(1)))
  func interrupted() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try await NearTools.fill(command, ["a.wav", "b.wav"])
    let fault = try NearTools.fault("exec sleep 1000", in: command)
    let (process, _, messages) = try command.process(["validate", "--json", "--near", "tree"], environment: fault)
    let victim = Victim()
    Thread { [directory = command.directory] in
      eventuallyOnThread { !NearTools.processes(of: directory, named: "sleep").isEmpty }
      victim.interrupt()
    }.start()
    #expect(try await command.finish(process, victim: victim) == 130)
    #expect(try String(contentsOfFile: messages, encoding: .utf8).contains("interrupted"))
    #expect(NearTools.processes(of: command.directory).isEmpty)
  }

  @Test(
    "after kill -9 no fpcalc goes on, and the next scan knows the fingerprints that were made",
    .enabled(if: KillPoint.isPossible), .timeLimit(.minutes(1)))
  func killed() async throws {
    let command = try Command(.process)
    defer { command.clean() }
    try await NearTools.fill(command, ["a.wav", "b.wav", "c.wav", "d.wav", "e.wav"])
    let whole = try await command.run("validate", "--json", "--near", "--no-cache", "tree")
    #expect((try whole.records().last?["nearDuplicates"] as? [[String]])?.first?.count == 5, "\(whole.messages)")
    let log = command.path(".log")
    let fault = try NearTools.fault(
      """
      echo "$4" >> '\(log)'
      case "$GOES" in no) case "$4" in *d.wav) exec sleep 1000;; esac;; esac
      """, in: command)
    let (process, _, _) = try command.process(
      ["validate", "--json", "--near", "--jobs", "1", "tree"], environment: fault.merging(["GOES": "no"]) { $1 })
    let victim = Victim()
    Thread { [directory = command.directory] in
      eventuallyOnThread { !NearTools.processes(of: directory, named: "sleep").isEmpty }
      victim.kill()
    }.start()
    #expect(try await command.finish(process, victim: victim) == 9)
    // The kernel ends it, in its own time.
    try await eventually { NearTools.processes(of: command.directory).isEmpty }
    let result = try await command.run("validate", "--json", "--near", "tree", environment: fault)
    #expect(result.output == whole.output)
    let asked = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map { $0.suffix(5) }
    #expect(
      asked == ["a.wav", "b.wav", "c.wav", "d.wav", "d.wav", "e.wav"] || Set(asked.suffix(2)) == ["d.wav", "e.wav"])
    #expect(asked.count == 6)
  }
}
