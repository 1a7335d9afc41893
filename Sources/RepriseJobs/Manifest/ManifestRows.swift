internal import RepriseService
internal import RepriseSystem

/// Converts the raw rows of a manifest to rows, and finds conflicts between them.
struct ManifestRows {
  private(set) var rows: [ManifestRow] = []
  private let bytes: [UInt8]
  private let directory: String
  private var texts: ManifestTexts
  private var outputs: [String: Int] = [:]
  private var namedOutputs: [(key: String, shown: String, line: Int, column: Int)] = []
  private var inputs: [String: Int] = [:]

  init(bytes: [UInt8], directory: String) {
    self.bytes = bytes
    self.directory = directory
    texts = ManifestTexts(directory: directory)
  }

  mutating func add(_ raw: RawRow, problems: inout ProblemList) {
    let path = raw.fields[.path].flatMap { named($0, .path, problems: &problems) }
    if raw.fields[.path]?.text.isEmpty ?? true, !raw.faulty.contains(.path) {
      let position = raw.fields[.path]?.position
      problems.add(
        ManifestProblem(
          line: position?.line ?? raw.line, column: position?.column(in: bytes) ?? 1, .noPath))
    }
    let prompt = text(raw.fields[.prompt], .prompt, problems: &problems)
    let lyrics = text(raw.fields[.lyrics], .lyrics, problems: &problems)
    let output = raw.fields[.output].flatMap { named($0, .output, problems: &problems) }
    if let output, let field = raw.fields[.output] { check(output, field, problems: &problems) }
    guard let path, let shown = raw.fields[.path]?.text else { return }
    inputs[Manifest.outputKey(path)] = raw.line
    rows.append(
      ManifestRow(line: raw.line, path: path, shownPath: shown, prompt: prompt, lyrics: lyrics, output: output))
  }

  /// Reports outputs that are another row's recording; called once, after the last row.
  func checkOutputs(problems: inout ProblemList) {
    for output in namedOutputs {
      guard let line = inputs[output.key] else { continue }
      problems.add(
        ManifestProblem(
          line: output.line, column: output.column,
          .outputIsRecording(shortened(output.shown), line: line, isOwn: line == output.line)))
    }
  }

  private mutating func check(_ output: String, _ field: DelimitedText.Field, problems: inout ProblemList) {
    let key = Manifest.outputKey(output)
    let (line, column) = (field.position.line, field.position.column(in: bytes))
    if let other = outputs[key] {
      problems.add(
        ManifestProblem(
          line: line, column: column, .outputTwice(shortened(field.text), line: other)))
      return
    }
    outputs[key] = line
    namedOutputs.append((key, field.text, line, column))
  }

  /// Returns the absolute path in a field, or nil if the field is empty or invalid as a path.
  private func named(
    _ field: DelimitedText.Field, _ column: ManifestColumn, problems: inout ProblemList
  ) -> String? {
    guard !field.text.isEmpty else { return nil }
    if let fault = Self.fault(in: field.text, column) {
      problems.add(ManifestProblem(line: field.position.line, column: field.position.column(in: bytes), fault))
      return nil
    }
    if column == .path, InputDownload.isURL(field.text) { return field.text }
    return PathText.absolute(field.text, in: directory)
  }

  private static func fault(in path: String, _ column: ManifestColumn) -> ManifestProblem.Fault? {
    if path.utf8.contains(0) { return .zeroByte(column: column.rawValue) }
    if column == .output, path.utf8.last == UInt8(ascii: "/") { return .outputDirectory }
    return nil
  }

  private mutating func text(
    _ field: DelimitedText.Field?, _ column: ManifestColumn, problems: inout ProblemList
  ) -> String? {
    guard let field else { return nil }
    do {
      return try texts.text(of: field.text)
    } catch {
      problems.add(
        ManifestProblem(
          line: field.position.line, column: field.position.column(in: bytes),
          .text(column: column.rawValue, file: error.file, error.fault)))
      return nil
    }
  }
}
