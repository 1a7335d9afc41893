import RepriseAudio
import Foundation
import RepriseCommand
import RepriseSystem
import TestSupport
import Testing

/// A finding and the sentence that people read of it in a file called `song.mp3`.
struct WordedCase: Sendable, CustomTestStringConvertible {
  let finding: Finding
  let sentence: String
  var testDescription: String { sentence }

  init(_ finding: Finding, _ sentence: String) {
    self.finding = finding
    self.sentence = sentence
  }

  static func wave(_ finding: WaveFinding, _ sentence: String) -> WordedCase {
    WordedCase(.wave(finding), sentence)
  }

  static func flac(_ finding: FLACFinding, _ sentence: String) -> WordedCase {
    WordedCase(.flac(finding), sentence)
  }

  static func mp3(_ finding: MP3Finding, _ sentence: String) -> WordedCase { WordedCase(.mp3(finding), sentence) }

  static func failed(_ problem: AudioFileProblem, _ sentence: String) -> WordedCase {
    WordedCase(.failed(AudioFileError(path: "song.mp3", problem)), sentence)
  }
}

@Suite("Findings in words")
struct FindingTextTests {
  static let general: [WordedCase] = [
    WordedCase(
      .tooShort(seconds: 5.999875, minimum: 6),
      "is 5.999875 s long, under the service's minimum of 6 s; use a longer recording"),
    WordedCase(
      .tooLong(seconds: 400.5, maximum: 360),
      """
      is 400.5 s long, over the service's maximum of 360 s; 'reprise prepare' cuts it, --start and --end say \
      where
      """),
    WordedCase(
      .tooLarge(bytes: 62_800_000, maximum: 50_000_000),
      "62.8 MB is over the service's 50.0 MB; try 'reprise prepare', which takes the least change that fits"),
    WordedCase(
      .tooLarge(bytes: 50_000_001, maximum: 50_000_000),
      """
      50000001 bytes are over the service's 50000000; try 'reprise prepare', which takes the least change \
      that fits
      """),
    WordedCase(
      .formatNotAccepted("flac", accepted: [.mp3, .wav]),
      "is flac, and the service takes mp3, wav; 'reprise prepare' converts it"),
    WordedCase(
      .headerLies(declared: 63.43, actual: 6.3, basis: .counted),
      "its header claims 63.43 s; 6.3 s are there (counted)"),
    WordedCase(
      .lengthRisk(
        seconds: 6.3, limit: 6.31,
        reported: [
          ReportedDuration(seconds: 6.348, reporter: .untrimmed), ReportedDuration(seconds: 63, reporter: .header),
        ]),
      """
      it is 6.3 s, but tools that take no notice of encoder delay and padding see 6.348 s; tools that believe its header see 63 s: on the other side of the limit of 6.31 s
      """),
    WordedCase(
      .lengthRisk(
        seconds: 6.3, limit: 6,
        reported: [
          ReportedDuration(seconds: 5, reporter: .headerFrame), ReportedDuration(seconds: 5, reporter: .claimedFrames),
          ReportedDuration(seconds: 5, reporter: .bitRate), ReportedDuration(seconds: 5, reporter: .bitRateWithTags),
        ]),
      """
      it is 6.3 s, but tools that also play its header's own frame see 5 s; tools that multiply the frames \
      its header claims (ffprobe) see 5 s; tools that divide its bytes by the first frame's bit rate \
      (mutagen) see 5 s; tools that divide all its bytes by the first frame's (libsndfile) see 5 s: on the \
      other side of the limit of 6 s
      """
    ),
    WordedCase(
      .sizeRisk(bytes: 1_000_001, maximum: 1_000_000, binaryMaximum: 1_048_576),
      """
      1000001 bytes are over the limit of 1 MB read as 1000000 bytes, as is done here; read as 1 MiB \
      (1048576 bytes) it would be taken
      """),
    WordedCase(.immeasurable, "holds no audio that could be measured"),
    WordedCase(.silent, "is silent: no sample is louder than -80 dBFS; record it again"),
    WordedCase(
      .clipped(
        share: 0.0161,
        runs: ClippedRuns(
          count: 12, first: Inspection.TimeSpan(start: 1.5, end: 1.501),
          longest: Inspection.TimeSpan(start: 2, end: 2.0125))),
      """
      1.6 % of its samples stand in runs at full scale, 12 of them, the first at 1.5 s, the longest of 12.5 \
      ms at 2 s; it was recorded or mastered too loud
      """),
    WordedCase(
      .clipped(
        share: 0.25,
        runs: ClippedRuns(
          count: 3, first: Inspection.TimeSpan(start: 0, end: 1), longest: Inspection.TimeSpan(start: 0, end: 1),
          level: 3.2)),
      """
      25.0 % of its samples stand in runs at its ceiling of +10.1 dBFS, 3 of them, the first at 0 s, the longest \
      of 1000.0 ms at 0 s; it was recorded or mastered too loud
      """),
    WordedCase(.quiet(peak: 0.000056), "is quiet: its peak is -85.0 dBFS; 'reprise prepare --gain auto' raises it"),
    WordedCase(
      .overFullScale(peak: 3.2),
      """
      its peaks reach +10.1 dBFS, which floats hold: headroom, not clipped; 'reprise prepare --gain auto' lowers \
      them to -1 dBTP
      """),
    WordedCase(
      .silentChannels([3, 4], of: 6),
      "channels 3, 4 of 6 are silent; 'reprise prepare --channels mono' leaves silent channels out"),
    WordedCase(
      .identicalChannels(1, 2),
      "channels 1 and 2 have the same samples; 'reprise prepare --channels mono' keeps one of them, without loss"),
    WordedCase(
      .invertedChannels(1, 2, loss: nil),
      "channel 2 is channel 1 inverted; mixed to mono they cancel each other out; take one with --channels"),
    WordedCase(
      .invertedChannels(1, 2, loss: 25.59),
      """
      channel 2 is channel 1 inverted, or almost so: their mean is 25.6 dB under them; mixed to mono they cancel \
      each other out; take one with --channels
      """),
    WordedCase(
      .offCentre([ChannelOffset(channel: 2, mean: -0.05)]),
      "DC offset: channel 2 by -5.0 % of full scale (-26.0 dBFS); cuts will click, and headroom is lost"),
    WordedCase(.frameCount(counted: 10, decoded: 9), "10 frames were counted and 9 decoded"),
  ]

