import Foundation
import RepriseAudio
import RepriseCommand
import ReprisePreparation
import Testing

@Suite("The words for a plan's steps")
struct StepTextTests {
  /// A step and its exact words.
  struct Case: Sendable, CustomTestStringConvertible {
    let detail: Plan.Step.Detail
    let message: String
    var testDescription: String { message }

    init(_ detail: Plan.Step.Detail, _ message: String) {
      self.detail = detail
      self.message = message
    }
  }

  static func cut(_ reasons: [ExcerptReason], _ method: Cut.Method = .samples) -> Plan.Step.Detail {
    .cut(Cut(start: 2, end: 10.25, reasons: reasons, method: method))
  }

  static func mp3(_ bitrate: Int, _ change: (inout MP3Conversion) -> Void = { _ in }) -> Plan.Step.Detail {
    var conversion = MP3Conversion(bitrate: bitrate)
    change(&conversion)
    return .mp3(conversion)
  }

  static let chunks = [RemovedChunk(name: "JUNK", bytes: 28), RemovedChunk(name: "LIST", bytes: 60)]

  @Test(
    "keeping, stripping, fading",
    arguments: [
      Case(.kept, "it fits as it is; not a byte is changed"),
      Case(
        .stripped(bytes: 14_200, chunks: []),
        "tags, pictures and padding are dropped (14.2 kB); the audio's bytes stay"),
      Case(
        .stripped(bytes: 9999, chunks: chunks),
        "tags, pictures and padding are dropped (9999 bytes); the audio's bytes stay; without the chunks JUNK, LIST"),
      Case(
        .newHeader(chunks: []), "a header that other programs understand is written before the audio's bytes"),
      Case(
        .newHeader(chunks: chunks),
        "a header that other programs understand is written before the audio's bytes; without the chunks JUNK, LIST"
      ),
      Case(
        .faded(in: 0.5, out: 0), "faded in over 0.5 s, as was asked for; the samples in between stay"),
      Case(
        .faded(in: 0.5, out: 2),
        "faded in over 0.5 s and out over 2 s, as was asked for; the samples in between stay"),
    ])
  func plain(_ example: Case) { #expect(StepText.text(example.detail) == example.message) }

  @Test(
    "level, channels and silence",
    arguments: [
      Case(
        .gain(GainChange(decibels: 84, isAutomatic: true, truePeak: -1)),
        "the level is changed by +84.0 dB, to a true peak of -1.0 dBTP"),
      Case(
        .gain(GainChange(decibels: -3, isAutomatic: false, truePeak: 0.2)),
        "the level is changed by -3.0 dB, as was asked for (true peak +0.2 dBTP)"),
      Case(.channels(.picked([2], of: 2)), "channel 2 of 2, as was asked for; the samples stay"),
      Case(.channels(.picked([3, 1], of: 6)), "channels 3, 1 of 6, as was asked for; the samples stay"),
      Case(
        .channels(.onlySounding(1, of: 2)),
        "channel 1 of 2, the only one that is not silent, as mono; its samples stay"),
      Case(.channels(.oneOfEqual(of: 2)), "one of 2 channels with the same samples, as mono; the samples stay"),
      Case(.channels(.mean(of: 2, silent: [], loss: nil)), "the mean of its 2 channels, as mono"),
      Case(
        .channels(.mean(of: 6, silent: [3, 4], loss: nil)),
        "the mean of its 6 channels, without the silent 3, 4, as mono"),
      Case(
        .channels(.mean(of: 2, silent: [], loss: 25.59)),
        "the mean of its 2 channels, as mono; WARNING: its channels cancel each other out, the mean is 25.6 dB softer "
          + "than they are; take one of them with --channels left or right"),
      Case(
        .channels(.mean(of: 2, silent: [], loss: .infinity)),
        "the mean of its 2 channels, as mono; WARNING: its channels cancel each other out, nothing is left of them; "
          + "take one of them with --channels left or right"),
      Case(
        .silenceShortened(
          SilenceCut(
            longest: 1, level: -60,
            stretches: [
              LostStretch(start: 3.5, end: 5.5, cause: .silence), LostStretch(start: 69, end: 70.5, cause: .silence),
            ])),
        "silence inside (under -60 dBFS) of more than 1 s is shortened to that at 2 places, without 3.5 s in all: "
          + "0:03.500-0:05.500, 1:09.000-1:10.500"),
    ])
  func changes(_ example: Case) { #expect(StepText.text(example.detail) == example.message) }

  @Test(
    "cuts",
    arguments: [
      Case(cut([.asked]), "2 s to 10.25 s, as was asked for, to the sample"),
      Case(
        cut([.longest], .bytes(without: [])),
        "2 s to 10.25 s, the most the service takes, by its bytes, without loss"),
      Case(
        cut([.asked], .bytes(without: chunks)),
        "2 s to 10.25 s, as was asked for, by its bytes, without loss; without the chunks JUNK, LIST"),
      Case(
        cut([.middle], .frames),
        "2 s to 10.25 s, its middle, as much as the service takes, to the sample by its own frames, nothing encoded again"
      ),
      Case(
        cut([.asked, .withoutSilence(front: 1.5, behind: 0, level: -60)], .losslessSamples),
        "2 s to 10.25 s, as was asked for; without its silence (1.5 s before, under -60 dBFS), to the sample, without loss"
      ),
      Case(
        cut([.withoutSilence(front: 1.5, behind: 2.25, level: -55.5), .longest]),
        "2 s to 10.25 s, without its silence (1.5 s before and 2.25 s after, under -55.5 dBFS); the most the service "
          + "takes, to the sample"),
      Case(cut([.passage(PassageReason(.beginning))]), "2 s to 10.25 s, its beginning, to the sample"),
      Case(
        cut([.passage(PassageReason(.recurring(times: 1.62, louder: 2.04)))]),
        "2 s to 10.25 s, the passage that represents it best: it recurs 1.6 times as much as the whole does on average, "
          + "and is 2.0 dB louder than the whole, to the sample"),
      Case(
        cut([.passage(PassageReason(.loudest(louder: -0.3), move: .init(start: -0.25, end: 1)))]),
        "2 s to 10.25 s, nothing in it clearly recurs, so the loudest passage: 0.3 dB softer than the whole; its ends lie "
          + "at quiet points, -0.25 and +1.00 s from there, to the sample"),
    ])
  func cuts(_ example: Case) { #expect(StepText.text(example.detail) == example.message) }

  @Test(
    "conversions to flac and wav",
    arguments: [
      Case(.flac(.same), "to flac, without loss"),
      Case(
        .flac(.narrowed(to: 16, used: 14, from: .float(bits: 32))),
        "to flac of 16 bits, without loss: its 32-bit floats hold no more than 14 bits"),
      Case(
        .flac(.narrowed(to: 24, used: 20, from: .integer(bits: 32))),
        "to flac of 24 bits, without loss: its 32-bit integers hold no more than 20 bits"),
      Case(
        .flac(.rounded(from: .float(bits: 64), level: .lowered(by: 6.02))),
        "to flac; 64-bit floats are rounded to 24 bits, by half a step at most, 144 dB under full scale and under the noise "
          + "of any converter; its level is lowered by 6.0 dB, since its peaks are that much over full scale"),
      Case(
        .flac(.decoded(bits: 16, from: "mp3", wasAsked: true, level: nil)),
        "to flac of 16 bits, as was asked for; what mp3 has lost stays lost"),
      Case(.wav(bits: 24, level: nil, isAsked: true), "to wav of 24 bits, as was asked for"),
      Case(
        .wav(bits: 32, level: nil, isAsked: false), "to wav of 32 bits, since all decoders read flac of at most 24"),
      Case(
        .wav(bits: 16, level: .lowered(by: 1.5), isAsked: true),
        "to wav of 16 bits, as was asked for; its level is lowered by 1.5 dB, since its peaks are that much over full scale"
      ),
    ])
  func lossless(_ example: Case) { #expect(StepText.text(example.detail) == example.message) }

  @Test(
    "conversions to mp3",
    arguments: [
      Case(mp3(320_000), "to mp3 at 320 kbit/s"),
      Case(
        mp3(8000) { $0.surplus = 0.288 },
        "to mp3 at 8 kbit/s; so few bits leave no room for its exact length: up to 0.288 s of silence stay around it"),
      Case(
        mp3(192_000) {
          $0.level = .loweredForCoding(by: 3.3, peak: 3, location: .betweenSamples, rise: 0.3)
          $0.resampling = .init(from: 96000, to: 48000)
          $0.mixedChannels = 6
        },
        "to mp3 at 192 kbit/s; its level is lowered by 3.3 dB, since its peaks go 3.0 dB over full scale between the samples "
          + "and coding raises such peaks by up to 0.3 dB; resampled from 96000 to 48000 Hz, which mp3 has; mixed from 6 "
          + "channels to 2, the most mp3 has"),
      Case(
        mp3(192_000) { $0.level = .loweredForCoding(by: 3.3, peak: 3, location: .samples, rise: 0.3) },
        "to mp3 at 192 kbit/s; its level is lowered by 3.3 dB, since its peaks go 3.0 dB over full scale and coding raises "
          + "such peaks by up to 0.3 dB"),
      Case(
        mp3(192_000) {
          $0.level = .loweredForCoding(by: 3.3, peak: 3, location: .ownDecoding, rise: 0.3)
          $0.again = .fades
        },
        "to mp3 at 192 kbit/s; its level is lowered by 3.3 dB, since its own decoding goes 3.0 dB over full scale, where "
          + "players clip it, and coding raises such peaks by up to 0.3 dB; encoded again for the fades"),
      Case(
        mp3(128_000) {
          $0.level = .watched(peak: -0.1)
          $0.again = .size
        },
        "to mp3 at 128 kbit/s; its peaks reach -0.1 dB; should coding raise them over full scale, it is lowered by as much; "
          + "encoded again to fit"),
      Case(
        mp3(128_000) { $0.again = .refusal(.changingFormat) },
        "to mp3 at 128 kbit/s; encoded again since its sample rate or channels change on the way"),
      Case(
        .either(.flac(.same), ifAtMost: 40_000, otherwise: mp3(48_000)),
        "to flac, without loss, if that fits 40.0 kB; else to mp3 at 48 kbit/s"),
    ])
  func lossy(_ example: Case) { #expect(StepText.text(example.detail) == example.message) }

  /// A remark and its exact words.
  struct Remarked: Sendable, CustomTestStringConvertible {
    let remark: PreparedAudio.Remark
    let message: String
    var testDescription: String { message }
  }

  @Test(
    "what was done other than the plan says",
    arguments: [
      Remarked(
        remark: .encodedAgain(.looksDamaged),
        message: "it was encoded again, with loss: cut by its own frames it would not be exact, since its frames by "
          + "themselves look damaged"),
      Remarked(
        remark: .encodedAgain(.refused(.acrossJoint)),
        message:
          "it was encoded again, with loss: cut by its own frames it would not be exact, since it was joined from "
          + "two files, and the part lies across the joint"),
      Remarked(
        remark: .mp3Instead(maximumBytes: 150_000, conversions: [.faded(in: 1, out: 0), mp3(160_000)]),
        message:
          "as flac it is over 150.0 kB, so it was encoded to mp3 after all: faded in over 1 s, as was asked for; "
          + "the samples in between stay; to mp3 at 160 kbit/s"),
      Remarked(
        remark: .loweredAgain(peak: 1.234, by: 1.5, still: nil),
        message: "decoded, its peaks went 1.23 dB over full scale, so it was encoded once more, 1.50 dB lower"),
      Remarked(
        remark: .loweredAgain(peak: 1.234, by: 1.5, still: 0.016),
        message: "decoded, its peaks went 1.23 dB over full scale, so it was encoded once more, 1.50 dB lower; they "
          + "still go 0.02 dB over it"),
    ])
  func remarks(_ example: Remarked) { #expect(PreparedText.text(example.remark) == example.message) }

  @Test("several remarks are one, and none is none")
  func joined() {
    func made(_ remarks: [PreparedAudio.Remark]) -> PreparedAudio {
      PreparedAudio(path: "x.mp3", bytes: 1, format: .mp3, seconds: 1, lossless: false, remarks: remarks)
    }
    #expect(PreparedText.remark(made([])) == nil)
    let both: [PreparedAudio.Remark] = [.encodedAgain(.looksDamaged), .loweredAgain(peak: 1, by: 1, still: nil)]
    #expect(PreparedText.remark(made(both)) == both.map(PreparedText.text).joined(separator: "; "))
  }
}
