import RepriseCommand
import RepriseLibrary
import RepriseSystem
import Testing

@Suite("What people read of scans that fail")
struct ScanErrorTextTests {
  @Test(
    "each failure says where, what, and what to do next",
    arguments: [
      (.noWorkerProgram, "no program was named that checks files"),
      (.workerNotStarted(program: "/x", errno: 2), "a checker could not be started (/x: No such file or directory)"),
      (.pipeNotMade(errno: 24), "no pipe to a checker could be made: Too many open files"),
      (
        .workersEndedEarly(count: 3, last: .signal(9)),
        "3 checkers in a row ended before they could begin (signal 9); does 'reprise inspect' work?"
      ),
      (
        .listWithoutZeros(longest: 65536),
        "p: more than 65536 bytes without a zero byte between them; end each path with one, as 'find -print0' does, or "
          + "send lines through tr '\\n' '\\0'"
      ),
      (
        .temporaryFileUnwritten(errno: 28),
        "p: results that wait for their turn could not be written (No space left on device); free some space or set "
          + "TMPDIR"
      ),
      (.temporaryFileUnreadable, "results that waited for their turn could not be read again; is the disk well?"),
      (.diskFull, "p: the disk is full; free some space, and the same command continues"),
      (.workerOutOfRoom(message: "no room"), "no room"),
      (
        .cacheUnusable(message: "disk I/O error"),
        "p: the cache can't be used (disk I/O error); 'reprise cache clear' empties it, --no-cache does without"
      ),
      (
        .recordUnusable(message: "file is not a database"),
        "p: the record of what was made can't be used (file is not a database); name another directory, or remove the "
          + "record and make all anew with --force"
      ),
      (
        .directoryInUse,
        "p: another run is preparing files to it; wait for its end, or name another directory"
      ),
      (.noRegularFile, "p: is a link or no file, and Reprise writes nowhere else; remove it"),
      (.noDirectory, "p: a directory is required there, and a link or a file has its name; move it away"),
      (
        .otherFileSystem(staging: "p/.reprise"),
        "p: is on another file system than p/.reprise, where outputs are made, and no file gets its name across; name a "
          + "directory there after --prepare-to for these files, or unmount it"
      ),
      (.manifestIsDirectory, "p: is a directory, where the manifest goes; move it away"),
      (
        .manifestIsForeign,
        "p: exists and differs from what an earlier run wrote; move it away, or replace it with --force"
      ),
      (
        .noFingerprinter,
        "--near needs Chromaprint's fpcalc, which is in no directory of PATH; install it (Debian: libchromaprint-tools, "
          + "Homebrew: chromaprint), or leave --near out"
      ),
      (
        .fingerprinterWithoutVersion(program: "/bin/fpcalc", exit: .status(2)),
        "/bin/fpcalc does not report its version (exit status 2); install Chromaprint anew, or leave --near out"
      ),
      (
        .fingerprinterWithoutVersion(program: "/bin/fpcalc", exit: nil),
        "/bin/fpcalc does not report its version (no answer within 20 s); install Chromaprint anew, or leave --near out"
      ),
    ] as [(ScanError.Reason, String)])
  func sentences(reason: ScanError.Reason, sentence: String) {
    #expect(ScanErrorText.sentence(ScanError(reason, path: "p")) == sentence)
  }

  @Test("a check without a response says why")
  func losses() {
    func sentence(_ loss: WorkerLoss) -> String { loss.problem.sentence(path: "p") }
    #expect(
      sentence(.timedOut(after: .milliseconds(500)))
        == "did not end within 0.5 s, so its check was stopped; give it more with --timeout")
    #expect(
      sentence(.crashed(.signal(11)))
        == "the checker crashed on it (signal 11), twice; it may be malformed, or show a fault of a decoder")
  }

  @Test("lost fingerprints are reported in the order in which they come, and the rest as a number")
  func fingerprints() {
    let remark = LibraryValidation.Remark.notFingerprinted(
      count: 9,
      why: [
        LostFingerprints(failure: .timedOut(after: .seconds(4)), count: 3, first: RawPath("c")),
        LostFingerprints(failure: .refused("End of file"), count: 2, first: RawPath("b\n")),
        LostFingerprints(failure: .changed, count: 2, first: RawPath("a")),
        LostFingerprints(failure: .crashed(signal: 11), count: 1, first: RawPath("d")),
      ])
    let reasons = [
      "3 took longer than 4 s (c)", "2 can't be decoded: End of file (b\\n)", "2 changed meanwhile (a)",
      "1 crashed fpcalc (signal 11) (d)", "1 for other reasons",
    ]
    let line = "reprise: --near could not fingerprint 9 of the files: " + reasons.joined(separator: ", ")
    #expect(ScanErrorText.line(remark) == line)
  }

  @Test(
    "a file that was not prepared is named once",
    arguments: [
      (.missing, "a.wav: is gone since it was checked; run it again"),
      (.changed, "a.wav: was changed while it was prepared; run it again"),
      (
        .isInOutputs(directory: "ready"),
        "a.wav: is in ready itself, where outputs go; leave it out, or name another directory"
      ),
      (
        .outputExists(path: "ready/a.flac"),
        "a.wav: ready/a.flac exists and differs from what an earlier run made; move it away, or replace it with --force"
      ),
      // An output that is named as its recording tells both.
      (
        .outputExists(path: "ready/a.wav"),
        "ready/a.wav exists and differs from what an earlier run made; move it away, or replace it with --force"
      ),
      (
        .lost(.timedOut(after: .seconds(60))),
        "a.wav: was not prepared within 60 s, so that was stopped; give it more with --timeout"
      ),
      (
        .lost(.crashed(.status(3))),
        "a.wav: preparing it crashed (exit status 3), twice; it may be malformed, or show a fault of a decoder"
      ),
      (.failed(FileError(.missing, path: "a.wav", doing: "read")), "a.wav: no such file"),
      (.failed(FileError(.missing, path: "ready/a.mp3", doing: "read")), "a.wav: ready/a.mp3: no such file"),
      (.reported(.audio, message: "a.wav: as the worker says"), "a.wav: as the worker says"),
    ] as [(PreparationFailure, String)])
  func preparations(failure: PreparationFailure, line: String) {
    #expect(PreparationFailureText.line(failure, of: "a.wav") == line)
  }
}