  static let wave: [WordedCase] = [
    .wave(.endsBeforeFormat(bytes: 1), "it ends after 1 byte, before its format chunk; get a complete copy"),
    .wave(.endsBeforeSamples(bytes: 44), "it ends after 44 bytes, before any samples"),
    .wave(.noFormat, "it has no usable format chunk, so its samples cannot be told apart"),
    .wave(.noData, "it has no data chunk: there are no samples in it"),
    .wave(.noChannels, "its header claims 0 channels; nothing can be played from it"),
    .wave(
      .implausibleRate(99, plausible: 100...768_000), "its header claims 99 Hz; audio has 100 to 768000 Hz"),
    .wave(.impossibleWidth(bits: 255), "its header claims samples of 255 bits; linear PCM has 1 to 64"),
    .wave(
      .ambiguousFrame(bytes: 4, channels: 1, bits: 24),
      """
      its header contradicts itself: a frame of 4 bytes for 1 channel of 24 bits, which decoders read in two \
      ways; write it again from its source
      """),
    .wave(
      .unsupportedCodec("pcm_mulaw", isLinear: false),
      "is a wav with pcm_mulaw inside, which is not linear PCM; 'reprise prepare' converts it"),
    .wave(
      .unsupportedCodec("pcm_s64le", isLinear: true),
      """
      is a wav with pcm_s64le inside, which hardly anything reads; write it again: ffmpeg -i song.mp3 \
      song.flac
      """),
    .wave(
      .tooManyChannels(2000, most: 64),
      "has 2000 channels, more than the 64 that all other programs read; choose some of them"),
    .wave(
      .truncated(declaredBytes: 60000, presentBytes: 52000, missingSeconds: 1),
      "it ends early: 52000 of 60000 bytes of samples are there, the last 1 s are missing; get a complete copy"),
    .wave(
      .truncated(declaredBytes: 60000, presentBytes: 59999, missingSeconds: 0.000125),
      "it ends early: 59999 of 60000 bytes of samples are there, the last 1 byte are missing; get a complete copy"),
    .wave(
      .notNumbers(samples: 6, isDouble: false, first: 2, places: 2, seconds: 0.0015),
      """
      6 samples are not numbers (NaN or infinite), the first at 2 s, in 2 places of 0.002 s in all; render \
      it again from its source
      """),
    .wave(
      .notNumbers(samples: 1, isDouble: true, first: 2, places: 1, seconds: 0.0015),
      """
      1 sample are NaN, infinite or beyond ±3.4e38, the most a 32-bit float holds, the first at 2 s; render \
      it again from its source
      """),
    .wave(.tagsInFront(bytes: 2067), "2067 bytes of tags are before the RIFF header"),
    .wave(
      .unfilledSize(declaredBytes: 0, presentBytes: 52000),
      "the data chunk's size was never filled in (0); 52000 bytes are there"),
    .wave(
      .excessiveSize(declaredBytes: 520_000, presentBytes: 52000),
      "52000 of 520000 bytes of samples are there, and by the file's size in its header nothing is missing"),
    .wave(
      .fileSize(declared: 100, actual: 52044), "its header claims a file of 100 bytes, 51944 less than it has"),
    .wave(.fileSize(declared: 1, actual: 0), "its header claims a file of 1 byte, 1 more than it has"),
    .wave(
      .narrowSize(bytes: 1, wideBytes: 8),
      """
      its data chunk claims 1 byte and its ds64 chunk 8; decoders go by the second
      """),
    .wave(.partialFrame(bytes: 1), "1 byte at the end of the samples is no whole frame"),
    .wave(
      .frameSize(claimed: 4, actual: 2, channels: 1, bits: 16),
      "its header claims frames of 4 bytes where 1 channel of 16 bits have 2; decoders go by these"),
    .wave(
      .laterData(chunks: 1, seconds: 1.5),
      "1 more data chunk is after the first, with 1.5 s"),
    .wave(
      .severalWaves(
        FirstOf([Inspection.TimeSpan(start: 0, end: 7), Inspection.TimeSpan(start: 7, end: 13)])),
      """
      it contains 2 wav files, one after the other (7 s from 0 s, 6 s from 7 s), which no decoder plays as \
      such; 'reprise prepare' joins them where all of them are whole; \
      --start and --end take a part of it
      """),
    .wave(.strayBytes(128, .tag, seconds: 1), "128 bytes after the samples are a tag"),
    .wave(.strayBytes(1, .zeros, seconds: 1), "1 byte after the samples is zeros"),
    .wave(
      .strayBytes(128, .anotherWave, seconds: 1),
      "128 bytes after the samples are another wav, which nothing plays"),
    .wave(
      .strayBytes(26000, .unknown, seconds: 3.25),
      "26000 bytes after the samples are no chunks; if they are samples, the header claims 3.25 s too little"),
    .wave(
      .unpaddedChunks(2), "2 chunks of odd size lack the byte that makes them even, which many programs require"),
    .wave(
      .sideChunks(FirstOf([SideBlock(kind: "LIST", bytes: 60), SideBlock(kind: "bext", bytes: 602)])),
      "chunks beside the samples: LIST 60, bext 602"),
    .wave(
      .sideChunks(FirstOf(Array(repeating: SideBlock(kind: "JUNK", bytes: 0), count: 12))),
      """
      chunks beside the samples: JUNK 0, JUNK 0, JUNK 0, JUNK 0, JUNK 0, JUNK 0, JUNK 0, JUNK 0, JUNK 0, \
      JUNK 0 and 2 more
      """),
  ]

