package import RepriseService
internal import Foundation
package import RepriseSystem

/// The files of a job beside its row in the ledger, in a directory of its own (mode 0700): the prompt, lyrics and audio
/// until they are sent, a result until it is complete at its output.
///
/// `words.json` exists only while the request may still have to be sent: no longer than until the service has reported
/// an id.
package struct JobDirectory: Sendable {
  /// Path of the directory, `…/reprise/jobs/NAME`.
  package let path: String

  /// Creates a reference to the directory of a job beside a ledger.
  ///
  /// A name that was tampered with in the database leads to no other path.
  package init(of job: String, ledger: String) {
    let isPlain = !job.isEmpty && !job.hasPrefix(".") && !job.utf8.contains(UInt8(ascii: "/"))
    path = Self.all(beside: ledger) + "/" + (isPlain ? job : "unnamed")
  }

  /// Returns the parent directory of the directories of all jobs.
  static func all(beside ledger: String) -> String { PathText.directory(of: ledger) + "/jobs" }

  /// Returns the path of the prepared audio, if that is not the recording itself.
  package func audio(format: String) -> String { path + "/audio." + format }
  /// Path of a synchronous service's response, with the result in it.
  var answer: String { path + "/answer" }
  var lock: String { path + "/lock" }
  private var textsPath: String { path + "/words.json" }

  /// Creates the directory.
  package func make() throws(FileError) { try Directories.make(path, mode: 0o700) }

  /// Prompt and lyrics of a request that is not accepted yet.
  struct Texts: Codable, Equatable {
    var prompt: String
    var lyrics: String?
  }

  /// Writes the prompt and lyrics to the disk, readable by their owner only.
  ///
  /// - Throws: `FileError`, or the system's error if they cannot be written.
  package func keepTexts(of brief: CoverBrief) throws {
    let texts = Texts(prompt: brief.prompt, lyrics: brief.lyrics)
    try TemporaryFile.write(Array(JSONEncoder().encode(texts)), to: textsPath, replacing: true, mode: 0o600)
  }

  /// Returns the prompt and lyrics, or nil if they do not exist any more.
  func keptTexts() -> Texts? {
    FileManager.default.contents(atPath: textsPath).flatMap { try? JSONDecoder().decode(Texts.self, from: $0) }
  }

  /// Removes the prompt and lyrics, which the service has received.
  func removeTexts() {
    try? FileManager.default.removeItem(atPath: textsPath)
    try? FileManager.default.removeItem(atPath: link)
  }

  private var link: String { path + "/link" }

  /// Writes the URL by which the service is to fetch the recording to the disk, readable by its owner only.
  ///
  /// - Throws: `FileError` if it cannot be written.
  func keepLink(_ url: String) throws(FileError) {
    try TemporaryFile.write(Array(url.utf8), to: link, replacing: true, mode: 0o600)
  }

  /// Returns the URL by which the service is to fetch the recording; `nil` if the recording is sent.
  func keptLink() -> String? {
    FileManager.default.contents(atPath: link).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Path of the last unrecognized response of the service.
  package var unrecognizedAnswer: String { path + "/unrecognized-answer" }

  /// Writes an unrecognized response to the disk, readable by its owner only, replacing an earlier one.
  ///
  /// - Returns: The path of the file; nil if it could not be written.
  func keepUnrecognized(_ answer: [UInt8]) -> String? {
    do {
      try make()
      try TemporaryFile.write(KeyRedaction.apply(to: answer), to: unrecognizedAnswer, replacing: true, mode: 0o600)
      return unrecognizedAnswer
    } catch {
      return nil
    }
  }

  /// Removes everything except an unrecognized response.
  ///
  /// The job's message contains the path of that response, which is removed with the job.
  func removeWhatWasNeeded() {
    guard FileKind(at: unrecognizedAnswer) == .file else { return remove() }
    let kept = PathText.name(of: unrecognizedAnswer)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name != kept {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  /// Removes the directory and its contents.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Records that the ledger contains the job.
  func markBegun() { _ = FileManager.default.createFile(atPath: begun, contents: nil) }

  private var begun: String { path + "/begun" }

  /// Removes the directories of jobs that were never in the ledger: a process ended before it had saved its job.
  ///
  /// A directory whose job was in the ledger is kept even if the job is not there now: the ledger may be a different
  /// one.
  package static func sweep(_ ledger: Ledger) async throws {
    let all = all(beside: ledger.path)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: all), !names.isEmpty else { return }
    let known = try await ledger.known(names)
    for name in names where !known.contains(name) {
      let directory = JobDirectory(of: name, ledger: ledger.path)
      guard FileKind(at: directory.begun) == .nothing else { continue }
      // A directory in preparation is held by the process that prepares it.
      guard let claim = try? JobClaim.take(directory) else { continue }
      // The job may have been saved since; a ledger that cannot be read proves nothing.
      if try await ledger.known([name]).isEmpty { directory.remove() }
      withExtendedLifetime(claim) {}
    }
  }
}
