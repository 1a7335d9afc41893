import Foundation
import RepriseAudio
import RepriseCommand
import ReprisePreparation
import Testing

@Suite("The words for what cannot be prepared")
struct PreparationErrorTextTests {
  /// A reason, its kind and its exact words.
  struct Case: Sendable, CustomTestStringConvertible {
    let reason: PreparationError.Reason
    let code: PreparationError.Code
    let message: String
    var testDescription: String { message }

    init(_ reason: PreparationError.Reason, _ code: PreparationError.Code, _ message: String) {
      self.reason = reason
      self.code = code
      self.message = message
    }
  }

  @Test(
    "what cannot be used",
    arguments: [
      Case(.rejected([]), .unusable, "it holds no audio that can be used"),
      Case(.storedInspection, .unusable, "inspect it again: a stored record does not hold what a cut requires"),
      Case(
        .allSilent(level: -60, loudest: -63.25), .unusable,
        "nothing in it is louder than -60 dBFS, so all of it is silence (its loudest 20 ms reach -63.2 dBFS); record it "
          + "again, or lower --silence-level"),
      Case(
        .allSilent(level: -55.5, loudest: -.infinity), .unusable,
        "nothing in it is louder than -55.5 dBFS, so all of it is silence (digital silence throughout); record it again, or "
          + "lower --silence-level"),
      Case(
        .silentChannels([2], of: 2, sounding: [1]), .unusable, "channel 2 of 2 is silent; take --channels left"),
      Case(
        .silentChannels([1, 4], of: 4, sounding: [2, 3]), .unusable,
        "channels 1, 4 of 4 are silent; take --channels one of 2, 3"),
      Case(
        .channelsCancel(loss: .infinity), .unusable,
        "its channels cancel each other out, nothing is left of them, so that it would be silent; take one of them with "
          + "--channels left or right"),
    ])
  func unusable(_ example: Case) { check(example) }

  @Test(
    "times, fades and levels that make no sense",
    arguments: [
      Case(.notATime(.start, -1), .badRange, "the start of -1 s is not a position in it"),
      Case(.notATime(.end, .infinity), .badRange, "the end of inf s is not a position in it"),
      Case(
        .beyondEnd(.start, at: 100, length: 6.5), .badRange, "the start at 100 s is beyond its length of 6.5 s"),
      Case(.beyondEnd(.end, at: 7, length: 6.5), .badRange, "the end at 7 s is beyond its length of 6.5 s"),
      Case(.startNotBeforeEnd(start: 5, end: 2), .badRange, "the start at 5 s is not before the end at 2 s"),
      Case(
        .passageBesideTimes(.auto), .badRange,
        "the part is chosen either by start and end or as 'auto', not both; leave one out"),
      Case(
        .silenceLevel(-130), .badRange,
        "silence is what is under a level of -120 to -10 dBFS, not -130; choose another"),
      Case(.fades(in: 4, out: 4.5, length: 6.5), .badRange, "fades of 4 s and 4.5 s do not fit into 6.5 s"),
    ])
  func badRange(_ example: Case) { check(example) }

  @Test(
    "what is too short, too long or too large",
    arguments: [
      Case(
        .tooShort(seconds: 0.5, minimum: 6), .tooShort,
        "0.5 s would be left, under the service's minimum of 6 s; choose a longer part"),
      Case(
        .partTooLong(start: 0, end: 400.5, maximum: 360), .tooLong,
        "from 0 s to 400.5 s are 400.5 s, over the service's maximum of 360 s; move --start or --end"),
      Case(
        .mayNotBeCut(seconds: 400, maximum: 360), .tooLong,
        "400 s are over the service's maximum of 360 s, and it may not be cut; leave out --no-trim, or choose a part with "
          + "--start and --end"),
      Case(
        .formatNotTaken(.wav, taken: [.flac, .mp3]), .noFit,
        "the service does not take wav; ask for one of flac, mp3"),
      Case(
        .noFormatFits(seconds: 6.5, wanted: nil, taken: [.flac, .mp3], maximumBytes: 5000), .noFit,
        "6.5 s as flac, mp3 cannot be made to fit 5000 bytes; choose a shorter part"),
      Case(
        .noFormatFits(seconds: 6.5, wanted: .wav, taken: [.flac, .wav], maximumBytes: 5000), .noFit,
        "6.5 s as wav cannot be made to fit 5000 bytes; choose a shorter part or another format"),
      Case(
        .noFormatFits(seconds: 6.5, wanted: .wav, taken: [.wav], maximumBytes: 5000), .noFit,
        "6.5 s as wav cannot be made to fit 5000 bytes; choose a shorter part"),
      Case(
        .resultTooLarge(.flac, maximumBytes: 50_000_000), .noFit,
        "as flac it is over 50.0 MB; choose a shorter part or mp3"),
      Case(
        .unnamedOutput("q.mp3", instead: "q.flac", maximumBytes: 150_000), .noFit,
        "as flac it is over 150.0 kB, and as mp3 it would take the place of 'q.mp3', where 'q.flac' was named; ask for mp3 "
          + "by name, or choose a shorter part"),
      Case(
        .notExact(.refused(.tooFewBits)), .noFit,
        "cut by its own frames it would not be exact, since its header cannot hold what a decoder has to drop, and encoded "
          + "again it does not fit; choose a shorter part or another format"),
    ])
  func noFit(_ example: Case) { check(example) }

  @Test(
    "files that are not what they should be",
    arguments: [
      Case(
        .sameFile(output: "b.wav"), .sameFile,
        "the output 'b.wav' is the same file; the source is never changed, name another"),
      Case(
        .changed(.differs), .changed, "it is not the file any more that was inspected; prepare it again"),
      Case(
        .changed(.endedEarly), .changed,
        "it ended before the part that was planned: it was changed meanwhile; prepare it again"),
      Case(.changed(.becameShorter), .changed, "it became shorter while it was read; prepare it again"),
      Case(
        .unmeasured, .unmeasured,
        "which part is used depends on its samples, which have not been examined; survey it first"),
    ])
  func file(_ example: Case) { check(example) }

  private func check(_ example: Case) {
    let error = PreparationError(example.reason, path: "a.wav")
    #expect(error.code == example.code)
    #expect(PreparationErrorText.sentence(error) == "a.wav: " + example.message)
  }
}