  static let flac: [WordedCase] = [
    .flac(.endsInMetadata, "it ends within its metadata, before any audio; get a complete copy"),
    .flac(.implausibleRate(99), "its header claims 99 Hz; a flac has 100 to 1048575 Hz"),
    .flac(
      .contradiction(.sampleRate, claimed: 44100, found: 4000),
      "its header claims 44100 Hz where its frames have 4000; get an undamaged copy"),
    .flac(
      .contradiction(.channels, claimed: 2, found: 1),
      "its header claims 2 channels where its frames have 1; get an undamaged copy"),
    .flac(
      .contradiction(.width, claimed: 24, found: 16),
      "its header claims 24 bits where its frames have 16; get an undamaged copy"),
    .flac(.noStreamInfo, "its first block is not STREAMINFO, without which nothing can be decoded"),
    .flac(
      .onlyFrames(sampleRate: 4000, channels: 1, bits: 16, seconds: 6.5),
      """
      its first block is not STREAMINFO, without which few programs decode it; its frames show 4000 Hz, 1 \
      channel, 16 bits, 6.5 s; get an undamaged copy
      """),
    .flac(
      .onlyFrames(sampleRate: nil, channels: 2, bits: nil, seconds: nil),
      """
      its first block is not STREAMINFO, without which few programs decode it; its frames show 2 channels; \
      get an undamaged copy
      """),
    .flac(.nothingDecoded, "not one frame of it can be decoded"),
    .flac(
      .damage(first: DamageSpan(start: 3.072, end: 3.328, kind: .checksum), places: 1, lostSeconds: 0.256),
      """
      damage at 3.072–3.328 s: a frame whose checksum is wrong; 1 place, 0.256 s lost in all; get an \
      undamaged copy
      """),
    .flac(
      .damage(
        first: DamageSpan(start: 6.5, end: 6.5, kind: .missingFrames(.noFrame)), places: 3, lostSeconds: 1),
      """
      damage at 6.5 s: frames are missing (no frame where one should begin); 3 places, the first, 1 s lost \
      in all; get an undamaged copy
      """),
    .flac(
      .partOfLonger(start: 3.072, seconds: 3.428, of: 6.5),
      """
      it is a part of a longer stream: it begins at 3.072 s, and 3.428 s of 6.5 s are there; get a complete \
      copy, or write it again: ffmpeg -i song.mp3 song.flac
      """),
    .flac(.truncated(seconds: 3.584, of: 6.5), "it ends early: 3.584 s of 6.5 s are there; get a complete copy"),
    .flac(
      .md5Differs, "the MD5 of its samples is not the one in its header: they are not what was encoded"),
    .flac(
      .lastFrameCut(at: 6.4), "its last frame, at 6.4 s, is cut off or damaged; get a complete copy"),
    .flac(
      .severalStreams(
        FirstOf([Inspection.TimeSpan(start: 0, end: 6.5), Inspection.TimeSpan(start: 6.5, end: 13)])),
      """
      it contains 2 flac files, one after the other (6.5 s from 0 s, 6.5 s from 6.5 s), which no decoder plays \
      as such; 'reprise prepare' joins them where all of them are whole; \
      --start and --end take a part of it
      """),
    .flac(.tagsInFront(bytes: 1), "1 byte of tags is before the stream"),
    .flac(
      .sideBlocks(
        FirstOf(
          [.streamInfo, .padding, .application, .seekTable, .tags, .cueSheet, .picture, .unknown(9)].map {
            SideBlock(kind: $0, bytes: 8)
          })),
      """
      blocks beside the samples: STREAMINFO 8, padding 8, application 8, seek table 8, tags 8, cue sheet 8, \
      picture 8, block type 9 8
      """),
    .flac(.trailer(bytes: 128, [.ape, .id3v1]), "128 bytes after the last frame are a tag (APE, ID3v1)"),
    .flac(.trailer(bytes: 1, [.zeros]), "1 byte after the last frame is zeros"),
    .flac(.rest(bytes: 128, .tag), "128 bytes after the last frame are a tag"),
    .flac(.rest(bytes: 128, .zeros), "128 bytes after the last frame are zeros"),
    .flac(
      .rest(bytes: 128, .anotherStream),
      "128 bytes after the last frame are another flac, which hardly anything plays"),
    .flac(
      .rest(bytes: 128, .damagedFrame), "128 bytes after the last frame are a frame that is cut off or damaged"),
    .flac(.rest(bytes: 128, .unknown), "128 bytes after the last frame are no frame"),
    .flac(.noMD5, "its header has no MD5 to compare the samples with"),
    .flac(
      .numbersGoBack(at: 6.5),
      "the frames' numbers go back at 6.5 s: two streams in one, or a part of one twice"),
  ]

