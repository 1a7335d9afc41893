import Foundation
package import RepriseLibrary
import RepriseSystem

/// The text for errors and remarks of scans.
package enum ScanErrorText {
  /// Returns the sentence for an error, with advice.
  package static func sentence(_ error: ScanError) -> String {
    let path = error.pathText ?? ""
    return switch error.reason {
    case .noWorkerProgram: "no program was named that checks files"
    case .workerNotStarted(let program, let errno):
      "a checker could not be started (\(program): \(system(errno)))"
    case .pipeNotMade(let errno): "no pipe to a checker could be made: \(system(errno))"
    case .workersEndedEarly(let count, let last):
      "\(count) checkers in a row ended before they could begin (\(last)); does 'reprise inspect' work?"
    case .workerMalformed(let program): "\(program) is not the checker of this version; name the 'reprise' that fits"
    case .listWithoutZeros(let longest):
      "\(path): more than \(longest) bytes without a zero byte between them; end each path with one, as 'find "
        + "-print0' does, or send lines through tr '\\n' '\\0'"
    case .temporaryFileUnwritten(let errno):
      "\(path): results that wait for their turn could not be written (\(system(errno)));"
        + " free some space or set TMPDIR"
    case .temporaryFileUnreadable:
      "results that waited for their turn could not be read again; is the disk well?"
    case .temporaryDatabase(let message): "temporary data could not be kept (\(message)); free some space or set TMPDIR"
    case .diskFull: "\(path): the disk is full; free some space, and the same command continues"
    case .workerOutOfRoom(let message): message
    case .cacheUnusable(let message):
      "\(path): the cache can't be used (\(message)); 'reprise cache clear' empties it, --no-cache does without"
    case .recordUnusable(let message):
      "\(path): the record of what was made can't be used (\(message)); name another directory, or remove the record and "
        + "make all anew with --force"
    case .directoryInUse:
      "\(path): another run is preparing files to it; wait for its end, or name another directory"
    case .noRegularFile: "\(path): is a link or no file, and Reprise writes nowhere else; remove it"
    case .noDirectory: "\(path): a directory is required there, and a link or a file has its name; move it away"
    case .otherFileSystem(let staging):
      "\(path): is on another file system than \(staging), where outputs are made, and no file gets its name "
        + "across; name a directory there after --prepare-to for these files, or unmount it"
    case .manifestIsDirectory: "\(path): is a directory, where the manifest goes; move it away"
    case .manifestIsForeign:
      "\(path): exists and differs from what an earlier run wrote; move it away, or replace it with --force"
    case .noFingerprinter:
      "--near needs Chromaprint's fpcalc, which is in no directory of PATH; install it (Debian: libchromaprint-tools, "
        + "Homebrew: chromaprint), or leave --near out"
    case .fingerprinterWithoutVersion(let program, let exit):
      "\(program) does not report its version (\(exit?.description ?? "no answer within 20 s")); install Chromaprint anew, "
        + "or leave --near out"
    case .cancelled: "interrupted"
    }
  }

  private static func system(_ errno: Int32) -> String { unsafe String(cString: strerror(errno)) }

  /// Returns the line for a problem during the scan.
  package static func line(_ remark: LibraryValidation.Remark) -> String {
    switch remark {
    case .unreadable(let error): "reprise: \(Console.printable(ErrorPresentation.sentence(error)))"
    case .cacheFailed(let error): "reprise: \(Console.printable(sentence(error))); the scan went on without it"
    case .notCompared(let count, let timeout):
      "reprise: \(count) of the files \(count == 1 ? "was" : "were") not compared for the same audio: reading one took longer than "
        + "\(timeout.secondsText) s; give them more with --timeout"
    case .notFingerprinted(let count, let why):
      "reprise: --near could not fingerprint \(count) of the files: "
        + (why.map { lost in
          "\(lost.count) \(Console.printable(reason(lost.failure))) (\(Console.printable(lost.first.text)))"
        } + rest(count - why.reduce(0) { $0 + $1.count })).joined(separator: ", ")
    }
  }

  private static func reason(_ failure: Fingerprinter.Failure) -> String {
    switch failure {
    case .refused(let message): "can't be decoded: \(message)"
    case .changed: "changed meanwhile"
    case .crashed(let signal): "crashed fpcalc (signal \(signal))"
    case .timedOut(let duration): "took longer than \(duration.secondsText) s"
    }
  }

  private static func rest(_ count: Int) -> [String] { count > 0 ? ["\(count) for other reasons"] : [] }
}
