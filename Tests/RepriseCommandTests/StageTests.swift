import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("The stages as commands")
struct StageEndToEndTests {
  private let recording = Command.fixtures + "/recording.mp3"

  @Test("inspect prints one record for every input, whatever became of it")
  func inspectRecords() async throws {
    let command = try Command()
    defer { command.clean() }
    let inputs = [recording, "nothing.wav", Command.fixtures + "/text.mp3", Command.fixtures + "/plain.flac"]
    let result = try await command.run(list: ["inspect", "--json"] + inputs)
    #expect(result.status == 66)
    let lines = result.output.split(separator: "\n")
    let records = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(records.map { $0["path"] as? String } == inputs)
    #expect(records.allSatisfy { $0["schema"] as? String == "reprise.inspection.v1" })
    let fields = [
      "path", "bytes", "format", "codec", "sampleRate", "channels", "duration", "audioBytes", "integrity", "signal",
      "loudness", "verdict", "reasons",
    ]
    for record in records {
      for field in fields {
        #expect(record[field] != nil, "no \(field) in \(record.keys.sorted()): \(result.output.suffix(300))")
      }
    }
    #expect(records.map { $0["verdict"] as? String } == ["ready", "rejected", "rejected", "ready"])
    #expect(records.map { $0["format"] as? String } == ["mp3", "unknown", "other", "flac"])
  }

  @Test(
    "inspect at several files at once prints them in their order, in tables too", .takesLong,
    arguments: ["1", "3", "16"])
  func inspectInOrder(jobs: String) async throws {
    let command = try Command()
    defer { command.clean() }
    // Long and short work by turns, so that what is begun later is done earlier.
    let names = (0..<30).map { ["recording.mp3", "text.mp3", "plain.wav", "too-short.wav"][$0 % 4] }
    let inputs = names.map { Command.fixtures + "/" + $0 }
    let result = try await command.run(list: ["inspect", "--deep", "--json", "--jobs", jobs] + inputs)
    #expect(result.status == 1)
    let lines = result.output.split(separator: "\n")
    let paths = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    #expect(paths.map { $0?["path"] as? String } == inputs)
    let tableResult = try await command.run(list: ["inspect", "--loudness", "--jobs", jobs] + inputs)
    #expect(tableResult.status == 1)
    let text = tableResult.output
    let order = text.split(separator: "\n").compactMap { line in inputs.first { line.hasSuffix($0) } }
    #expect(order == inputs)
    #expect(text.contains("loudness: -20.8 LUFS") && text.contains("checksum of all frames (LAME tag): matches"))
  }