  static let mp3: [WordedCase] = [
    .mp3(.noAudio, "no mp3 frame holds any audio"),
    .mp3(
      .strayFrames(2, first: 1.5),
      """
      2 frames have other channels than all around them, the first at 1.5 s: their headers are damaged; get \
      an undamaged copy
      """),
    .mp3(
      .shattered(pieces: 99999),
      "its frames lie in more than 99999 pieces, and what follows was not examined; get an undamaged copy"),
    .mp3(
      .lastFrameCut(offset: 25391),
      "the last frame, at byte 25391, is cut off by the end of the file; all the others are whole"),
    .mp3(
      .audioLost(seconds: 4.091, bytes: 32664, isCounted: true),
      """
      4.091 s of audio are lost: 32664 bytes between its frames are zeros or no audio; get an undamaged copy, \
      or listen to what is left: ffmpeg -i song.mp3 song.flac
      """),
    .mp3(
      .streamMetadata(blocks: 11, texts: 1, bytes: 59, interval: 8192),
      """
      11 blocks of a radio stream's metadata (59 bytes, 1 title) stand inside its frames, one after every \
      8192 bytes
      """),
    .mp3(
      .joined(parts: FirstOf([4.049, 8.046]), count: 2),
      "it was joined from 2 mp3s, each with a header of its own, of 4.049 s, 8.046 s"),
    .mp3(
      .garbageBetween(bytes: 3000, offset: 22307, seconds: 5.5),
      """
      3000 bytes at 22307 between two frames, at 5.5 s, are not audio; get an undamaged copy, or listen to \
      what is left: ffmpeg -i song.mp3 song.flac
      """),
    .mp3(
      .zerosBetween(bytes: 3000, offset: 20000, seconds: 5.5),
      """
      3000 bytes at 20000 between two frames, at 5.5 s, are zeros: audio was lost there; get an undamaged \
      copy, or listen to what is left: ffmpeg -i song.mp3 song.flac
      """),
    .mp3(
      .truncated(frames: 242, promised: 243, header: "Info", missingSeconds: 0.026),
      """
      242 of the 243 frames its Info header promises are there: the last 0.026 s are missing; get a complete \
      copy
      """),
    .mp3(
      .damagedFrames(1, first: DamageSpan(start: 2.5, end: 2.54, kind: .sideInformation)),
      """
      1 frame is damaged inside, the first at 2.5 s–2.54 s: a frame whose side information makes no sense; \
      get an undamaged copy, or listen to what is left: ffmpeg -i song.mp3 song.flac
      """),
    .mp3(
      .formatChanges(
        [MP3Finding.FormatChange(oldRate: 44100, oldChannels: 1, rate: 22050, channels: 2, seconds: 6.348)], count: 1),
      "the format changes 1 time: from 44100 Hz, 1 ch to 22050 Hz, 2 ch at 6.348 s"),
    .mp3(
      .headerBehindChecksum,
      "its header follows a CRC, where decoders do not find it: they play its frame"),
    .mp3(.garbageInFront(bytes: 1), "1 byte before the first frame is not audio"),
    .mp3(.garbageBehind(bytes: 20, offset: 100), "20 bytes after the last frame, at 100, are not audio"),
    .mp3(
      .tagsBehind(bytes: 128, NonAudioContents(recognised: FirstOf([.id3v1]))),
      "128 bytes after the last frame are ID3v1"),
    .mp3(
      .tagsBetween(
        bytes: 50000, NonAudioContents(recognised: FirstOf(Array(repeating: .id3v2, count: 5000))), offset: 10000),
      """
      50000 bytes of ID3v2, ID3v2, ID3v2, ID3v2, ID3v2, ID3v2, ID3v2, ID3v2, ID3v2, ID3v2 and 4990 more at \
      10000 between two frames
      """),
    .mp3(.moreGaps(7), "7 more stretches between frames hold no audio"),
    .mp3(.moreTags(7), "7 more stretches of tags between frames"),
    .mp3(
      .uncomputedChecksums(wrong: 242, of: 243),
      """
      the checksums of 242 of its 243 protected frames are wrong, as an encoder leaves them that does not \
      compute them; they say nothing of the audio
      """),
    .mp3(
      .cutFromLonger(frames: 6, bytes: 326),
      """
      it was cut out of a longer stream: its first 6 frames want up to 326 bytes of frames before them that \
      are not there
      """),
    .mp3(
      .cutFromLonger(frames: 1, bytes: 326),
      """
      it was cut out of a longer stream: its first frame wants up to 326 bytes of frames before it that are \
      not there
      """),
    .mp3(
      .tagChecksum, "the checksum of its LAME tag is wrong: the tag was changed, or damaged"),
    .mp3(
      .checksumBeyondEnd(bytes: 10, of: 20),
      "10 of the 20 bytes of frames that its encoder wrote are there; their checksum shows nothing more"),
    .mp3(
      .framesChanged,
      """
      its frames are not those that its encoder wrote (checksum in the LAME tag): they were changed since, \
      as gain tools and editors do, or damaged
      """),
  ]

