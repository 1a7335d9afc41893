import CommandSupport
import FlyingFox
import FlyingSocks
import Foundation
import TestSupport
import Testing

/// One wrong input: what is typed, the documented exit code, and words that the sentence must hold.
private struct BadInput: CustomTestStringConvertible, Sendable {
  let name: String
  let arguments: [String]
  let status: Int32
  let fragments: [String]

  init(_ name: String, _ arguments: [String], _ status: Int32, _ fragments: [String]) {
    self.name = name
    self.arguments = arguments
    self.status = status
    self.fragments = fragments
  }

  var testDescription: String { name }

  static let prompt = ["--prompt", "a quiet acoustic cover", "-o", "cover.mp3"]

  private static func fixture(_ name: String) -> String { Command.fixtures + "/" + name }

  private static func cover(_ input: String, _ more: String...) -> [String] { ["cover", input] + prompt + more }

  static let files: [BadInput] = [
    BadInput("missing", cover("nothing-here.wav"), 66, ["nothing-here.wav", "no such file"]),
    BadInput("a directory without audio", cover(fixture("../Tests/Support")), 66, ["Tests/Support"]),
    BadInput("empty", cover(fixture("empty.wav")), 65, ["empty.wav", "empty"]),
    BadInput("text named .mp3", cover(fixture("text.mp3")), 65, ["text.mp3", "text"]),
    BadInput("a web page named .flac", cover(fixture("page.flac")), 65, ["page.flac", "HTML"]),
    BadInput("an archive named .wav", cover(fixture("zip.wav")), 65, ["zip.wav", "zip archive"]),
    BadInput("too short", cover(fixture("too-short.wav")), 65, ["too-short.wav", "6 s"]),
    BadInput("a truncated mp3", cover(fixture("truncated.mp3")), 65, ["truncated.mp3"]),
    BadInput("a truncated wav", cover(fixture("truncated.wav")), 65, ["truncated.wav"]),
    BadInput("a truncated flac", cover(fixture("truncated.flac")), 65, ["truncated.flac"]),
    BadInput("NaN samples", cover(fixture("nan-float.wav")), 65, ["nan-float.wav", "NaN"]),
    BadInput("0 channels", cover(fixture("zero-channels.wav")), 65, ["zero-channels.wav", "0 channels"]),
    BadInput("10⁹ Hz", cover(fixture("billion-hertz.wav")), 65, ["billion-hertz.wav", "1000000000"]),
    BadInput("stdin without audio", cover("-"), 65, ["-: ", "empty"]),
    BadInput("a device", cover("/dev/zero"), 66, ["/dev/zero"]),
  ]

  static let arguments: [BadInput] = [
    BadInput(
      "a prompt of 9 characters", ["cover", fixture("recording.mp3"), "--service", "aimlapi", "--prompt", "nine char"],
      64,
      ["9 characters", "10–2000"]),
    BadInput(
      "an empty prompt for the local service", ["cover", fixture("recording.mp3"), "--prompt", ""], 64,
      ["0 characters", "1–2000"]),
    BadInput(
      "a prompt of 2001 characters",
      ["cover", fixture("recording.mp3"), "--prompt", String(repeating: "é", count: 2001)], 64,
      ["2001 characters", "1–2000"]),
    BadInput("start after end", cover(fixture("recording.mp3"), "--start", "0:20", "--end", "10"), 64, ["0:20.000"]),
    BadInput(
      "start behind the end of the recording", cover(fixture("recording.mp3"), "--start", "1:00"), 64, ["26"]),
    BadInput("a time that is none", cover(fixture("recording.mp3"), "--start", "1:75"), 64, ["1:75"]),
    BadInput("an unknown service", cover(fixture("recording.mp3"), "--service", "nobody"), 64, ["nobody", "aimlapi"]),
    BadInput(
      "connection refused", cover(fixture("recording.mp3"), "--service", "http://127.0.0.1:1"), 69, ["127.0.0.1:1"]),
    BadInput(
      "no key for a service that wants one", cover(fixture("recording.mp3"), "--service", "aimlapi"), 77,
      ["AIML_API_KEY", "chmod 600"]),
    BadInput(
      "--no-wait without a service that outlives the command", cover(fixture("recording.mp3"), "--no-wait"), 64,
      ["reprise serve"]),
    BadInput("a sample rate nobody makes", cover(fixture("recording.mp3"), "--sample-rate", "48000"), 64, ["48000"]),
    BadInput(
      "the output's directory is missing",
      ["cover", fixture("recording.mp3"), "--prompt", "a quiet acoustic cover", "-o", "none/cover.mp3"], 74,
      ["none/cover.mp3", "does not exist"]),
  ]
}

@Suite("Bad input: a clear sentence, the documented exit code, nothing left behind")
struct BadInputTests {
  @Test("a file that can't be covered", arguments: BadInput.files)
  private func file(_ bad: BadInput) async throws { try await check(bad) }

  @Test("arguments that can't work", .takesLong, arguments: BadInput.arguments)
  private func arguments(_ bad: BadInput) async throws { try await check(bad) }

  private func check(_ bad: BadInput) async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(list: bad.arguments)
    let status = result.status
    let text = result.messages
    #expect(status == bad.status, "\(text)")
    for word in bad.fragments { #expect(text.contains(word), "'\(word)' is not in: \(text)") }
    #expect(text.split(separator: "\n").count <= 4, "too many words: \(text)")
    #expect(result.output.isEmpty)
    #expect(try command.files().isEmpty)
  }

