import Foundation
import RepriseCommand
import RepriseJobs
import RepriseService
import RepriseSystem
import Testing

@Suite("What is said of covers and their jobs")
struct CoverTextTests {
  private static func job(state: Job.State = .submitted, id: String? = "g", service: String = "aimlapi") -> Job {
    var job = Job(
      name: "rp-1", service: service, baseURL: "", model: "m", input: "/in.wav", inputStart: 0, inputEnd: 8,
      output: "/w1/one.mp3", setting: .init(), settingWasAsked: false,
      audio: .init(path: "/in.wav", format: "wav", hash: "h"), fingerprint: "f")
    (job.state, job.id) = (state, id)
    return job
  }

  @Test("a job of an earlier run is not said to be submitted now, and where its cover goes is said")
  func submission() {
    let now = FinishedCover(job: Self.job(), report: nil)
    #expect(
      FinishedCoverText.submission(now, output: "/w1/one.mp3")
        == "submitted as job rp-1 (g); fetch the cover with 'reprise resume rp-1'")
    let before = FinishedCover(job: Self.job(), report: nil, origin: .submittedBefore)
    let sentence =
      "was submitted before, as job rp-1 (g), and nothing was sent now; 'reprise resume rp-1' fetches the cover to"
      + " /w1/one.mp3"
    #expect(FinishedCoverText.submission(before, output: "/w1/one.mp3") == sentence)
    #expect(
      FinishedCoverText.submission(before, output: "/w2/one.mp3")
        == sentence + ", and with -o FILE puts it elsewhere")
  }

  @Test(
    "a job that ended with the local service is not said to have been given up before it was taken",
    arguments: [
      ("local", "g", "ended with the local service of its command, and nothing was paid"),
      ("local", nil, "ended with the local service of its command, and nothing was paid"),
      ("aimlapi", nil, "was given up before the service had taken anything"),
    ] as [(String, String?, String)])
  func cancelled(service: String, id: String?, fact: String) throws {
    let error = CoverPipelineError.notResumable(Self.job(state: .cancelled, id: id, service: service))
    let (status, sentence) = try #require(ErrorPresentation.of(error))
    #expect(status == .usage && sentence == "job rp-1 \(fact); begin it again with 'reprise cover'")
  }

  @Test("what continues an interrupted run is said once, whatever the run has come to")
  func interruption() {
    var tally = CoverTally()
    tally.add(.skipped)
    tally.add(.submitted(FinishedCover(job: Self.job(), report: nil)))
    tally.add(.failed(CancellationError(), Self.job(state: .generating)))
    tally.add(.notBegun(.keyRefused))
    let counts = "0 of 9 covers made, 1 was there, 1 submitted, 1 open"
    #expect(
      TallyText.interruption(tally, of: 9, isOwnService: false)
        == "interrupted; \(counts), 1 not begun; the same command, or 'reprise resume --all', continues")
    #expect(
      TallyText.interruption(tally, of: 9, isOwnService: true)
        == "interrupted; \(counts), 1 not begun; the same command makes the others")
    #expect(
      TallyText.summary(tally, of: 9) == "\(counts) ('reprise resume --all' continues), 1 not begun")
  }

  @Test("missing recordings are named before the first cover, a few of many")
  func missing() {
    #expect(MissingRecordings.warning([], of: 3) == nil)
    #expect(
      MissingRecordings.warning(["a\n.wav"], of: 3)
        == "reprise: warning: 1 of 3 recordings is missing: a\\n.wav; no cover of it can be made, and the others are")
    #expect(
      MissingRecordings.warning(["a", "b", "c", "d", "e"], of: 9)
        == "reprise: warning: 5 of 9 recordings are missing: a, b, c and 2 more; no cover of them can be made, and the"
        + " others are")
  }

  @Test(
    "an output's value that has lost bytes is known by what was typed",
    arguments: [
      ([[0x6F, 0xFF]], "o\u{FFFD}", false), ([[0x2D, 0x6F, 0x6F, 0xFF]], "o\u{FFFD}", false),
      ([Array("--csv=o".utf8) + [0xFF, 0x2E, 0x63]], "o\u{FFFD}.c", false),
      ([Array("o\u{FFFD}".utf8)], "o\u{FFFD}", true), ([[0x6F, 0xFF], Array("é".utf8)], "é", true),
      ([[0xFF], Array("o\u{FFFD}".utf8)], "o\u{FFFD}", true),
    ] as [([[UInt8]], String, Bool)])
  func exactness(typed: [[UInt8]], value: String, isExact: Bool) {
    #expect(CommandPaths.isExact(value, in: typed.map { RawPath($0) }) == isExact)
  }

  @Test(
    "an extension of another kind of file gets a remark, and none where it chooses a format",
    arguments: [
      ("x.txt", "-o x.txt: it is mp3, whatever .txt says; a name in .mp3 or .wav chooses the format"),
      ("a/x.jpeg", "-o a/x.jpeg: it is mp3, whatever .jpeg says; a name in .mp3 or .wav chooses the format"),
      ("x.mp3", nil), ("x", nil), ("a.b/x", nil), ("No. 5", nil), ("x.PCM", nil),
    ] as [(String, String?)])
  func extensions(path: String, remark: String?) {
    #expect(OutputNames.misleading(path, "it is mp3", formats: ["mp3", "wav"]) == remark)
  }
}
