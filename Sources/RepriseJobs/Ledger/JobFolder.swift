public import RepriseService
internal import Foundation
public import RepriseSystem

/// What a job needs beside its row in the ledger, in a folder of its own (mode 0700): the words and the audio until they are
/// sent, a result until it is whole and in its place.
///
/// `words.json` is there only while the request may still have to be sent: no longer than until the service has told an id.
public struct JobFolder: Sendable {
  /// The folder, `…/reprise/jobs/NAME`.
  public let path: String

  /// The folder of a job beside a ledger.
  ///
  /// A name that somebody has written into the database leads to no other place.
  public init(of job: String, ledger: String) {
    let isPlain = !job.isEmpty && !job.hasPrefix(".") && !job.utf8.contains(UInt8(ascii: "/"))
    path = Self.all(beside: ledger) + "/" + (isPlain ? job : "unnamed")
  }

  /// Where the folders of all jobs are.
  static func all(beside ledger: String) -> String { PathText.folder(of: ledger) + "/jobs" }

  /// The prepared audio, if it is not the recording itself.
  public func audio(format: String) -> String { path + "/audio." + format }
  /// A synchronous service's answer, with the result in it.
  var answer: String { path + "/answer" }
  var lock: String { path + "/lock" }
  private var words: String { path + "/words.json" }

  /// Makes the folder.
  public func make() throws(FileError) { try Folders.make(path, mode: 0o700) }

  /// Prompt and lyrics of a request that is not accepted yet.
  struct Words: Codable, Equatable {
    var prompt: String
    var lyrics: String?
  }

  /// Puts the words on the disk, readable by their owner only.
  ///
  /// - Throws: `FileError`, or what the system says where they can't be written.
  public func keepWords(of brief: CoverBrief) throws {
    let words = Words(prompt: brief.prompt, lyrics: brief.lyrics)
    let file = try TemporaryFile(for: self.words, replacing: true, mode: 0o600, isNameless: true)
    try file.write(Array(JSONEncoder().encode(words))[...])
    try file.commit()
  }

  /// The words, nil if they are not there any more.
  func keptWords() -> Words? {
    FileManager.default.contents(atPath: words).flatMap { try? JSONDecoder().decode(Words.self, from: $0) }
  }

  /// Forgets the words: the service has them.
  func forgetWords() { try? FileManager.default.removeItem(atPath: words) }

  /// The last answer of the service that was not understood.
  public var unrecognizedAnswer: String { path + "/unrecognized-answer" }

  /// Puts an answer that was not understood on the disk, readable by its owner only, in the place of an earlier one.
  ///
  /// - Returns: where it is; nil if the disk would not take it.
  func keepUnrecognized(_ answer: [UInt8]) -> String? {
    do {
      try make()
      let file = try TemporaryFile(for: unrecognizedAnswer, replacing: true, mode: 0o600, isNameless: true)
      try file.write(KeyRedaction.apply(to: answer)[...])
      try file.commit()
      return unrecognizedAnswer
    } catch {
      return nil
    }
  }

  /// Removes all of it but an answer that was not understood: the job's message names it, and it goes when the job is forgotten.
  func removeWhatWasNeeded() {
    guard FileKind(at: unrecognizedAnswer) == .file else { return remove() }
    let kept = PathText.name(of: unrecognizedAnswer)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name != kept {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  /// Removes all of it.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Notes that the ledger knows the job.
  func markBegun() { _ = FileManager.default.createFile(atPath: begun, contents: nil) }

  private var begun: String { path + "/begun" }

  /// Removes the folders of jobs that were never in the ledger: a process died before it had written its job down.
  ///
  /// A folder whose job was there is left even if it is not there now: the ledger may be another one than it was.
  public static func sweep(_ ledger: Ledger) async throws {
    let all = all(beside: ledger.path)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: all), !names.isEmpty else { return }
    let known = try await ledger.known(names)
    for name in names where !known.contains(name) {
      let folder = JobFolder(of: name, ledger: ledger.path)
      guard FileKind(at: folder.begun) == .nothing else { continue }
      // One that is being prepared is held by whoever prepares it.
      guard let claim = try? JobClaim.take(folder) else { continue }
      // It may have been written down since; a ledger that can't be asked says nothing.
      if try await ledger.known([name]).isEmpty { folder.remove() }
      withExtendedLifetime(claim) {}
    }
  }
}
