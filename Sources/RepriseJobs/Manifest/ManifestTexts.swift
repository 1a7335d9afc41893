internal import Foundation
internal import RepriseSystem

/// The prompts and lyrics of a manifest's rows; a file named by many rows is read once.
struct ManifestTexts {
  private let directory: String
  private var files: [String: Result<String, TextFile.Fault>] = [:]

  /// Creates a reader of texts whose file names are relative to `directory`.
  init(directory: String) { self.directory = directory }

  /// Returns the text of a field: none, literal text, or the content of `@FILE`.
  ///
  /// `@@` begins a text that begins with `@`.
  ///
  /// - Throws: `Unusable` with the file and the reason for which it provides no text.
  mutating func text(of field: String) throws(Unusable) -> String? {
    if field.isEmpty { return nil }
    guard field.utf8.first == UInt8(ascii: "@") else { return field }
    let name = String(field.unicodeScalars.dropFirst())
    if name.utf8.first == UInt8(ascii: "@") { return name }
    func unusable(_ fault: ManifestProblem.Fault.TextFault) -> Unusable {
      Unusable(file: shortened(name), fault: fault)
    }
    let text: String
    do {
      text = try read(name)
    } catch {
      switch error {
      case .unreadable: throw unusable(.unreadable)
      case .tooLong: throw unusable(.tooLong(limit: TextFile.largest))
      case .notUTF8: throw unusable(.notUTF8)
      }
    }
    guard !text.isEmpty else { throw unusable(.empty) }
    return text
  }

  /// The reason for which a field has no text.
  struct Unusable: Error {
    /// The file named by the field, as displayed.
    let file: String
    /// The fault of the file.
    let fault: ManifestProblem.Fault.TextFault
  }

  private mutating func read(_ name: String) throws(TextFile.Fault) -> String {
    if let known = files[name] { return try known.get() }
    let path = PathText.absolute(name, in: directory)
    // A pipe would block forever, and give each row a different text.
    let result: Result<String, TextFile.Fault>
    if !name.isEmpty, FileKind(at: path) == .file, let handle = FileHandle(forReadingAtPath: path) {
      result = Result { () throws(TextFile.Fault) in try TextFile.text(of: handle) }
      try? handle.close()
    } else {
      result = .failure(.unreadable)
    }
    files[name] = result
    return try result.get()
  }
}
