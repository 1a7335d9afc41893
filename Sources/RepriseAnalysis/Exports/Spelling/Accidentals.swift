/// The accidentals in force in a bar, and those that have to be written in it.
///
/// Programs and players differ in whether an accidental also holds in other octaves (ABC's `%%propagate-accidentals`),
/// and after a tie over the bar line, so one is written wherever one of these readings requires it.
struct Accidentals {
  private let key: [Int]
  private var byLetter: [Int: Int] = [:]
  private var byPlace: [Int: Int] = [:]
  private var tied: [Int: Int] = [:]

  /// Creates the accidentals at the beginning of a bar.
  init(key: KeySignature) { self.key = key.alterations }

  /// Returns the accidental to be written before a note, in semitones, 0 being a natural sign; nil if none has to be.
  mutating func written(before name: NoteName, octave: Int) -> Int? {
    let step = name.step
    let place = octave * 7 + step
    let readings = [byLetter[step] ?? key[step], byPlace[place] ?? key[step]] + (tied[step].map { [$0] } ?? [])
    guard readings.contains(where: { $0 != name.alteration }) else { return nil }
    byLetter[step] = name.alteration
    byPlace[place] = name.alteration
    tied[step] = nil
    return name.alteration
  }

  /// Takes up a note that is tied to one in the bar before, whose accidental is not repeated.
  mutating func keep(_ name: NoteName) { tied[name.step] = name.alteration }
}
