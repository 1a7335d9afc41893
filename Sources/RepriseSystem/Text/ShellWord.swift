/// Returns a text as a word that may be pasted into a shell (POSIX.1 shell language, single quotes) and stays one
/// argument that is no option.
package func shellWord(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy {
    $0.properties.isAlphabetic || "0123456789._-/+=@,".unicodeScalars.contains($0)
  }
  // A name that begins with a hyphen would be taken for an option.
  let safe = text.hasPrefix("-") ? "./" + text : text
  return isPlain && !text.isEmpty ? safe : "'" + safe.replacing("'", with: "'\\''") + "'"
}
