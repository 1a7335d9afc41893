internal import Foundation
internal import RepriseSystem

/// The prompts and lyrics of a manifest's rows; a file that many rows name is read once.
struct ManifestTexts {
  private let folder: String
  private var files: [String: Result<String, WordsFile.Fault>] = [:]

  /// Texts whose files' names are relative to `folder`.
  init(folder: String) { self.folder = folder }

  /// What a field says: nothing, a text, or `@FILE`. `@@` begins a text that begins with `@`.
  ///
  /// - Throws: `Trouble` with the words for people.
  mutating func text(of field: String) throws(Trouble) -> String? {
    if field.isEmpty { return nil }
    guard field.utf8.first == UInt8(ascii: "@") else { return field }
    let name = String(field.unicodeScalars.dropFirst())
    if name.utf8.first == UInt8(ascii: "@") { return name }
    let text: String
    do {
      text = try read(name)
    } catch {
      switch error {
      case .unreadable:
        throw Trouble(words: "\(shortened(name)): can't be read; a file is named relative to the manifest's folder")
      case .tooLong:
        throw Trouble(words: "\(shortened(name)): is over \(WordsFile.largest) bytes; is it the right file?")
      case .notUTF8: throw Trouble(words: "\(shortened(name)): is not UTF-8 text")
      }
    }
    guard !text.isEmpty else { throw Trouble(words: "\(shortened(name)): is empty") }
    return text
  }

  /// Why a field has no text.
  struct Trouble: Error {
    let words: String
  }

  private mutating func read(_ name: String) throws(WordsFile.Fault) -> String {
    if let known = files[name] { return try known.get() }
    let path = PathText.absolute(name, in: folder)
    // A pipe would wait for ever, and give each row something else.
    let result: Result<String, WordsFile.Fault>
    if !name.isEmpty, FileKind(at: path) == .file, let handle = FileHandle(forReadingAtPath: path) {
      result = Result { () throws(WordsFile.Fault) in try WordsFile.text(of: handle) }
      try? handle.close()
    } else {
      result = .failure(.unreadable)
    }
    files[name] = result
    return try result.get()
  }
}