  static let failures: [WordedCase] = [
    .failed(.file(FileError(.missing, path: "song.mp3")), "no such file"),
    .failed(.file(FileError(.isDirectory, path: "song.mp3")), "is a directory; name a file"),
    .failed(.emptyPath, "the path is empty; name a file"),
    .failed(.zeroByteInPath, "the path holds a zero byte; no file can be named so"),
    .failed(
      .special(.namedPipe), "is a named pipe, which was not opened; save the audio to a file first"),
    .failed(.special(.socket), "is a socket, which was not opened; save the audio to a file first"),
    .failed(.special(.device), "is a device, which was not opened; save the audio to a file first"),
    .failed(.special(.other), "is not a regular file, which was not opened; save the audio to a file first"),
    .failed(
      .changedMeanwhile, "was truncated or became unreadable while it was being read; try again"),
    .failed(.interrupted, "interrupted"),
    .failed(.empty, "is empty (0 bytes); nothing can be made of it"),
    .failed(
      .fewBytes(4), "is only 4 bytes long, too short to be recognised; name a recording"),
    .failed(
      .otherAudio("midi"), "is midi, which nothing here decodes; name a recording of it"),
    .failed(.otherKind("a png image"), "is a png image, not audio; name a recording"),
    .failed(
      .zeros(8_388_608), "holds nothing but zeros, as far as it was searched (8.4 MB); name a recording"),
    .failed(
      .notFetched(.address),
      "is no URL that can be fetched: it names no host, contains spaces, or is too long; name a file, or an http or https "
        + "URL"),
    .failed(
      .notFetched(.tooLarge(limit: 100_000_000, announced: nil)),
      "is larger than the limit of 100 MB; it was read no further, and nothing of it was kept; --max-fetch BYTES raises "
        + "the limit"),
    .failed(
      .notFetched(.tooLarge(limit: 5001, announced: 6000)),
      "has 6000 bytes, over the limit of 5001 bytes; nothing of it was fetched; --max-fetch BYTES raises the limit"),
    .failed(.notFetched(.status(503, host: "h")), "h answered with status 503 (server error); try again later"),
    .failed(.unrecognised, "no audio was recognised in it; name a recording"),
    .failed(.firstMP3Frame, "the first mp3 frame cannot be read"),
    .failed(.noMP3Audio, "looks like mp3, but no frame of it holds audio"),
    .failed(.noMP3AnyMore, "is not an mp3 any more"),
    .failed(.riffHeader, "its RIFF header cannot be read"),
    .failed(.noWaveFormat, "its header makes no sense: no usable format chunk"),
    .failed(
      .waveForm(channels: 1, bits: 24, sampleRate: 4000, frameBytes: 4),
      "claims 1 channel of 24 bits at 4000 Hz in frames of 4 bytes; nothing plays that"),
    .failed(
      .waveCodec("adpcm_ms", isLinear: false),
      "is a wav with adpcm_ms inside, which is not linear PCM; write it again: ffmpeg -i song.mp3 song.flac"),
    .failed(.noWaveSamples, "has no samples: there is no data chunk in it"),
    .failed(.noStreamInfo, "its header makes no sense: no STREAMINFO with a sample rate"),
    .failed(.endsInMetadata, "ends within its metadata, before any audio"),
    .failed(
      .channelChange(from: 1, to: 2, seconds: 0), "goes from 1 to 2 channels at 0 s; get an undamaged copy"),
    .failed(
      .tooLongForMemory(seconds: 1800, channels: 2, sampleRate: 48000),
      """
      is longer than 1800 s, the most of 2 channels at 48000 Hz that is taken into memory; cut it first: \
      'reprise prepare' does, --start and --end say where
      """),
    .failed(.nothingDecoded, "holds no audio: not one frame could be decoded"),
    .failed(.unwritableForm(channels: 0, sampleRate: 8000), "cannot write 0 channels at 8000 Hz"),
    .failed(
      .unwritable(encoding: "wavFloat", channels: 2000, sampleRate: 8000, reason: "bad"),
      "cannot write wavFloat, 2000 channels at 8000 Hz (libsndfile: bad)"),
    .failed(
      .bitRate(320_000, sampleRate: 8000, channels: 1, known: [8000, 16000]),
      "mp3 has no 320 kbit/s at 8000 Hz with 1 channel; it has 8, 16"),
    .failed(
      .bitRate(320_000, sampleRate: 96000, channels: 2, known: []),
      "mp3 has no 320 kbit/s at 96000 Hz with 2 channels"),
    .failed(.refusedBitRate(320_000), "the mp3 encoder refused 320 kbit/s"),
    .failed(
      .flacForm(bits: 3, channels: 9, sampleRate: 8000),
      "flac has no 3 bits, 9 channels at 8000 Hz; it has 4 to 32 bits, 1 to 8 channels and up to 1048575 Hz"),
    .failed(
      .refusedFLAC(bits: 16, channels: 2, sampleRate: 8000, status: 4),
      "cannot write flac of 16 bits, 2 channels at 8000 Hz (libFLAC status 4)"),
    .failed(.unwritten(frames: 3, of: 10, reason: "bad"), "3 of 10 frames were written (libsndfile: bad)"),
    .failed(.library(.flacMemory), "libFLAC could not start: no memory"),
    .failed(.library(.flacStart(status: 2)), "libFLAC could not start (status 2)"),
    .failed(.library(.flacEncoding(state: 2)), "encoding failed (libFLAC state 2)"),
    .failed(.library(.mpg123Start(code: 7)), "libmpg123 could not start (error 7)"),
    .failed(.library(.mpg123Opening(reason: "bad")), "libmpg123 could not decode it (bad)"),
    .failed(.library(.mpg123Decoding(reason: "bad")), "mp3 decoding failed (bad)"),
    .failed(
      .library(.sndfileMissing(reason: "no file")),
      "libsndfile could not be loaded (no file); install it: apt install libsndfile1, or brew install libsndfile"),
    .failed(.library(.sndfileFinishing(reason: "bad")), "could not be finished (libsndfile: bad)"),
    .failed(
      .checkTimedOut(seconds: "60"),
      "did not end within 60 s, so its check was stopped; give it more with --timeout"),
    .failed(
      .checkerCrashed(how: "signal 11"),
      "the checker crashed on it (signal 11), twice; it may be malformed, or show a fault of a decoder"),
  ]

