/// `text` made fit for a terminal and a log: keys are taken out, control characters become spaces, and no more than
/// `limit` characters stay.
///
/// A service's words are a stranger's: they could say a key back, move a cursor, forge a log line or fill a screen.
func printable(_ text: String, limit: Int = 300) -> String {
  var clean = ""
  var count = 0
  var spaced = true
  // Before anything is cut off: half a key is still a secret.
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
