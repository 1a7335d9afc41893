import Foundation
import RepriseJobs
import RepriseLibrary
import RepriseSystem

/// The manifest of a folder of prepared files: a row for each that a cover can be made of, in the order of paths.
struct PreparedManifest: Sendable {
  private let preparation: LibraryPreparation
  private let writer = ManifestWriter(.commaSeparated)

  init(_ preparation: LibraryPreparation) { self.preparation = preparation }

  private static let name = "manifest.csv"

  var path: String { preparation.folder.place(of: Self.name) }

  /// Whether a manifest could name a file where it is.
  static func canName(_ path: RawPath, in folder: String) -> Bool {
    path.isText && ![path.text, folder].contains { $0.unicodeScalars.contains("\u{FFFD}") }
  }

  /// Whether a manifest is there, one that may be replaced.
  ///
  /// - Throws: `Trouble` if one is there that is not as an earlier run wrote it: somebody may have filled it in.
  @discardableResult func replaces() throws -> Bool {
    guard let found = preparation.folder.stamp(of: Self.name) else { return false }
    if FileKind(at: path) == .folder {
      throw Trouble(.inputOutput, "\(Console.printable(path)): is a folder, where the manifest goes; move it away")
    }
    if preparation.replaces { return true }
    if found != nil, try preparation.knows(manifest: SHA256.hex(ofFileAt: path)) { return true }
    throw foreign
  }

  private var foreign: Trouble {
    Trouble(
      .inputOutput,
      "\(Console.printable(path)): stands there and is not as an earlier run wrote it; move it away, or replace it with "
        + "--force")
  }

  /// Writes it, whole or not at all, and prints the records.
  ///
  /// - Returns: how many rows it has.
  func write(json: Bool, check: () throws -> Void) throws -> Int {
    let folder = FileManager.default.currentDirectoryPath
    // Like every output: beside the others a kill between two names would leave a second one.
    let staged = preparation.folder.work + "/" + Self.name
    let file = try TemporaryFile(for: staged, replacing: true, isNameless: true)
    var digest = try SHA256()
    var rows = 0
    var waiting = Array(writer.header.utf8)
    var coversFolder = ""
    try each { item in
      try check()
      if json { try tell(item) }
      guard item.state != .failed, item.state != .waiting else { return }
      let covers = item.folder.isEmpty ? "covers" : "covers/" + item.folder
      // 'cover' makes no folders.
      if covers != coversFolder { try preparation.folder.makeFolder(covers) }
      coversFolder = covers
      let source = item.state == .kept ? PathText.absolute(item.source.text, in: folder) : item.output
      let entry = ManifestWriter.Entry(path: source, output: "\(covers)/\(item.stem)-cover.mp3")
      waiting += Array(try writer.line(for: entry).utf8)
      rows += 1
      if waiting.count > 1 << 16 {
        digest.update(waiting)
        try file.write(waiting[...])
        waiting = []
      }
    }
    digest.update(waiting)
    try file.write(waiting[...])
    let name = try digest.finishHex()
    try preparation.note(manifest: name, isNamed: false)
    try file.commit()
    // Somebody may have written one since the run began, which may have been hours ago.
    let replaces = try replaces()
    do {
      try preparation.folder.name(staged, as: Self.name, replacing: replaces)
    } catch let error as FileError where error.code == .exists {
      throw foreign
    }
    try preparation.note(manifest: name, isNamed: true)
    return rows
  }

  private func each(_ body: (PreparationItem) throws -> Void) throws {
    var last = 0
    while true {
      let items = try preparation.list.page(after: last)
      guard let end = items.last?.place else { return }
      last = end
      for item in items { try body(item) }
    }
  }

  private func tell(_ item: PreparationItem) throws {
    switch item.state {
    case .made, .already:
      let facts = try JSONDecoder().decode(PreparedFacts.self, from: Data(item.words))
      let record = PreparedFileRecord(
        path: item.source.text, output: preparation.folder.place(of: item.output), facts: facts)
      try Console.data(try Console.json(record))
    case .failed:
      let words = String(decoding: item.words, as: UTF8.self)
      try Console.data(try Console.json(PreparationRecord(failed: item.source.text, because: words)))
    case .kept, .waiting: break
    }
  }
}

/// `reprise.prepared.v1` of a file that a worker prepared, now or in an earlier run; as `prepare --json` has it.
private struct PreparedFileRecord: Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, path, output, steps, start, end, format, bytes, seconds, lossless, remark, error
  }

  let path: String
  let output: String
  let facts: PreparedFacts

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("reprise.prepared.v1", forKey: .schema)
    try fields.encode(path, forKey: .path)
    try fields.encode(output, forKey: .output)
    try fields.encode(facts.steps, forKey: .steps)
    try fields.encode(facts.start, forKey: .start)
    try fields.encode(facts.end, forKey: .end)
    try fields.encode(facts.format, forKey: .format)
    try fields.encode(facts.bytes, forKey: .bytes)
    try fields.encode(facts.seconds, forKey: .seconds)
    try fields.encode(facts.lossless, forKey: .lossless)
    try fields.encode(facts.remark, forKey: .remark)
    try fields.encodeNil(forKey: .error)
  }
}
