/// Returns `text` made safe for a terminal and a log.
///
/// Keys are removed, control characters become spaces, and no more than `limit` characters stay. A service's message is
/// untrusted: it could repeat a key, move a cursor, forge a log line or fill a screen.
func printable(_ text: String, limit: Int = 300) -> String {
  var clean = ""
  var count = 0
  var spaced = true
  // Before the text is truncated, since half a key is still a secret.
  for scalar in KeyRedaction.apply(to: text).unicodeScalars {
    let category = scalar.properties.generalCategory
    let isBlank = scalar.properties.isWhitespace || category == .control || category == .format
    if isBlank && spaced { continue }
    if count == limit { return clean + "…" }
    clean.unicodeScalars.append(isBlank ? " " : scalar)
    spaced = isBlank
    count += 1
  }
  return spaced && !clean.isEmpty ? String(clean.dropLast()) : clean
}