  @Test("a recording that is too long is refused with --no-trim, and by how much is said", .takesLong)
  func tooLong() async throws {
    let command = try Command()
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 372)
    let result = try await command.run(
      "cover", "long.wav", "--prompt", "a quiet acoustic cover", "--no-trim", "-o", "c.mp3")
    #expect(result.status == 65)
    #expect(result.messages.contains("long.wav") && result.messages.contains("360"), "\(result.messages)")
    #expect(try command.files() == ["long.wav"])
  }

  @Test(
    "an existing output is kept unless --force is given, and is refused before any work",
    arguments: [
      ["cover", "--prompt", "a quiet acoustic cover"], ["prepare"], ["request", "--prompt", "a quiet acoustic cover"],
    ])
  func outputExists(arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    let output = command.path("taken.mp3")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: output))
    let result = try await command.run(list: arguments + [Command.fixtures + "/recording.mp3", "-o", "taken.mp3"])
    #expect(result.status == 74)
    let text = result.messages
    #expect(text.contains("taken.mp3") && text.contains("--force"), "\(text)")
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "mine")
    #expect(try command.files() == ["taken.mp3"])
  }

  @Test(
    "the input is never the output, whatever it is called and whatever --force says",
    arguments: [
      ["cover", "s.mp3", "--prompt", "a quiet acoustic cover", "-o", "link.mp3"],
      ["request", "s.mp3", "--prompt", "a quiet acoustic cover", "-o", "s.mp3"],
      ["prepare", "s.mp3", "--end", "10", "-o", "./s.mp3"],
      ["cover", "s.mp3", "--prompt", "@words.txt", "-o", "words.txt"],
    ])
  func outputIsInput(arguments: [String]) async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(atPath: Command.fixtures + "/recording.mp3", toPath: command.path("s.mp3"))
    try FileManager.default.createSymbolicLink(atPath: command.path("link.mp3"), withDestinationPath: "s.mp3")
    try Data("a quiet acoustic cover".utf8).write(to: URL(fileURLWithPath: command.path("words.txt")))
    let before = try Data(contentsOf: URL(fileURLWithPath: command.path("s.mp3")))
    let result = try await command.run(list: arguments + ["--force"])
    let status = result.status
    let text = result.messages
    #expect(status == 64, "\(text)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: command.path("s.mp3"))) == before)
    #expect(try String(contentsOfFile: command.path("words.txt"), encoding: .utf8) == "a quiet acoustic cover")
  }

  @Test("two inputs of one name are refused before either is lost")
  func sameName() async throws {
    let command = try Command()
    defer { command.clean() }
    for directory in ["a", "b", "out"] {
      try FileManager.default.createDirectory(atPath: command.path(directory), withIntermediateDirectories: true)
      if directory != "out" { try LongTone.write(to: command.path(directory + "/same.wav"), seconds: 7) }
    }
    let result = try await command.run("prepare", "a/same.wav", "b/same.wav", "-o", "out", "--force")
    #expect(result.status == 64)
    #expect(result.messages.contains("a/same.wav") && result.messages.contains("b/same.wav"), "\(result.messages)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: command.path("out")).isEmpty)
  }

  @Test("a name that promises one format and an option that asks for another are refused")
  func promisedFormat() async throws {
    let command = try Command()
    defer { command.clean() }
    let recording = Command.fixtures + "/recording.mp3"
    for arguments in [
      ["cover", recording, "--prompt", "a quiet acoustic cover", "--format", "wav", "-o", "c.mp3"],
      ["cover", recording, "--prompt", "a quiet acoustic cover", "-o", "c.flac"],
      ["prepare", recording, "--format", "wav", "-o", "c.flac"],
    ] {
      let result = try await command.run(list: arguments)
      let status = result.status
      let text = result.messages
      #expect(status == 64, "\(text)")
    }
    #expect(try command.files().isEmpty)
  }

  @Test("a pipe in the place of the output is not replaced")
  func outputIsPipe() async throws {
    let command = try Command()
    defer { command.clean() }
    let made = unsafe mkfifo(command.path("pipe.mp3"), 0o600)
    #expect(made == 0)
    let result = try await command.run(
      "prepare", Command.fixtures + "/recording.mp3", "--end", "10", "-o", "pipe.mp3", "--force")
    #expect(result.status == 74, "\(result.messages)")
    #expect(result.messages.contains("pipe"))
    let type = try FileManager.default.attributesOfItem(atPath: command.path("pipe.mp3"))[.type] as? FileAttributeType
    #expect(type != .typeRegular)
  }

  @Test("a service that answers HTML is no service of this contract", .startsServers)
  func html() async throws {
    let command = try Command()
    defer { command.clean() }
    let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 600, logger: .disabled)
    await server.appendRoute("*") { _ in
      HTTPResponse(
        statusCode: .ok, headers: [.contentType: "text/html"],
        body: Data("<html><body>Welcome to nginx!</body></html>".utf8))
    }
    let task = Task { try await server.run() }
    defer { task.cancel() }
    try await server.waitUntilListening(timeout: 120 * Double(patience))
    guard case .ip4(_, let port) = await server.listeningAddress else {
      Issue.record("the server does not listen")
      return
    }
    let result = try await command.run(
      "cover", Command.fixtures + "/recording.mp3", "--prompt", "a quiet acoustic cover", "--service",
      "http://127.0.0.1:\(port)", "-o", "cover.mp3")
    #expect([69, 75].contains(result.status), "\(result.messages)")
    #expect(result.messages.contains("a web page, not JSON"), "\(result.messages)")
    #expect(try command.files().isEmpty)
  }
}
