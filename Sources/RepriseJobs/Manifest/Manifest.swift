internal import Foundation
public import RepriseSystem

/// A list of runs: comma-, semicolon- or tab-separated values with a header, or JSON Lines.
///
/// Columns or keys are `path`, `prompt`, `lyrics` and `output`; only `path` must be there, what is empty is not given.
/// Relative names, also those behind `@`, are relative to the manifest's own folder.
public struct Manifest: Sendable {
  /// More than any manifest has: 100,000 rows with lyrics of their own come to a third.
  public static let maximumBytes = 1_000_000_000
  /// More rows than one run should have; split what is larger.
  public static let maximumRows = 1_000_000

  /// The runs, in the manifest's order.
  public let rows: [ManifestRow]
  /// Where it is, absolute, the same however it is named; nil for what came through a pipe.
  public let path: String?

  /// Reads a manifest.
  ///
  /// - Parameter name: a file, or `-` for stdin. A pipe's relative names are relative to the current folder.
  /// - Throws: `FileError` where it can't be read, `ManifestError` with all that is wrong in it, `CancellationError`.
  public static func read(_ name: String) async throws -> Manifest {
    try await offPool("manifest") { cancellation in
      let isStdin = name == "-"
      let kind = isStdin ? FileKind.special : FileKind(at: name)
      if kind == .folder { throw FileError(.isFolder, path: name, doing: "read") }
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
        return try Manifest(bytes: bytes, name: shown, path: nil, folder: current, cancellation: cancellation)
      }
      let folder = URL(fileURLWithPath: PathText.folder(of: name)).resolvingSymlinksInPath().path
      let path = folder + (folder.hasSuffix("/") ? "" : "/") + PathText.name(of: name)
      return try Manifest(bytes: bytes, name: shown, path: path, folder: folder, cancellation: cancellation)
    }
  }

  /// Understands a manifest's bytes.
  ///
  /// - Parameters:
  ///   - bytes: the whole manifest, UTF-8.
  ///   - name: what errors call it.
  ///   - path: where it is, nil for what has no place.
  ///   - folder: what relative names are relative to.
  ///   - cancellation: looked at for every thousand rows.
  /// - Throws: `ManifestError` with all that is wrong, `CancellationError`.
  public init(
    bytes: [UInt8], name: String, path: String?, folder: String, cancellation: Cancellation = Cancellation()
  ) throws {
    var problems = ProblemList()
    var rows = ManifestRows(bytes: bytes, folder: folder)
    if let fault = Self.fault(in: bytes) {
      problems.add(ManifestProblem(line: 1, column: 1, fault))
      try problems.check(name)
    }
    var place = TextPlace()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (place.lineStart, place.offset) = (3, 3) }
    var source = Source(bytes, from: place, problems: &problems)
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

  /// By what two outputs are known to be one file, or to be one on some disks: upper and lower case are the same, and so
  /// are the two ways in which Unicode writes an accent.
  ///
  /// - Parameter path: absolute; `.`, `..` and doubled slashes in it are taken out, links are not followed.
  public static func outputKey(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/").lowercased()
  }

  /// What shows at once that this is no text in UTF-8.
  private static func fault(in bytes: [UInt8]) -> ManifestProblem.Fault? {
    if bytes.count > maximumBytes { return .tooLarge(limit: maximumBytes) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return .utf16
    }
    if bytes.prefix(4096).contains(0) { return .notText }
    return nil
  }

  /// Either form of manifest, told by its first byte that is no blank: `{` begins JSON Lines.
  private enum Source {
    case delimited(DelimitedManifest)
    case jsonLines(JSONLinesManifest)

    init(_ bytes: [UInt8], from place: TextPlace, problems: inout ProblemList) {
      switch bytes[place.offset...].first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
      case UInt8(ascii: "{"): self = .jsonLines(JSONLinesManifest(bytes, from: place))
      case UInt8(ascii: "["):
        // Read as JSON Lines it says what is missing, on the first line.
        self = .jsonLines(JSONLinesManifest(bytes, from: place))
      default: self = .delimited(DelimitedManifest(bytes, from: place, problems: &problems))
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

/// A path in a message, on one line.
private func shortenedPath(_ path: String) -> String {
  path.unicodeScalars.contains { $0.properties.generalCategory == .control } ? shortened(path) : path
}
