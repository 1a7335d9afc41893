/// The division of notes and rests into note values that are easy to read.
package enum NoteValues {
  /// Lengths in sixteenth notes that a single note value has: plain, or with one dot.
  package static let single = [24, 16, 12, 8, 6, 4, 3, 2, 1]

  /// Divides a note or rest into the values by which it is written, joined by ties if it is a note.
  ///
  /// What begins between two pulses ends with the pulse, but for the quarter note between two eighths. What begins on a
  /// pulse lasts for a fraction of it or for whole pulses, or a pulse and a half in simple time, and does not cross the
  /// middle of a bar of four unless it begins there or at the bar line.
  ///
  /// - Parameters:
  ///   - start: First step in the bar.
  ///   - length: Number of steps.
  ///   - pulse: Steps of a pulse: 4 for a quarter note, 6 for a dotted one.
  ///   - bar: Steps of the bar.
  /// - Returns: The lengths, in order; their sum is `length`.
  package static func split(start: Int, length: Int, pulse: Int, bar: Int) -> [Int] {
    var result: [Int] = []
    var (place, rest) = (start, length)
    while rest > 0 {
      let longest = single.first { value in
        value <= rest && fits(value, at: place, pulse: pulse, bar: bar)
      }
      let value = longest ?? 1
      result.append(value)
      place += value
      rest -= value
    }
    return result
  }

  private static func fits(_ value: Int, at place: Int, pulse: Int, bar: Int) -> Bool {
    let offset = place % pulse
    // A bar of four quarters has a middle.
    let half = pulse == 4 && bar == 16 ? 8 : bar
    guard offset == 0 else {
      if pulse == 4, offset == 2, value == 4, place % half + value <= half { return true }
      return offset + value <= pulse
    }
    if place % half != 0, place % half + value > half { return false }
    if value < pulse { return true }
    return value.isMultiple(of: pulse) || (pulse == 4 && value == 6)
  }
}
