import RepriseEngine
import Testing

@Suite("The requests of a prompt that can be checked in a cover")
struct CheckableRequestsTests {
  @Test(
    "tempos and ranges of tempos",
    arguments: [
      ("dark synthwave, 120 bpm", 120...120), ("at 98.5bpm.", 98.5...98.5), ("100-110 BPM funk", 100...110),
      ("from 90 to 100 bpm", 90...100), ("3 guitars, 90 bpm", 90...90), ("jazz", nil), ("900 bpm", nil),
      ("bpm", nil),
    ] as [(String, ClosedRange<Double>?)])
  func tempo(prompt: String, wanted: ClosedRange<Double>?) {
    #expect(CheckableRequests(prompt: prompt).beatsPerMinute == wanted)
  }

  @Test(
    "a change of tempo",
    arguments: [
      ("a little faster", true), ("slower, please", false), ("slowed down", false), ("not faster", nil),
      ("slow ballad", nil), ("", nil),
    ] as [(String, Bool?)])
  func pace(prompt: String, wanted: Bool?) {
    #expect(CheckableRequests(prompt: prompt).isFaster == wanted)
  }

  @Test(
    "keys, and what only looks like one",
    arguments: [
      ("piano in C minor", (0, true)), ("F# major", (6, false)), ("B♭ minor waltz", (10, true)),
      ("e-flat major", (3, false)), ("in the key of G", (7, nil)), ("in A minor", (9, true)),
      ("in a minor", (9, true)), ("folk in A major, slow", (9, false)), ("in a minor key", nil),
      ("a minor change of the mood", nil), ("a major hit", nil), ("e guitar", nil), ("key of the song", nil),
    ] as [(String, (Int, Bool?)?)])
  func key(prompt: String, wanted: (Int, Bool?)?) {
    let found = CheckableRequests(prompt: prompt).key
    #expect(found?.tonic == wanted?.0)
    #expect(found?.isMinor == wanted?.1)
  }

  @Test(
    "transpositions",
    arguments: [
      ("two semitones down", -2), ("up a fourth", 5), ("a whole tone higher", 2), ("transpose up by 3 semitones", 3),
      ("half a step", nil), ("one half step lower", -1), ("an octave up", 12), ("a fifth of whisky", nil),
    ] as [(String, Int?)])
  func transposition(prompt: String, wanted: Int?) {
    #expect(CheckableRequests(prompt: prompt).transposition == wanted)
  }

  @Test(
    "durations of the whole",
    arguments: [
      ("90 seconds long", 90), ("two minutes long", 120), ("1:30 long", 90), ("duration: 45 s", 45),
      ("length of about 1 minute and 20 seconds", 80), ("duration 30s", 30), ("a 10 second intro", nil),
      ("fade out after 2 minutes", nil), ("3 long guitars", nil),
    ] as [(String, Double?)])
  func duration(prompt: String, wanted: Double?) {
    #expect(CheckableRequests(prompt: prompt).seconds == wanted)
  }

  @Test(
    "covers without singing",
    arguments: [
      ("instrumental jazz", true), ("no vocals", true), ("without any singing", true), ("no lead vocals, please", true),
      ("female vocals", false), ("not instrumental", false), ("an instrumental intro", false), ("no drums", false),
    ])
  func instrumental(prompt: String, wanted: Bool) {
    #expect(CheckableRequests(prompt: prompt).isInstrumental == wanted)
  }
}