  @Test("inspect takes a directory for the files in it, and file names that try to fool a terminal")
  func inspectDirectory() async throws {
    let command = try Command()
    defer { command.clean() }
    let directory = command.path("music")
    try FileManager.default.createDirectory(atPath: directory + "/deep", withIntermediateDirectories: true)
    for name in ["a.wav", "deep/new\nline.wav", "deep/\u{1B}[31mred.wav", ".hidden.wav"] {
      try FileManager.default.copyItem(atPath: Command.fixtures + "/plain.wav", toPath: directory + "/" + name)
    }
    let json = try await command.run("inspect", "--json", "music")
    #expect(json.status == 0, "\(json.messages)")
    #expect(
      try json.records().map { $0["path"] as? String }
        == ["music/a.wav", "music/deep/\u{1B}[31mred.wav", "music/deep/new\nline.wav"])
    let table = try await command.run("inspect", "music")
    #expect(!table.output.contains("\u{1B}"))
    #expect(table.output.split(separator: "\n").count == 4)
  }

  @Test("request writes a body whose Base64 is the file, with no slash escaped and the size it announced")
  func requestBody() async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run(
      "request", recording, "--prompt", "quotes \" and / slashes, ünïcödé", "--lyrics", "[Verse]\nla la la la", "-o",
      "body.json")
    #expect(result.status == 0, "\(result.messages)")
    let body = try Data(contentsOf: URL(fileURLWithPath: command.path("body.json")))
    #expect(result.messages.contains("\(body.count) bytes"))
    #expect(body.range(of: Data("\\/".utf8)) == nil)
    let fields = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
    #expect(fields["prompt"] as? String == "quotes \" and / slashes, ünïcödé")
    #expect(fields["lyrics"] as? String == "[Verse]\nla la la la")
    #expect(fields["model"] as? String == "minimax/music-cover")
    let reference = try #require(fields["reference_audio_url"] as? String)
    let prefix = "data:audio/mpeg;base64,"
    #expect(reference.hasPrefix(prefix))
    #expect(
      Data(base64Encoded: String(reference.dropFirst(prefix.count)))
        == (try Data(contentsOf: URL(fileURLWithPath: recording))))
    let piped = try await command.run(
      "request", recording, "--prompt", "quotes \" and / slashes, ünïcödé", "--lyrics", "[Verse]\nla la la la")
    #expect(Data(piped.output.utf8) == body)
  }

  @Test("request refuses a file that does not fit and says what makes it fit", .takesLong)
  func requestUnfit() async throws {
    let command = try Command()
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 361)
    let result = try await command.run("request", "long.wav", "--prompt", "a quiet acoustic cover")
    #expect(result.status == 65)
    #expect(result.messages.contains("reprise prepare long.wav"), "\(result.messages)")
    #expect(result.output.isEmpty)
  }

  @Test("prepare makes what is too long fit, and many files go into a directory side by side", .takesLong)
  func prepare() async throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.createDirectory(atPath: command.path("in"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: command.path("ready"), withIntermediateDirectories: true)
    try LongTone.write(to: command.path("in/long.wav"), seconds: 365)
    try LongTone.write(to: command.path("in/short.wav"), seconds: 7)
    try Data("words".utf8).write(to: URL(fileURLWithPath: command.path("in/broken.mp3")))
    let source = try Data(contentsOf: URL(fileURLWithPath: command.path("in/long.wav")))
    let result = try await command.run("prepare", "in", "-o", "ready")
    #expect(result.status == 1, "\(result.messages)")
    #expect(result.messages.contains("broken.mp3") && result.messages.contains("2 of 3 prepared"), "\(result.messages)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: command.path("ready")).sorted() == ["long.wav", "short.wav"])
    let records = try await command.run("inspect", "--json", "ready").records()
    try #require(records.count == 2)
    #expect(records.allSatisfy { $0["verdict"] as? String == "ready" })
    let length = try #require((records[0]["duration"] as? [String: Any])?["seconds"] as? Double)
    #expect(length == 360)
    #expect(try Data(contentsOf: URL(fileURLWithPath: command.path("in/long.wav"))) == source)
  }

  @Test("prepare --dry-run --json prints the plan and touches nothing", .takesLong)
  func plan() async throws {
    let command = try Command()
    defer { command.clean() }
    try LongTone.write(to: command.path("long.wav"), seconds: 365)
    let result = try await command.run("prepare", "long.wav", "--dry-run", "--json")
    #expect(result.status == 0, "\(result.messages)")
    let plan = try #require(try result.records().first)
    #expect(plan["schema"] as? String == "reprise.plan.v1")
    #expect((plan["steps"] as? [[String: Any]])?.first?["action"] as? String == "cut")
    #expect(plan["lossless"] as? Bool == true)
    #expect(plan["end"] as? Double == 360)
    #expect(try command.files() == ["long.wav"])
  }

  @Test("analyze tells tempo, key and chords as reprise.analysis.v1", .takesLong)
  func analyze() async throws {
    let command = try Command()
    defer { command.clean() }
    let result = try await command.run("analyze", "--json", recording)
    let record = try #require(try result.records().first)
    #expect(record["schema"] as? String == "reprise.analysis.v1")
    for field in ["seconds", "tempo", "meter", "key", "beats", "downbeats", "chords", "melody"] {
      #expect(record[field] != nil, "no \(field) in \(record.keys.sorted()): \(result.output.suffix(300))")
    }
    let chord = try #require((record["chords"] as? [[Any]])?.first)
    #expect(chord.count == 3 && chord[2] is String)
  }

  @Test("the key never shows: not in words, not in output, not in the ledger")
  func key() async throws {
    let command = try Command()
    defer { command.clean() }
    let secret = "sk-e2e-0123456789abcdef"
    let result = try await command.run(
      "cover", recording, "--prompt", "a quiet acoustic cover", "--service", "http://127.0.0.1:1", "-o", "c.mp3",
      environment: ["AIML_API_KEY": secret])
    #expect(result.status == 69, "\(result.messages)")
    #expect(!(result.messages + result.output).contains(secret))
    for name in try FileManager.default.subpathsOfDirectory(atPath: command.directory) {
      guard let data = FileManager.default.contents(atPath: command.path(name)) else { continue }
      #expect(data.range(of: Data(secret.utf8)) == nil, "\(name) holds the key")
    }
  }

  @Test("a key file that others may read is refused")
  func keyFileMode() async throws {
    let command = try Command()
    defer { command.clean() }
    let directory = command.path("state/config/reprise")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data("sk-file-0123456789".utf8).write(to: URL(fileURLWithPath: directory + "/key"))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory + "/key")
    let result = try await command.run(
      "cover", recording, "--prompt", "a quiet acoustic cover", "--service", "aimlapi", "-o", "c.mp3")
    #expect(result.status == 77)
    #expect(result.messages.contains("chmod 600"), "\(result.messages)")
  }
}
