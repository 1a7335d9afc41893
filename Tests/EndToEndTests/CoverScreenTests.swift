import CommandSupport
import Foundation
import Testing

@Suite("What a person sees of 'reprise cover' on a terminal")
struct CoverScreenTests {
  private static let prompt = "a slow waltz"
  private static let short = ["one.mp3", "two.mp3", "three.mp3", "broken.mp3"]
  private static let long = [
    "one.mp3", "a recording with a very long name that no narrow terminal can show at once.mp3",
    "夜想曲第二番変ホ長調作品九の二ピアノ独奏版一九三二年録音.mp3", "broken.mp3",
  ]

  /// Four recordings, of which the last is none.
  private func command(_ names: [String]) throws -> Command {
    let command = try Command(.process)
    for name in names.dropLast() {
      try FileManager.default.copyItem(
        atPath: Command.fixtures + "/recording.mp3", toPath: command.path(name))
    }
    try Data("no audio at all, by whatever name it goes".utf8).write(to: URL(filePath: command.path(names[3])))
    return command
  }

  private func run(
    _ command: Command, _ names: [String], columns: Int, showsData: Bool
  ) async throws -> (text: String, screen: TerminalScreen) {
    let text = try await RecordedMaker.withService(share: 0.42, isSlow: true) { baseURL in
      let (process, _, _) = try command.process(
        ["cover"] + names + [
          "--prompt", Self.prompt, "--end", "7", "--service", baseURL, "--jobs", "1", "-o", "c/",
        ], environment: ["TERM": "xterm"])
      return try await TerminalOutput(columns: UInt16(columns)).run(process, of: command, showsData: showsData)
    }
    return (text, TerminalScreen(columns: columns, showing: text))
  }

  /// Lines that were broken to fit, whole again; where a word was broken nobody can tell, so without spaces.
  private func sentences(_ screen: TerminalScreen) -> [String] {
    screen.lines.reduce(into: [String]()) { sentences, line in
      let text = line.replacing(" ", with: "")
      if line.hasPrefix("    "), let last = sentences.indices.last {
        sentences[last] += text
      } else {
        sentences.append(text)
      }
    }
  }

  @Test(
    "four songs: every result and remark stands on lines of its own, names its song, and no line runs over",
    .timeLimit(.minutes(10)), arguments: [80, 40, 20])
  func results(columns: Int) async throws {
    let command = try command(Self.long)
    defer { command.clean() }
    let (text, screen) = try await run(command, Self.long, columns: columns, showsData: false)
    #expect(screen.wraps == 0, "\(screen.lines)")
    #expect(screen.lines.allSatisfy { !$0.contains("[#") && !$0.contains("[.") }, "the bar is left: \(screen.lines)")
    let sentences = sentences(screen)
    for (index, name) in Self.long.dropLast().enumerated() {
      let plain = name.replacing(" ", with: "")
      let made = "[\(index + 1)/4]\(plain):c/\(plain.dropLast(4))-a-slow-waltz.mp3,"
      #expect(sentences.count { $0.hasPrefix(made) } == 1, "\(made): \(sentences)")
      #expect(sentences.contains { $0.hasPrefix(plain + ":cut:0sto7s") }, "\(sentences)")
    }
    #expect(sentences.contains { $0.hasPrefix("[4/4]broken.mp3:") && $0.contains("audio") }, "\(sentences)")
    #expect(sentences.last == "3of4coversmade,1failed", "\(sentences)")
    // Nothing else, and nothing twice.
    #expect(sentences.count == 8, "\(sentences)")
    if columns == 80 {
      #expect(
        text.contains(/covers     \[#*\.+\] +[0-9]+% 0 of 4, generating 42%, [0-9]:[0-9]{2} one\.mp3/),
        "\(text.debugDescription)")
    }
  }

  @Test(
    "data on the same screen stands below its song's result, on lines of its own", .timeLimit(.minutes(10)),
    arguments: [80, 40])
  func data(columns: Int) async throws {
    let command = try command(Self.short)
    defer { command.clean() }
    let (_, screen) = try await run(command, Self.short, columns: columns, showsData: true)
    #expect(screen.wraps == 0, "\(screen.lines)")
    for (index, name) in Self.short.dropLast().enumerated() {
      let position = try #require(
        screen.lines.firstIndex { $0.hasPrefix("[\(index + 1)/4] \(name): ") }, "\(screen.lines)")
      let path = "c/\(name.dropLast(4))-a-slow-waltz.mp3"
      let after = screen.lines[(position + 1)...].first { !$0.hasPrefix("    ") }
      #expect(after == path, "\(screen.lines)")
      #expect(screen.lines.count { $0.contains(path) } == 1, "\(screen.lines)")
    }
    #expect(screen.lines.last == "3 of 4 covers made, 1 failed")
  }

  @Test(
    "one song: generating has a bar with the percentage that the service tells, and the time", .timeLimit(.minutes(10)),
    arguments: [80, 40])
  func single(columns: Int) async throws {
    let command = try command(Self.short)
    defer { command.clean() }
    let text = try await RecordedMaker.withService(share: 0.42, isSlow: true) { baseURL in
      let (process, _, _) = try command.process(
        ["cover", "one.mp3", "--prompt", Self.prompt, "--end", "7", "--service", baseURL],
        environment: ["TERM": "xterm"])
      return try await TerminalOutput(columns: UInt16(columns)).run(process, of: command, showsData: true)
    }
    let screen = TerminalScreen(columns: columns, showing: text)
    #expect(text.contains(/\rgenerating \[#+\.+\]  42% 0:[0-9]{2}/), "\(text.debugDescription)")
    #expect(
      screen.lines.allSatisfy { $0.firstMatch(of: /\].*(pass|warn|fail)|[^ ]one-a-slow/) == nil }, "\(screen.lines)")
    #expect(screen.lines.last == "one-a-slow-waltz.mp3")
  }
}