  @Test("every finding has its sentence", arguments: general + wave + flac + mp3 + failures)
  func sentences(_ case: WordedCase) {
    #expect(`case`.finding.sentence(path: "song.mp3") == `case`.sentence)
  }

  @Test("no finding describes itself with advice", arguments: general + wave + flac + mp3 + failures)
  func descriptions(_ case: WordedCase) {
    let description = `case`.finding.description
    #expect(!description.contains("--") && !description.contains("reprise") && !description.isEmpty)
  }

  @Test(
    "what is said of a subject gets it, and what stands by itself does not",
    arguments: [
      (Finding.silent, "the file is silent: no sample is louder than -80 dBFS; record it again"),
      (.flac(.noMD5), "its header has no MD5 to compare the samples with"),
      (.wave(.noData), "it has no data chunk: there are no samples in it"),
      (
        .failed(AudioFileError(path: "x", .file(FileError(.isDirectory, path: "x")))),
        "the file is a directory; name a file"
      ),
      (.failed(AudioFileError(path: "x", .file(FileError(.missing, path: "x")))), "no such file"),
      (
        .failed(AudioFileError(path: "x", .file(FileError(.linkLoop, path: "x", doing: "read")))),
        "could not read it: its symbolic links form a loop; remove one of them"
      ),
      (
        .failed(AudioFileError(path: "x", .file(FileError(.nameTooLong, path: "x", doing: "read")))),
        "could not read it: the name is longer than the file system takes; give it a shorter one"
      ),
    ])
  func subjects(finding: Finding, sentence: String) {
    #expect(finding.sentence(path: "x", subject: "the file") == sentence)
  }

