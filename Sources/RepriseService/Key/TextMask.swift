import Foundation

/// A mask that removes a request's prompt and lyrics from the texts of a service, which may repeat them.
package struct TextMask: Sendable {
  /// Minimum length in characters of a repetition that is no coincidence.
  static let length = 12

  private let masks: [(name: String, pieces: Set<[Character]>, whole: [Character])]

  /// Creates a mask for the texts of a request.
  package init(_ request: CoverRequest) {
    let texts = [("[prompt]", request.prompt), ("[lyrics]", request.lyrics ?? "")]
    masks = texts.flatMap { name, text in
      // As the text is shown, and as it is written in JSON.
      Set([Self.plain(text), Self.plain(Self.escaped(text))]).filter { !$0.isEmpty }.map { form in
        (name, Set(Self.pieces(form)), form)
      }
    }
  }

  /// Returns `text` with every repetition of the request's texts replaced by its name.
  ///
  /// A repetition has 12 characters or more, or is all of a shorter text.
  package func apply(to text: String) -> String {
    let characters = Array(text)
    var names = [String?](repeating: nil, count: characters.count)
    for mask in masks {
      let length = min(Self.length, mask.whole.count)
      guard length > 0, characters.count >= length else { continue }
      for start in 0...(characters.count - length)
      where mask.pieces.contains(Array(characters[start..<start + length])) {
        for index in start..<start + length { names[index] = names[index] ?? mask.name }
      }
    }
    var result = ""
    var last: String?
    for (character, name) in zip(characters, names) {
      if let name, name != last { result += name }
      if name == nil { result.append(character) }
      last = name
    }
    return result
  }

  /// Returns a text as `printable` shows it: line ends and other blanks as one blank each.
  private static func plain(_ text: String) -> [Character] { Array(printable(text, limit: .max)) }

  private static func escaped(_ text: String) -> String {
    let json = (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return String(json.dropFirst().dropLast())
  }

  private static func pieces(_ text: [Character]) -> [[Character]] {
    guard text.count > length else { return [text] }
    return (0...(text.count - length)).map { Array(text[$0..<$0 + length]) }
  }
}
