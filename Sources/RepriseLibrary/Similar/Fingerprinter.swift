internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Chromaprint's `fpcalc`, run as a process of its own for each file: it decodes with FFmpeg, which may crash or hang.
package struct Fingerprinter: Sendable {
  /// The path of the program.
  package let program: String
  /// The command that starts the program so that it ends when the scan does; empty if the system has no such command.
  private let leash: [String]
  /// The version that the program reports, with that of its decoders: other versions may find other bits.
  package let version: String
  /// The maximum time for one file.
  package var timeout: Duration

  /// Length from each file's start that is fingerprinted, in seconds: the value of fpcalc and AcoustID.
  static let heardSeconds = 120

  /// Finds the program in the directories of `PATH` and asks for its version; blocks.
  ///
  /// - Parameters:
  ///   - directories: Directories in the form of `PATH`, with colons between.
  ///   - timeout: The maximum time for one file.
  /// - Throws: `ScanError` with the code `noFingerprinter` if the program does not exist or does not work.
  package init(in directories: String, timeout: Duration) throws(ScanError) {
    let candidates: [String] = directories.split(separator: ":").map { "\($0)/fpcalc" }
    guard let program = candidates.first(where: { Self.isProgram($0) }) else {
      throw ScanError(.noFingerprinter)
    }
    self.program = program
    self.timeout = timeout
    leash = Self.leash(in: directories)
    let answer = try? Self.run(leash + [program], [RawPath("-version")], timeout: .seconds(20)) {}
    let text: String = answer?.text ?? ""
    let end: ProcessExit? = answer?.end
    guard case .some(.status(0)) = end, text.hasPrefix("fpcalc") else {
      throw ScanError(.fingerprinterWithoutVersion(program: program, exit: end))
    }
    version = String(text.prefix { !$0.isNewline })
  }

  private static func isProgram(_ path: String) -> Bool {
    unsafe access(path, X_OK) == 0 && FileKind(at: path) == .file
  }

  /// Returns the command of util-linux's setpriv that asks the kernel to end the program when the thread that started
  /// it ends.
  ///
  /// That thread waits for the program, so it ends only with the whole scan, by `kill -9` too.
  private static func leash(in directories: String) -> [String] {
    #if os(Linux)
      let candidates = (directories.split(separator: ":") + ["/usr/bin", "/bin"]).map { "\($0)/setpriv" }
      guard let setpriv = candidates.first(where: { isProgram($0) }) else { return [] }
      let leash = [setpriv, "--pdeathsig", "KILL", "--"]
      // Before version 2.33 setpriv does not support this, and other programs have that name too.
      let answer = try? run(leash + ["/bin/true"], [], timeout: .seconds(5)) {}
      if case .status(0)? = answer?.end { return leash }
    #endif
    return []
  }

  /// The reason why a file has no fingerprint.
  package enum Failure: Error, Equatable, Sendable {
    /// The program refused the file, with its message, or with its exit if it wrote none.
    case refused(String)
    /// The file has changed since it was checked, or is gone.
    case changed
    /// A signal ended the program.
    case crashed(signal: Int32)
    /// The program took longer than the timeout.
    case timedOut(after: Duration)
  }

  /// Returns a file's fingerprint.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - check: A closure that is called ten times a second, and throws to stop.
  /// - Returns: The fingerprint.
  /// - Throws: `Failure`, `ScanError` if the program can't be started, the errors that `check` throws.
  func print(of path: RawPath, check: () throws -> Void) throws -> Fingerprint {
    let arguments = [RawPath("-raw"), RawPath("-length"), RawPath("\(Self.heardSeconds)"), Self.argument(for: path)]
    let (text, end) = try Self.run(leash + [program], arguments, timeout: timeout, check: check)
    guard let end else { throw Failure.timedOut(after: timeout) }
    switch end {
    case .signal(let number): throw Failure.crashed(signal: number)
    case .status:
      // The audio before a fault is valid: fpcalc prints its fingerprint, and reports the fault in its exit status.
      if let print = Fingerprint(printed: text) { return print }
      let message = text.split(whereSeparator: \.isNewline).last { $0.hasPrefix("ERROR: ") }
      throw Failure.refused(message.map { String($0.dropFirst(7)) } ?? end.description)
    }
  }

  /// Returns a path that is not taken for an option or an address of FFmpeg's (`-x`, `http:…`, `concat:…`).
  static func argument(for path: RawPath) -> RawPath {
    path.bytes.first == UInt8(ascii: "/") ? path : RawPath(Array("./".utf8) + path.bytes)
  }

  /// Runs the program to its end.
  ///
  /// - Returns: The program's output, and its exit; `nil` if it had to be killed.
  private static func run(
    _ command: [String], _ arguments: [RawPath], timeout: Duration, check: () throws -> Void
  ) throws -> (text: String, end: ProcessExit?) {
    var process = try WorkerProcess(
      program: command[0], arguments: command.dropFirst().map { RawPath($0) } + arguments, capturesErrors: true)
    let began = SuspendingClock.now
    var output: [UInt8] = []
    while true {
      try check()
      switch process.read(within: 100) {
      case .bytes(let bytes): output += bytes
      case .end:
        // The program's stdout is closed, which does not imply that the program ends.
        let end = try process.ended(within: timeout - began.duration(to: .now), check: check)
        return (String(decoding: output, as: UTF8.self), end)
      case .nothing: break
      }
      // 120 s are 12 kB; a program that prints megabytes is not fpcalc.
      if began.duration(to: .now) >= timeout || output.count > 1 << 22 {
        _ = process.end(killing: true)
        return ("", nil)
      }
    }
  }
}
