/// Parses the rows of a manifest in JSON Lines: an object on every line, its values strings or null.
struct JSONLinesManifest {
  private let bytes: [UInt8]
  private var position: TextPosition

  init(_ bytes: [UInt8], from position: TextPosition) {
    self.bytes = bytes
    self.position = position
  }

  /// Returns the next row, or nil at the end.
  mutating func next(problems: inout ProblemList) -> RawRow? {
    while position.offset < bytes.count, !problems.isHopeless {
      let start = position
      // Only line feeds end lines here; a carriage return is white space.
      let end = bytes[start.offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      position.offset = min(end + 1, bytes.count)
      position.line += 1
      position.lineStart = position.offset
      var object = JSONObjectText(bytes, line: start, end: end)
      do {
        guard let row = try object.row(problems: &problems) else { continue }
        return row
      } catch {
        problems.add(error)
      }
    }
    return nil
  }
}
