internal import Foundation
package import RepriseSystem

/// A list of runs: comma-, semicolon- or tab-separated values with a header, or JSON Lines.
///
/// Columns or keys are `path`, `prompt`, `lyrics` and `output`; only `path` is required, and an empty value counts as
/// absent. Relative names, also those after `@`, are relative to the manifest's own directory.
package struct Manifest: Sendable {
  /// Maximum size of a manifest, in bytes: 100,000 rows with lyrics of their own come to a third.
  package static let maximumBytes = 1_000_000_000
  /// Maximum number of rows in one run; larger manifests must be split.
  package static let maximumRows = 1_000_000

  /// The runs, in the order of the manifest.
  package let rows: [ManifestRow]
  /// Absolute path of the manifest, independent of the name used; nil for a pipe.
  package let path: String?

  /// Reads a manifest.
  ///
  /// - Parameter name: A file, or `-` for stdin. Relative names in a pipe are relative to the current directory.
  /// - Returns: The manifest.
  /// - Throws: `FileError` if it cannot be read, `ManifestError` with all its problems, `CancellationError`.
  package static func read(_ name: String) async throws -> Manifest {
    try await offPool("manifest") { cancellation in
      let isStdin = name == "-"
      let kind = isStdin ? FileKind.special : FileKind(at: name)
      if kind == .directory { throw FileError(.isDirectory, path: name, doing: "read") }
      if kind == .nothing { throw FileError(.missing, path: name, doing: "read") }
      let handle = isStdin ? FileHandle.standardInput : FileHandle(forReadingAtPath: name)
      guard let handle else { throw FileError(.notPermitted, path: name, doing: "read") }
      defer { if !isStdin { try? handle.close() } }
      var bytes: [UInt8] = []
      while let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty {
        try cancellation.check()
        bytes += chunk
        if bytes.count > maximumBytes { break }
      }
      let current = FileManager.default.currentDirectoryPath
      let shown = isStdin ? "stdin" : shortenedPath(name)
      guard kind == .file else {
        return try Manifest(bytes: bytes, name: shown, path: nil, directory: current, cancellation: cancellation)
      }
      let directory = URL(fileURLWithPath: PathText.directory(of: name)).resolvingSymlinksInPath().path
      let path = directory + (directory.hasSuffix("/") ? "" : "/") + PathText.name(of: name)
      return try Manifest(bytes: bytes, name: shown, path: path, directory: directory, cancellation: cancellation)
    }
  }

  /// Parses the bytes of a manifest.
  ///
  /// - Parameters:
  ///   - bytes: The whole manifest, in UTF-8.
  ///   - name: Name of the manifest for error messages.
  ///   - path: Absolute path of the manifest, or nil.
  ///   - directory: Directory to which relative names are relative.
  ///   - cancellation: Cancellation state, checked every thousand rows.
  /// - Throws: `ManifestError` with all problems, `CancellationError`.
  package init(
    bytes: [UInt8], name: String, path: String?, directory: String, cancellation: Cancellation = Cancellation()
  ) throws {
    var problems = ProblemList()
    var rows = ManifestRows(bytes: bytes, directory: directory)
    if let fault = Self.fault(in: bytes) {
      problems.add(ManifestProblem(line: 1, column: 1, fault))
      try problems.check(name)
    }
    var position = TextPosition()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (position.lineStart, position.offset) = (3, 3) }
    var source = Source(bytes, from: position, problems: &problems)
    var count = 0
    while let raw = source.next(problems: &problems) {
      count += 1
      guard count <= Self.maximumRows else {
        problems.add(
          ManifestProblem(line: raw.line, column: 1, .tooManyRows(limit: Self.maximumRows)))
        break
      }
      rows.add(raw, problems: &problems)
      if count % 1000 == 0 { try cancellation.check() }
      if problems.isHopeless { break }
    }
    rows.checkOutputs(problems: &problems)
    if count == 0, problems.count == 0 {
      problems.add(ManifestProblem(line: 1, column: 1, .noRows))
    }
    try problems.check(name)
    self.rows = rows.rows
    self.path = path
  }

  /// Returns a key that is equal for two outputs that are one file, or are one on some disks.
  ///
  /// Upper and lower case are equal, and so are the two ways in which Unicode writes an accent.
  ///
  /// - Parameter path: Absolute path; `.`, `..` and doubled slashes in it are removed, links are not followed.
  /// - Returns: The key.
  package static func outputKey(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/").lowercased()
  }

  /// Returns the problem by which the bytes are obviously not text in UTF-8, or nil.
  private static func fault(in bytes: [UInt8]) -> ManifestProblem.Fault? {
    if bytes.count > maximumBytes { return .tooLarge(limit: maximumBytes) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return .utf16
    }
    if bytes.prefix(4096).contains(0) { return .notText }
    return nil
  }

  /// Either form of manifest, distinguished by its first byte that is not white space: `{` begins JSON Lines.
  private enum Source {
    case delimited(DelimitedManifest)
    case jsonLines(JSONLinesManifest)

    init(_ bytes: [UInt8], from position: TextPosition, problems: inout ProblemList) {
      switch bytes[position.offset...].first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
      case UInt8(ascii: "{"): self = .jsonLines(JSONLinesManifest(bytes, from: position))
      case UInt8(ascii: "["):
        // Parsed as JSON Lines, the problem on the first line tells what is missing.
        self = .jsonLines(JSONLinesManifest(bytes, from: position))
      default: self = .delimited(DelimitedManifest(bytes, from: position, problems: &problems))
      }
    }

    mutating func next(problems: inout ProblemList) -> RawRow? {
      switch self {
      case .delimited(var manifest):
        defer { self = .delimited(manifest) }
        return manifest.next(problems: &problems)
      case .jsonLines(var manifest):
        defer { self = .jsonLines(manifest) }
        return manifest.next(problems: &problems)
      }
    }
  }
}

/// Returns a path for a message, on one line.
private func shortenedPath(_ path: String) -> String {
  path.unicodeScalars.contains { $0.properties.generalCategory == .control } ? shortened(path) : path
}
