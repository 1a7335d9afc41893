import Foundation
import RepriseJobs
import Testing

@Suite("Names of covers")
struct OutputTemplateTests {
  private func path(
    _ template: String, name: String = "song", prompt: String = "dark synthwave", ext: String = "mp3", number: Int = 1,
    count: Int = 1, take: Int = 1
  ) throws -> String {
    try OutputTemplate(template).path(
      of: .init(name: name, prompt: prompt, ext: ext, number: number, count: count), take: take)
  }

  @Test(
    "a prompt's first words are the style's name",
    arguments: [
      ("dark synthwave, 90 bpm", "dark-synthwave-90-bpm"), ("jazz", "jazz"), ("  Warm\n\tFOLK!  ", "warm-folk"),
      ("the 80's", "the-80s"), ("R&B / soul", "r-b-soul"), ("bossa nova (très calme)", "bossa-nova-très-calme"),
      ("夜想曲、静かに", "夜想曲-静かに"), ("../../etc/passwd", "etc-passwd"), ("🎸🎸", "cover"), ("", "cover"), ("---", "cover"),
      (
        "warm acoustic folk, fingerpicked guitar, gentle brushes and a choir",
        "warm-acoustic-folk-fingerpicked-guitar"
      ), (String(repeating: "x", count: 500), String(repeating: "x", count: 40)),
    ])
  func style(prompt: String, name: String) { #expect(StyleName.of(prompt) == name) }

  @Test("every placeholder is put in, braces are doubled, and directories are part of it")
  func placeholders() throws {
    #expect(try path("{name}-{style}.{ext}") == "song-dark-synthwave.mp3")
    #expect(
      try path("covers/{style}/{n} {name} take {take}.{ext}", number: 7, count: 120, take: 3)
        == "covers/dark-synthwave/007 song take 3.mp3")
    #expect(try path("{{{name}}}.wav") == "{song}.wav")
    #expect(try path("/out/{name}.wav") == "/out/song.wav")
    #expect(
      OutputTemplate(in: "we{ird}/").path(of: .init(name: "a", prompt: "jazz", ext: "wav"), take: 1)
        == "we{ird}/a-jazz.wav")
    #expect(OutputTemplate(in: "/").path(of: .init(name: "a", prompt: "jazz", ext: "wav"), take: 1) == "/a-jazz.wav")
    #expect(OutputTemplate(in: nil).path(of: .init(name: "a", prompt: "jazz", ext: "wav"), take: 1) == "a-jazz.wav")
  }

  @Test("a second take is marked before the extension, unless the template tells takes itself")
  func takes() throws {
    #expect(try path("{name}-{style}.{ext}", take: 2) == "song-dark-synthwave-2.mp3")
    #expect(try path("{name}.wav", ext: "wav", take: 12) == "song-12.wav")
    #expect(try path("{name}", name: "Mr. Smith", take: 2) == "Mr. Smith-2")
    #expect(try path("{take}/{name}.{ext}", take: 2) == "2/song.mp3")
  }

  @Test(
    "what is no template says why",
    arguments: [
      ("{nmae}.mp3", OutputTemplate.Fault.unknown("nmae")), ("{}.mp3", .unknown("")), ("{Name}.mp3", .unknown("Name")),
      ("{name.mp3", .unclosed), ("name}.mp3", .unopened), ("{style}/", .nameless),
    ])
  func faults(text: String, fault: OutputTemplate.Fault) {
    #expect(throws: fault) { try OutputTemplate(text) }
  }

  @Test("the extension that a template names itself decides the format")
  func extensions() throws {
    #expect(try OutputTemplate("{name}.WAV").literalExtension == "wav")
    #expect(try OutputTemplate("{name}.{ext}").literalExtension == nil)
    #expect(try OutputTemplate("a.b/{name}").literalExtension == nil)
  }

  @Test(
    "names are files' names whatever the recording is called, and never longer than those may be",
    arguments: [
      "two\nlines\u{1B}[31m", "a\u{0}b", "\u{202E}gpj.evil", String(repeating: "n", count: 255),
      String(repeating: "夜", count: 85), String(repeating: "👨‍👩‍👧‍👦", count: 10), "", ".hidden", "..",
    ])
  func safe(name: String) throws {
    let long = String(repeating: "slow ", count: 8)
    for template in ["{name}-{style}.{ext}", "{style}-{name}{name}{style}.{ext}", "{name}/{style}.{ext}"] {
      for take in [1, 2, 999] {
        let made = try path(template, name: name, prompt: long, take: take)
        let parts = made.split(separator: "/", omittingEmptySubsequences: false)
        #expect(parts.count == template.split(separator: "/").count)
        try #require(!parts.isEmpty)
        #expect(parts.allSatisfy { $0.utf8.count <= 255 }, "\(made.utf8.count) bytes")
        #expect(made.hasSuffix(".mp3"))
        #expect(made.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{202E}" })
      }
    }
    // However long, takes of one cover differ in their number alone.
    let (first, second) = (
      try path("{name}-{style}.{ext}", name: name), try path("{name}-{style}.{ext}", name: name, take: 2)
    )
    #expect(second == first.dropLast(4) + "-2.mp3")
  }

  @Test("a taken name leads to the next take, but never to a second purchase of what may be the same")
  func decisions() {
    typealias Row = (OutputOccupation, again: Bool, mayReplace: Bool, isFree: Bool, OutputOccupation.Decision)
    let rows: [Row] = [
      (.free, false, false, false, .use), (.free, true, false, false, .use),
      (.same, false, false, false, .use), (.same, true, false, false, .next), (.same, true, true, false, .use),
      (.cover, false, false, false, .next), (.cover, false, true, false, .use), (.cover, true, false, true, .next),
      (.file, false, false, false, .use), (.file, true, false, false, .next), (.file, false, false, true, .next),
      (.file, false, true, true, .use),
    ]
    for (found, again, mayReplace, isFree, wanted) in rows {
      #expect(found.decision(again: again, mayReplace: mayReplace, isFree: isFree) == wanted, "\(found) \(again)")
    }
  }
}
