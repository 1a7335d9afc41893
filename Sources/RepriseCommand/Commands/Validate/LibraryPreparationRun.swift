import ReprisePreparation
import Foundation
import RepriseJobs
import RepriseLibrary
import RepriseSystem

/// The second half of `validate --prepare-to`: takes verdicts as they come, then prepares what can be prepared.
///
/// It is set up before the scan, so that what can't work is refused before hours of it.
final class LibraryPreparationRun: Sendable {
  private let preparation: LibraryPreparation
  private let manifest: PreparedManifest
  private let speech: LibraryPreparationSpeech

  /// Takes the folder.
  ///
  /// - Throws: `CommandError` where folder and sources lie in each other so that sources could be changed, or the folder holds a
  ///   manifest that is not ours; `FileError`, `ScanError`.
  init(
    folder name: String, paths: [RawPath], hasLists: Bool, preparer: AudioPreparer, width: Int, timeout: Duration,
    replacing: Bool, speech: LibraryPreparationSpeech
  ) throws {
    guard !name.unicodeScalars.contains("\u{FFFD}") else {
      throw CommandError(.usage, "\(Console.printable(name)): is not UTF-8; name another folder for the outputs")
    }
    if [.file, .special].contains(FileKind(at: name)) {
      throw CommandError(.usage, "\(Console.printable(name)): is no folder; --prepare-to wants one")
    }
    try Self.refuseSources(of: paths, in: name)
    let folder = try PreparedFolder(name)
    for path in paths where FileKind(at: path) == .folder {
      // Above it, or another spelling of what was refused.
      if folder.lies(in: path) {
        speech.say("\(Console.printable(name)): is in \(Console.printable(path.text)); what is in it is not scanned")
      }
    }
    self.speech = speech
    preparation = try LibraryPreparation(
      folder, arguments: paths, hasLists: hasLists,
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

  /// Refuses files that the scan would write where the manifest goes, or among what is Reprise's own.
  func refuse(reports: [String?]) throws {
    for case let name? in reports where preparation.folder.isOwn(name) {
      throw CommandError(
        .usage,
        "\(Console.printable(name)): is the manifest's name, or among what Reprise keeps in "
          + "\(Console.printable(preparation.folder.path)); name another")
    }
  }

  private static func refuseSources(of paths: [RawPath], in name: String) throws {
    guard FileKind(at: name) == .folder else { return }
    for path in paths where PreparedFolder.holds(path, in: name) {
      throw CommandError(
        .usage,
        "\(Console.printable(name)): is \(Console.printable(path.text)) or holds it, and sources are never changed; name "
          + "another folder after --prepare-to")
    }
  }

  /// The folder that the scan leaves out.
  var leftOut: RawPath { RawPath(preparation.folder.path) }

  /// Takes a file that was checked.
  func add(_ file: ScannedFile, _ response: CheckResponse) throws {
    try preparation.add(file.path, verdict: response.verdict)
  }

  /// Prepares, writes the manifest, and says what became of it.
  ///
  /// - Returns: whether files could not be prepared, and whether they could not be read, written or replaced.
  func run(rejected: Int, json: Bool) async throws -> (unfit: Bool, troubled: Bool) {
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
        if json, let line = try PreparedFileRecord.line(item, in: preparation.folder) { try Console.data(line) }
      }
    }
    tell(rejected: rejected, rows: rows)
    let tally = preparation.tally
    return (tally.unfit > 0, tally.troubles > 0)
  }

  /// Removes what is half-made and closes the record, however it ended.
  func close() { preparation.close() }

  /// What to say where a signal ended it.
  var interrupted: CommandError {
    let tally = preparation.tally
    return CommandError(
      .interrupted,
      "interrupted; \(tally.made + tally.already) prepared so far, nothing was left half-written; the same command goes on"
    )
  }

  private func tell(rejected: Int, rows: Int) {
    let tally = preparation.tally
    if tally.outputs > 0 {
      speech.say(
        "\(counted(tally.outputs, "file is", "files are")) in \(Console.printable(preparation.folder.path)), where outputs go, and left out"
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
        + "\(tally.unfit + tally.troubles) failed; manifest: \(path)"
        + (rows > 0 ? "; go on with: reprise cover --manifest \(word) --prompt …" : ", with nothing in it"))
  }
}

/// How the preparation speaks: the options themselves are not to be shared between threads.
struct LibraryPreparationSpeech: Sendable {
  let isQuiet: Bool

  func say(_ line: String) { if !isQuiet { Console.say(line) } }
}
