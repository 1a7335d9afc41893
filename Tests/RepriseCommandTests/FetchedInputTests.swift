import CommandSupport
import Foundation
import HostileServer
import RepriseCommand
import TestSupport
import Testing

@Suite("Inputs by URL", .startsServers)
struct FetchedInputTests {
  /// Runs a command on the URL of a fixture.
  private static func run(
    _ name: String, target: String = "/songs/a%20song.mp3?sig=1/2.wav",
    _ arguments: @escaping @Sendable (_ url: String) -> [String]
  ) async throws -> (command: Command, url: String, result: Command.Result) {
    let body = try bytes(of: fixture(name))
    return try await withServer { connection, request in
      if request.target == target {
        connection.answer("200 OK", body, type: "text/plain")
      } else {
        connection.answer("404 Not Found", "none")
      }
    } _: { server in
      let command = try Command()
      let url = server.url + target
      return (command, url, try await command.run(list: arguments(url)))
    }
  }

  @Test("inspect tells of a URL under its own name")
  func inspect() async throws {
    let (command, url, result) = try await Self.run("recording.mp3") { ["inspect", "--json", $0] }
    defer { command.clean() }
    #expect(result.status == 0, "\(result.messages)")
    let record = try #require(try result.records().first)
    #expect(record["path"] as? String == url && record["verdict"] as? String == "ready")
    #expect(record["bytes"] as? Int == (try bytes(of: fixture("recording.mp3"))).count)
    #expect(try command.files().isEmpty)
  }

  @Test("a URL that leads nowhere costs its own line")
  func missing() async throws {
    let (command, url, result) = try await Self.run("recording.mp3") {
      ["inspect", "--json", $0 + "x", fixture("recording.mp3")]
    }
    defer { command.clean() }
    #expect(result.status == 66, "\(result.messages)")
    let records = try result.records()
    #expect(records.map { $0["path"] as? String } == [url + "x", fixture("recording.mp3")])
    #expect(records.map { $0["verdict"] as? String } == ["rejected", "ready"])
    #expect(result.output.contains("404"))
  }

  @Test("what is larger than is fetched is told as too large")
  func tooLarge() async throws {
    let (command, _, result) = try await Self.run("recording.mp3") {
      ["inspect", "--json", "--max-fetch", "1000", $0]
    }
    defer { command.clean() }
    let reasons = try #require(try result.records().first?["reasons"] as? [[String: Any]])
    #expect(reasons.first?["code"] as? String == "too-large")
    #expect(result.status == 1, "\(result.messages)")
  }

  @Test("prepare names its result after the end of the URL's path, and writes it even if nothing is changed")
  func prepare() async throws {
    let (command, _, result) = try await Self.run("recording.mp3") { ["prepare", $0] }
    defer { command.clean() }
    #expect(result.status == 0, "\(result.messages)")
    #expect(try command.files() == ["a song-ready.mp3"])
    #expect(try bytes(of: command.path("a song-ready.mp3")) == bytes(of: fixture("recording.mp3")))
  }

  @Test("analyze, verify and request take URLs as well")
  func others() async throws {
    for arguments in [
      { @Sendable url in ["verify", url] },
      { @Sendable url in ["verify", fixture("recording.mp3"), "--reference", url] },
      { @Sendable url in ["request", url, "--prompt", "a quiet acoustic cover", "--service", "aimlapi"] },
    ] as [@Sendable (String) -> [String]] {
      let (command, _, result) = try await Self.run("recording.mp3", arguments)
      defer { command.clean() }
      #expect([0, 1].contains(result.status), "\(result.messages)")
      #expect(!result.output.isEmpty)
    }
  }

  @Test("a cover of a URL is made and named after it, and the job keeps its audio")
  func cover() async throws {
    let (command, url, result) = try await Self.run("recording.mp3") {
      ["cover", $0, "--prompt", "warm folk guitar", "--end", "8"]
    }
    defer { command.clean() }
    #expect(result.status == 0, "\(result.messages)")
    #expect(try command.files() == ["a song-warm-folk-guitar.mp3"])
    let jobs = try await command.run("jobs", "--json")
    #expect(try jobs.records().first?["input"] as? String == url)
  }

  @Test("a URL in a manifest is a row like any other, and one that leads nowhere costs its own row")
  func manifest() async throws {
    @Sendable func gone(_ url: String) -> String { url.replacingOccurrences(of: "a%20song", with: "none") }
    let (command, url, result) = try await Self.run("recording.mp3") { url in
      let rows = ["path,prompt"] + [url, gone(url), fixture("recording.mp3")].map { "\($0),warm folk guitar" }
      let path = NSTemporaryDirectory() + UUID().uuidString + ".csv"
      try? Data(rows.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
      return ["cover", "--manifest", path, "--end", "8", "--json", "-j", "1"]
    }
    defer { command.clean() }
    #expect(result.status == 1, "\(result.messages)")
    let records = try result.records()
    #expect(records.map { $0["path"] as? String } == [url, gone(url), fixture("recording.mp3")])
    try #require(records.count == 3)
    #expect(records.map { $0["state"] as? String } == ["verified", "failed", "verified"], "\(result.output)")
    #expect((records[1]["message"] as? String)?.contains("404") == true)
    #expect(try command.files().contains("a song-warm-folk-guitar.mp3"))
  }

  @Test("stdin without audio is told by its name")
  func emptyStdin() async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run("inspect", "--json", "-")
    #expect(result.status == 1)
    let record = try #require(try result.records().first)
    #expect(record["path"] as? String == "-" && record["bytes"] as? Int == 0)
  }