  @Test("a file is never said to be unable to read itself", arguments: FileError.Code.allCases)
  func ownSubject(code: FileError.Code) {
    let finding = Finding.failed(AudioFileError(path: "x", .file(FileError(code, path: "x", doing: "read"))))
    #expect(!finding.sentence(path: "x", subject: "the file").hasPrefix("the file could not"))
  }

  @Test(
    "the command that converts a file can be pasted into a shell",
    arguments: [
      ("it's.ogg", "ffmpeg -i 'it'\\''s.ogg' 'it'\\''s.flac'"), ("a.b/song", "ffmpeg -i a.b/song a.b/song.flac"),
      ("really-opus.flac", "ffmpeg -i really-opus.flac really-opus-new.flac"),
      ("music/.hidden", "ffmpeg -i music/.hidden music/.hidden.flac"),
    ])
  func conversions(path: String, command: String) {
    let finding = Finding.wave(.unsupportedCodec("pcm_f16", isLinear: true))
    #expect(finding.advice(path: path) == "write it again: \(command)")
  }

  @Test("the name that advice proposes is free")
  func freeNames() throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.m4a")
    let stem = scratch.path("song")
    for name in ["\(stem).flac", "\(stem)-new.flac", "\(stem)-new-2.flac"] {
      #expect(
        Finding.wave(.unsupportedCodec("pcm_f16", isLinear: true)).advice(path: path)
          == "write it again: ffmpeg -i \(path) \(name)")
      try Data().write(to: URL(fileURLWithPath: name))
    }
  }

  @Test("an error is one sentence that begins with the path")
  func errors() {
    #expect(
      AudioFileError(path: "a.mp3", .empty).sentence == """
        a.mp3: is empty (0 bytes); nothing can be made of it
        """)
  }
}
