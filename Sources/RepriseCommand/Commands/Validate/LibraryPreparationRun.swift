import RepriseAudio
import ReprisePreparation
import Foundation
import RepriseJobs
import RepriseLibrary
import RepriseSystem

/// The second half of `validate --prepare-to`, which collects verdicts and then prepares the files that can be
/// prepared.
///
/// The run is created before the scan, so that invalid arguments are refused before hours of work.
final class LibraryPreparationRun: Sendable {
  private let preparation: LibraryPreparation
  private let manifest: PreparedManifest
  private let speech: LibraryPreparationSpeech

  /// Takes possession of the directory.
  ///
  /// - Parameters:
  ///   - name: The path of the directory.
  ///   - paths: The paths of the sources.
  ///   - hasLists: `true` if files name further sources.
  ///   - preparer: The preparer.
  ///   - width: The number of files in work at a time.
  ///   - timeout: The time limit of a file.
  ///   - replacing: `true` if existing files may be replaced.
  ///   - speech: The options of the output.
  /// - Throws: `CommandError` if directory and sources contain each other such that sources could be changed, or if the
  ///   directory holds a manifest that was not made by Reprise; `FileError` or `ScanError`.
  init(
    directory name: String, paths: [RawPath], hasLists: Bool, preparer: AudioPreparer, width: Int, timeout: Duration,
    replacing: Bool, speech: LibraryPreparationSpeech
  ) throws {
    guard !name.unicodeScalars.contains("\u{FFFD}") else {
      throw CommandError(
        .usage,
        "\(Console.printable(name)): holds U+FFFD, which stands for lost bytes, so that a manifest can't hold it; name"
          + " another directory for the outputs")
    }
    if [.file, .special].contains(FileKind(at: name)) {
      throw CommandError(.usage, "\(Console.printable(name)): is not a directory; --prepare-to requires one")
    }
    try Self.refuseSources(of: paths, in: name)
    let directory = try PreparedDirectory(name)
    for path in paths where FileKind(at: path) == .directory {
      // Above the directory, or another spelling of a refused path.
      if directory.lies(in: path) {
        speech.say("\(Console.printable(name)): is in \(Console.printable(path.text)); what is in it is not scanned")
      }
    }
    self.speech = speech
    preparation = try LibraryPreparation(
      directory, arguments: paths, hasLists: hasLists,
      settings: LibraryPreparation.Settings(
        terms: PreparationTerms(options: preparer.options, limits: preparer.limits),
        checker: ValidateWorkerCommand.checker, worker: PrepareWorkerCommand.invocation, width: width,
        timeout: timeout, replaces: replacing))
    let writer = ManifestWriter(.commaSeparated)
    manifest = PreparedManifest(
      preparation,
      form: PreparedManifest.Form(header: writer.header) { source, output in
        try writer.line(for: ManifestWriter.Entry(path: source, output: output))
      })
    try manifest.checkReplaceable()
  }

  /// Throws if a report of the scan would be written to the path of the manifest, or among Reprise's own files.
  func refuse(reports: [String?]) throws {
    for case let name? in reports where preparation.directory.isOwn(name) {
      throw CommandError(
        .usage,
        "\(Console.printable(name)): is the manifest's name, or among what Reprise keeps in "
          + "\(Console.printable(preparation.directory.path)); name another")
    }
  }

  private static func refuseSources(of paths: [RawPath], in name: String) throws {
    guard FileKind(at: name) == .directory else { return }
    for path in paths where PreparedDirectory.holds(path, in: name) {
      throw CommandError(
        .usage,
        "\(Console.printable(name)): is \(Console.printable(path.text)) or holds it, and sources are never changed; name "
          + "another directory after --prepare-to")
    }
  }

  /// Directory that the scan leaves out.
  var leftOut: RawPath { RawPath(preparation.directory.path) }

  /// Adds a checked file.
  func add(_ file: ScannedFile, _ response: CheckResponse) throws {
    try preparation.add(file.path, verdict: response.verdict, isDamaged: response.isDamaged)
  }

  /// Prepares the files, writes the manifest and reports the outcome.
  ///
  /// - Parameters:
  ///   - rejected: The number of rejected files.
  ///   - json: `true` if the output is JSON.
  /// - Returns: `unfit` if files could not be prepared, and `retrying` if files could not be read, written or replaced.
  /// - Throws: `CommandError`, `FileError`, `ScanError` or `CancellationError`.
  func run(rejected: Int, json: Bool) async throws -> (unfit: Bool, failed: Bool) {
    let view = PreparationProgressView(preparation, quiet: speech.isQuiet)
    let showing = Task { await view.show() }
    do {
      defer { showing.cancel() }
      try await preparation.run { path, failure in
        view.interject("reprise: " + Console.printable(PreparationFailureText.line(failure, of: path.text)))
        return PreparationFailureText.sentence(failure)
      }
    } catch {
      view.finish()
      throw error
    }
    view.finish()
    let rows = try await offPool("prepare.manifest") { [manifest, preparation] cancellation in
      try manifest.write(check: { try cancellation.check() }) { item in
        if json, let line = try PreparedFileRecord.line(item, in: preparation.directory) { try Console.data(line) }
      }
    }
    tell(rejected: rejected, rows: rows)
    let tally = preparation.tally
    return (tally.unfit > 0, tally.failures > 0)
  }

  /// Removes partial outputs and closes the record, whatever the outcome.
  func close() { preparation.close() }

  /// Error for a run ended by a signal.
  var interrupted: CommandError {
    let tally = preparation.tally
    return CommandError(
      .interrupted,
      "interrupted; \(tally.made + tally.already) prepared so far, nothing was left half-written; the same command continues"
    )
  }

  private func tell(rejected: Int, rows: Int) {
    let tally = preparation.tally
    if tally.outputs > 0 {
      speech.say(
        "\(counted(tally.outputs, "file is", "files are")) in \(Console.printable(preparation.directory.path)), where outputs go, and left out"
      )
    }
    if tally.left > 0 {
      speech.say(
        "\(counted(tally.left, "output")) of earlier runs without a source in this one: left as before, not in the manifest"
      )
    }
    let path = Console.printable(manifest.path)
    let word = Console.printable(shellWord(manifest.path))
    speech.say(
      "\(tally.made) prepared, \(tally.already) already, \(tally.kept) ready as they are, \(rejected) rejected, "
        + "\(tally.unfit + tally.failures) failed; manifest: \(path)"
        + (rows > 0 ? "; go on with: reprise cover --manifest \(word) --prompt …" : ", with nothing in it"))
  }
}

/// The output options of the preparation, as the parsed options must not be shared between threads.
struct LibraryPreparationSpeech: Sendable {
  let isQuiet: Bool

  func say(_ line: String) { if !isQuiet { Console.say(line) } }
}

extension CheckResponse {
  /// `true` if the file was rejected, and audio in it is damaged or missing, by the codes in its record.
  fileprivate var isDamaged: Bool {
    struct Record: Decodable {
      struct Reason: Decodable { let code: String }
      let reasons: [Reason]
    }
    guard verdict == .rejected, failure == nil,
      let record = try? JSONDecoder().decode(Record.self, from: Data(self.record))
    else { return false }
    let codes: [Inspection.Reason.Code] = [.truncated, .corrupt]
    return record.reasons.contains { codes.map(\.rawValue).contains($0.code) }
  }
}
