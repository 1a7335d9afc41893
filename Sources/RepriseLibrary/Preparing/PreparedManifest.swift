internal import Foundation
internal import RepriseSystem

/// The manifest of a directory of prepared files: a row for each that a cover can be made of, in the order of paths.
package struct PreparedManifest: Sendable {
  /// The format of a manifest, as its readers expect it.
  package struct Form: Sendable {
    /// The text before the first row.
    package let header: String
    /// Returns the line of a recording, with its line end.
    package let line: @Sendable (_ source: String, _ output: String) throws -> String

    /// Creates a form.
    package init(
      header: String, line: @escaping @Sendable (_ source: String, _ output: String) throws -> String
    ) {
      self.header = header
      self.line = line
    }
  }

  private static let name = "manifest.csv"

  private let preparation: LibraryPreparation
  private let form: Form

  /// Creates the manifest of a preparation.
  package init(_ preparation: LibraryPreparation, form: Form) {
    self.preparation = preparation
    self.form = form
  }

  /// The manifest's path.
  package var path: String { preparation.directory.path(of: Self.name) }

  /// Returns `true` if a manifest exists that may be replaced.
  ///
  /// - Throws: `ScanError` if a manifest exists that differs from the one an earlier run wrote: somebody may have
  ///   filled it in.
  @discardableResult package func checkReplaceable() throws -> Bool {
    guard let found = preparation.directory.stamp(of: Self.name) else { return false }
    if FileKind(at: path) == .directory { throw ScanError(.manifestIsDirectory, path: path) }
    if preparation.settings.replaces { return true }
    if found != nil, try preparation.ledger.knows(manifest: SHA256.hex(ofFileAt: path)) { return true }
    throw ScanError(.manifestIsForeign, path: path)
  }

  /// Writes the manifest, whole or not at all.
  ///
  /// - Parameters:
  ///   - check: A closure that is called for every file, and throws to stop.
  ///   - each: A closure that is called with every file of the preparation and its outcome.
  /// - Returns: The number of rows.
  /// - Throws: `ScanError` if a manifest exists that may not be replaced, `FileError`, the errors that the closures
  ///   throw.
  package func write(check: () throws -> Void, each: (PreparationItem) throws -> Void) throws -> Int {
    let current = FileManager.default.currentDirectoryPath
    // Like every output, in `work`: beside the outputs a kill between two names would leave a second file.
    let staged = preparation.directory.work + "/" + Self.name
    let file = try TemporaryFile(for: staged, replacing: true, isNameless: true)
    var digest = try SHA256()
    var rows = 0
    var waiting = Array(form.header.utf8)
    var coversDirectory = ""
    try preparation.forEach { item in
      try check()
      try each(item)
      guard item.state != .failed, item.state != .waiting else { return }
      let covers = item.directory.isEmpty ? "covers" : "covers/" + item.directory
      // 'cover' does not make directories.
      if covers != coversDirectory { try preparation.directory.makeDirectory(covers) }
      coversDirectory = covers
      let source = item.state == .kept ? PathText.absolute(item.source.text, in: current) : item.output
      waiting += Array(try form.line(source, "\(covers)/\(item.stem)-cover.mp3").utf8)
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
    try preparation.ledger.note(manifest: name, isNamed: false)
    try file.commit()
    // A manifest may have been written since the run began, possibly hours ago.
    let replaces = try checkReplaceable()
    do {
      try preparation.directory.name(staged, as: Self.name, replacing: replaces)
    } catch let error as FileError where error.code == .exists {
      throw ScanError(.manifestIsForeign, path: path, underlying: error)
    }
    try preparation.ledger.note(manifest: name, isNamed: true)
    return rows
  }
}
