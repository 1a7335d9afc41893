import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite(
  "reprise validate --near, whatever goes wrong",
  .enabled(if: NearTools.areThere, "fpcalc or ffmpeg is missing: scripts/setup --test"))
struct ValidateNearFaultTests {
  /// Files of the same recording, each of other bytes, that have rested.
  private func fill(_ command: BuiltCommand, _ names: [String]) async throws {
    try FileManager.default.createDirectory(atPath: command.path("tree"), withIntermediateDirectories: true)
    for (index, name) in names.enumerated() {
      try await NearTools.make(
        "tree/" + name, in: command,
        ["-i", BuiltCommand.fixtures + "/recording.mp3", "-t", "20", "-af", "volume=-\(index + 1)dB"])
    }
    let before = Date(timeIntervalSinceNow: -3600)
    for name in names {
      try FileManager.default.setAttributes([.modificationDate: before], ofItemAtPath: command.path("tree/" + name))
    }
    try await Task.sleep(for: .milliseconds(100))
  }

  @Test(
    "files that crash fpcalc, hang it, or hang it once its stdout is closed cost themselves, and are told",
    .timeLimit(.minutes(2)))
  func faults() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try await fill(command, ["a.wav", "b.flac", "CLOSE.wav", "CRASH.wav", "HANG.wav"])
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
      try result.records().last?["nearDuplicates"] as? [[String]] == [["tree/a.wav", "tree/b.flac"]], "\(result.words)")
    #expect(result.words.contains("could not fingerprint 3 of the files"))
    #expect(result.words.contains("1 crashed fpcalc (signal 11) (tree/CRASH.wav)"))
    #expect(result.words.contains("2 took longer than 4 s (tree/CLOSE.wav)"))
    #expect(Self.processes(of: command.folder).isEmpty)
  }

  @Test(
    "reasons of lost fingerprints add up, however many there are, in an order that does not depend on who was first",
    arguments: [1, 4])
  func reasons(width: Int) async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try await fill(command, (10...22).map { "\($0).wav" })
    let fault = try NearTools.fault("echo \"ERROR: reason ${4##*/}\"; exit 2", in: command)
    let result = try await command.run(
      "validate", "--json", "--near", "--jobs", "\(width)", "tree", environment: fault)
    #expect(result.words.matches(of: /reason (\d\d)\.wav/).map { String($0.1) } == (10...19).map { "\($0)" })
    #expect(result.words.contains("could not fingerprint 13 of the files: "))
    #expect(result.words.components(separatedBy: "1 can't be decoded: reason ").count == 11)
    #expect(result.words.contains(", 3 for other reasons\n"))
  }

  @Test("paths that are not UTF-8 are fingerprinted like all others")
  func rawPaths() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try await fill(command, ["a.wav", "b.wav"])
    let raw = Array(command.path("tree/bad").utf8).map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xFF), 0]
    #expect(unsafe rename(command.path("tree/b.wav"), raw) == 0)
    let result = try await command.run("validate", "--json", "--near", "tree")
    #expect(
      try result.records().last?["nearDuplicates"] as? [[String]] == [["tree/a.wav", "tree/bad\u{FFFD}"]],
      "\(result.words)")
  }

  @Test("Ctrl-C while files are fingerprinted exits with 130, and fpcalc ends too", .timeLimit(.minutes(1)))
  func interrupted() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try await fill(command, ["a.wav", "b.wav"])
    let fault = try NearTools.fault("exec sleep 1000", in: command)
    let (process, _, words) = try command.process(["validate", "--json", "--near", "tree"], environment: fault)
    let victim = Victim()
    Thread { [folder = command.folder] in
      while Self.processes(of: folder, named: "sleep").isEmpty { usleep(1000) }
      victim.interrupt()
    }.start()
    #expect(try await command.finish(process, victim: victim) == 130)
    #expect(try String(contentsOfFile: words, encoding: .utf8).contains("interrupted"))
    #expect(Self.processes(of: command.folder).isEmpty)
  }

  @Test(
    "after kill -9 no fpcalc goes on, and the next scan knows the fingerprints that were made",
    .enabled(if: KillPoint.isPossible), .timeLimit(.minutes(1)))
  func killed() async throws {
    let command = try BuiltCommand()
    defer { command.clean() }
    try await fill(command, ["a.wav", "b.wav", "c.wav", "d.wav", "e.wav"])
    let whole = try await command.run("validate", "--json", "--near", "--no-cache", "tree")
    #expect((try whole.records().last?["nearDuplicates"] as? [[String]])?.first?.count == 5, "\(whole.words)")
    let log = command.path(".log")
    let fault = try NearTools.fault(
      """
      echo "$4" >> '\(log)'
      case "$GOES" in no) case "$4" in *d.wav) exec sleep 1000;; esac;; esac
      """, in: command)
    let (process, _, _) = try command.process(
      ["validate", "--json", "--near", "--jobs", "1", "tree"], environment: fault.merging(["GOES": "no"]) { $1 })
    let victim = Victim()
    Thread { [folder = command.folder] in
      while Self.processes(of: folder, named: "sleep").isEmpty { usleep(1000) }
      victim.kill()
    }.start()
    #expect(try await command.finish(process, victim: victim) == 9)
    // The kernel ends it, in its own time.
    while !Self.processes(of: command.folder).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let result = try await command.run("validate", "--json", "--near", "tree", environment: fault)
    #expect(result.output == whole.output)
    let asked = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map { $0.suffix(5) }
    #expect(
      asked == ["a.wav", "b.wav", "c.wav", "d.wav", "d.wav", "e.wav"] || Set(asked.suffix(2)) == ["d.wav", "e.wav"])
    #expect(asked.count == 6)
  }

  /// The numbers of the processes that run with a test's own folder.
  private static func processes(of folder: String, named name: String = "") -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { pid in
      func text(_ name: String) -> Data { (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/\(name)"))) ?? Data() }
      return text("environ").range(of: Data(folder.utf8)) != nil
        && (name.isEmpty || text("comm") == Data((name + "\n").utf8))
    }
  }
}
