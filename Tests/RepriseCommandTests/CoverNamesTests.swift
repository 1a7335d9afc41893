import CommandSupport
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("Where covers go that nobody has named a file for", .startsServers)
struct CoverNamesTests {
  private static let waltz = "a slow waltz"

  /// A command with recordings in its directory.
  private func command(_ names: String...) throws -> Command {
    let command = try Command()
    for name in names {
      let path = command.path(name)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: Command.fixtures + "/recording.mp3", toPath: path)
    }
    return command
  }

  private func cover(
    _ command: Command, _ arguments: [String], at baseURL: String, prompt: String = waltz, in location: String = "."
  ) async throws -> Command.Result {
    try await command.run(
      list: ["cover"] + arguments + ["--prompt", prompt, "--end", "7", "--service", baseURL], in: location)
  }

  @Test("the name carries the style; another style, and one whose name begins alike, stand beside it")
  func styles() async throws {
    let command = try command("song.mp3")
    defer { command.clean() }
    let long = "warm acoustic folk, fingerpicked guitar"
    try await RecordedMaker.withService { url in
      for (prompt, name) in [
        (Self.waltz, "song-a-slow-waltz.mp3"), ("hard rock with drums", "song-hard-rock-with-drums.mp3"),
        (long + " and strings", "song-warm-acoustic-folk-fingerpicked-guitar.mp3"),
        (long + ", no drums at all", "song-warm-acoustic-folk-fingerpicked-guitar-2.mp3"),
      ] {
        let made = try await cover(command, ["song.mp3"], at: url, prompt: prompt)
        #expect(made.status == 0 && made.output == name + "\n", "\(made.messages)")
      }
      #expect(try command.files().count == 5)
    }
  }

  @Test("the same again keeps its name and is bought once; --again is the next take, --force the same file")
  func takes() async throws {
    let run = try PaidRun()
    defer { run.clean() }
    let service = try CountingService()
    defer { service.stop() }
    try run.configure(service, logDelay: nil)
    try FileManager.default.copyItem(
      atPath: Command.fixtures + "/recording.mp3", toPath: run.command.path("song.mp3"))
    func cover(_ more: String...) async throws -> Command.Result {
      try await run.run(
        ["cover", "song.mp3", "--end", "7", "--prompt", Self.waltz, "--service", "counted"] + more)
    }
    let (one, two) = ("song-a-slow-waltz.mp3", "song-a-slow-waltz-2.mp3")
    // Begun, not waited for: the next run goes on with it, under its name.
    #expect(try await cover("--no-wait").status == 0)
    let fetched = try await cover()
    #expect(fetched.status == 0 && fetched.output == one + "\n", "\(fetched.messages)")
    let again = try await cover()
    #expect(
      again.status == 0 && again.output == one + "\n" && again.messages.contains("bought before"), "\(again.messages)")
    // A recording that was touched is the same audio still.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: run.command.path("song.mp3"))
    let touched = try await cover()
    #expect(touched.status == 0 && touched.output == one + "\n", "\(touched.messages)")
    #expect(service.tally.submissions == 1)
    let second = try await cover("--again")
    #expect(second.status == 0 && second.output == two + "\n", "\(second.messages)")
    #expect(service.tally.submissions == 2)
    #expect(try await cover("--again", "--force").output == one + "\n")
    #expect(service.tally.submissions == 3)
    // Without the ledger nobody knows whose files these are: refused, not bought again.
    #expect(try await run.run(["jobs", "forget", "--all-finished"]).status == 0)
    let unknown = try await cover()
    #expect(unknown.status == 74 && unknown.messages.contains(one), "\(unknown.messages)")
    #expect(service.tally.submissions == 3)
  }

  @Test("a template names directories, styles, numbers and takes; what it gets wrong is reported with what there is")
  func templates() async throws {
    let command = try command("a.mp3", "b.mp3")
    defer { command.clean() }
    try await RecordedMaker.withService { url in
      let both = try await cover(
        command, ["a.mp3", "b.mp3", "-j", "1", "-o", "out/{style}/{n} {name}.{take}.{ext}"], at: url)
      #expect(both.status == 0, "\(both.messages)")
      #expect(both.output == "out/a-slow-waltz/1 a.1.mp3\nout/a-slow-waltz/2 b.1.mp3\n")
      let directory = try await cover(command, ["a.mp3", "-o", "new/deep/"], at: url)
      #expect(directory.output == "new/deep/a-a-slow-waltz.mp3\n", "\(directory.messages)")
      let wrong = try await cover(command, ["a.mp3", "-o", "{nmae}.mp3"], at: url)
      #expect(wrong.status == 64, "\(wrong.messages)")
      for word in ["{nmae}", "{name}", "{style}", "{ext}", "{take}", "{n}"] { #expect(wrong.messages.contains(word)) }
      let alike = try await cover(command, ["a.mp3", "b.mp3", "-o", "{style}.{ext}"], at: url)
      #expect(alike.status == 64 && alike.messages.contains("would both become"), "\(alike.messages)")
      let file = try await cover(command, ["a.mp3", "b.mp3", "-o", "missing"], at: url)
      #expect(file.status == 74 && file.messages.contains("missing/"), "\(file.messages)")
      // Nothing came to be, so no directory is left either.
      #expect(try await cover(command, ["none.mp3", "-o", "empty/dir/"], at: url).status == 66)
      #expect(try await cover(command, ["a.mp3", "-o", "dry/", "--dry-run"], at: url).output.contains("dry/a-a-slow"))
      #expect(try command.files().allSatisfy { !$0.hasPrefix("empty") && !$0.hasPrefix("dry") })
    }
    let help = try await command.run("cover", "--help")
    for word in ["{name}", "{style}", "{ext}", "{take}", "{n}", "--skip-existing"] {
      #expect(help.output.contains(word))
    }
  }

  @Test("'prepare' makes a directory that ends with a slash as well")
  func prepared() async throws {
    let command = try command("a.mp3")
    defer { command.clean() }
    let made = try await command.run("prepare", "a.mp3", "--end", "7", "-o", "ready/now/")
    #expect(made.status == 0 && made.output == "ready/now/a.mp3\n", "\(made.messages)")
    let dry = try await command.run("prepare", "a.mp3", "--end", "7", "-o", "dry/", "--dry-run")
    #expect(dry.status == 0 && !FileManager.default.fileExists(atPath: command.path("dry")), "\(dry.messages)")
  }

  @Test("--skip-existing leaves what is there and makes the others, one or many, with a record for each")
  func skipping() async throws {
    let command = try command("a.mp3", "b.mp3")
    defer { command.clean() }
    try Data("mine".utf8).write(to: URL(filePath: command.path("a-a-slow-waltz.mp3")))
    try await RecordedMaker.withService { url in
      let single = try await cover(command, ["a.mp3", "--skip-existing"], at: url)
      #expect(single.status == 0 && single.output == "a-a-slow-waltz.mp3\n", "\(single.messages)")
      let both = try await cover(command, ["a.mp3", "b.mp3", "--skip-existing", "--json"], at: url)
      #expect(both.status == 0 && both.messages.contains("1 of 2 covers made, 1 was there"), "\(both.messages)")
      let states = try both.records().reduce(into: [String: String]()) {
        $0[$1["path"] as? String ?? ""] = $1["state"] as? String
      }
      #expect(states == ["a.mp3": "skipped", "b.mp3": "verified"])
      #expect(try await cover(command, ["a.mp3", "--skip-existing", "--force"], at: url).status == 64)
    }
    #expect(try String(contentsOfFile: command.path("a-a-slow-waltz.mp3"), encoding: .utf8) == "mine")
  }

  @Test("a directory stands for its audio, in order, without other files and without covers that were made before")
  func directory() async throws {
    let command = try command("album/2.mp3", "album/10.mp3", "album/disc 2/1.mp3", "album/wordless")
    defer { command.clean() }
    for (name, text) in [("README.md", "# about"), ("disc 2/list.json", "{}"), ("cover.jpg", "\u{FFFD}")] {
      try Data(text.utf8).write(to: URL(filePath: command.path("album/" + name)))
    }
    try await RecordedMaker.withService { url in
      func run() async throws -> Command.Result {
        try await cover(command, [".", "-j", "1"], at: url, in: "album")
      }
      let made = try await run()
      #expect(made.status == 0, "\(made.messages)")
      #expect(
        made.output.split(separator: "\n").map { $0.replacing("-a-slow-waltz.mp3", with: "") }
          == ["10", "2", "1", "wordless"])
      #expect(made.messages.contains("left out: 3 files that are no audio"), "\(made.messages)")
      let files = try command.files()
      let again = try await run()
      #expect(again.status == 0 && again.output == made.output, "\(again.messages)")
      #expect(try command.files() == files)
      #expect(again.messages.contains("4 covers made before"), "\(again.messages)")
      let empty = command.path("album/empty")
      try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
      #expect(try await cover(command, ["album/empty"], at: url).status == 66)
    }
  }

  @Test("a directory with damaged audio says so and makes the rest")
  func damaged() async throws {
    let command = try command("album/a.mp3")
    defer { command.clean() }
    try Data("no audio".utf8).write(to: URL(filePath: command.path("album/b.mp3")))
    try await RecordedMaker.withService { url in
      let made = try await cover(command, ["album", "-o", "c/"], at: url)
      #expect(made.status == 1 && made.output == "c/a-a-slow-waltz.mp3\n", "\(made.messages)")
      #expect(made.messages.contains("album/b.mp3"), "\(made.messages)")
    }
  }
}