  @Test("stdin is read once")
  func twice() async throws {
    let command = try Command()
    defer { command.clean() }
    #expect(try await command.run("verify", "-", "--reference", "-").status == 64)
    #expect(try await command.run("cover", "-", "--prompt", "@-").status == 64)
  }

  @Test("a link goes into the request in place of the audio")
  func link() async throws {
    let (command, url, result) = try await Self.run("recording.mp3") {
      ["request", $0, "--by-link", "--prompt", "a quiet acoustic cover", "--service", "aimlapi"]
    }
    defer { command.clean() }
    #expect(result.status == 0, "\(result.messages)")
    #expect(try result.records().first?["reference_audio_url"] as? String == url)
  }

  @Test("a cover is made of a link, which the service fetches itself")
  func linkedCover() async throws {
    let (command, _, result) = try await Self.run("recording.mp3", target: "/song.mp3") {
      ["cover", $0, "--by-link", "--prompt", "warm folk guitar"]
    }
    defer { command.clean() }
    #expect(result.status == 0, "\(result.messages)")
    #expect(try command.files() == ["song-warm-folk-guitar.mp3"])
  }

  @Test("a link is refused where the recording is a file, has to be changed, or the service takes none")
  func refusedLink() async throws {
    let (command, _, cut) = try await Self.run("recording.mp3") {
      ["cover", $0, "--by-link", "--end", "8", "--prompt", "warm folk guitar"]
    }
    defer { command.clean() }
    #expect(cut.status == 65 && cut.messages.contains("cut"), "\(cut.messages)")
    let file = try await command.run("cover", fixture("recording.mp3"), "--by-link", "--prompt", "warm folk guitar")
    #expect(file.status == 64 && file.messages.contains("no http or https URL"), "\(file.messages)")
    #expect(try command.files().isEmpty)
  }

  @Test("a paid service is sent no link that only this machine or its network can fetch", arguments: [true, false])
  func privateLink(isDryRun: Bool) async throws {
    let (command, url, result) = try await Self.run("recording.mp3") {
      ["cover", $0, "--by-link", "--prompt", "warm folk guitar", "--service", "aimlapi"]
        + (isDryRun ? ["--dry-run"] : [])
    }
    defer { command.clean() }
    #expect(result.status == 64 && result.messages.contains(url), "\(result.messages)")
    #expect(result.messages.contains("'aimlapi' cannot fetch it"), "\(result.messages)")
  }

  @Test("the plan of a link says that the service fetches it")
  func plannedLink() async throws {
    let (command, _, result) = try await Self.run("recording.mp3", target: "/song.mp3") {
      ["cover", $0, "--by-link", "--prompt", "warm folk guitar", "--dry-run"]
    }
    defer { command.clean() }
    #expect(result.status == 0 && result.output.contains("the service fetches the URL itself"), "\(result.messages)")
    #expect(result.output.contains("which fetches the audio by its URL; nothing was sent"))
  }

  @Test(
    "hosts of this machine and of its network",
    arguments: [
      ("http://localhost/a", true), ("https://LOCALHOST:8080/a", true), ("http://127.0.0.1/a", true),
      ("http://127.1/a", true), ("http://10.1.2.3/a", true), ("http://172.16.0.1/a", true),
      ("http://172.32.0.1/a", false), ("http://192.168.1.9:80/a", true), ("http://169.254.1.1/", true),
      ("http://0.0.0.0/", true), ("http://[::1]/a", true), ("http://[fe80::1]/a", true), ("http://[fd00::1]/a", true),
      ("http://[::ffff:10.0.0.1]/a", true), ("http://[2001:db8::1]/a", false), ("http://nas/a", true),
      ("http://nas.local/a", true), ("https://example.com/a", false), ("https://8.8.8.8/a", false),
      ("https://10.example.com/a", false), ("a.wav", false),
    ])
  func privateHosts(url: String, isPrivate: Bool) { #expect(PrivateHost.isPrivate(url) == isPrivate, "\(url)") }

  @Test("a URL of another scheme is told as one", arguments: ["ftp://h/a.mp3", "file:///tmp/a.mp3", "S3://b/a.wav"])
  func otherScheme(url: String) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run("inspect", url)
    #expect(result.output.contains("only http and https are fetched"), "\(result.output)")
    #expect(result.status != 0)
  }

  @Test("validate says what it takes in place of stdin and URLs", arguments: ["-", "http://h/a.mp3", "ftp://h/a.mp3"])
  func inPlace(input: String) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run("validate", input)
    #expect(result.status == 64 && result.messages.contains("\(input): validate takes files and directories only"))
  }

  @Test(
    "the name of a result comes from the end of the URL's path",
    arguments: [
      ("https://host/a/b%2Fc.wav?x=/y.mp3", "b_c.wav"), ("https://host", "host"), ("https://u:p@host:80/", "host:80"),
      ("http://host/..%2f..%2fetc", "_.._etc"), ("https://h/-rf", "rf"), ("-", "stdin"), ("a/b.wav", "b.wav"),
    ])
  func names(input: String, name: String) { #expect(InputName.fileName(of: input) == name) }
}
