import ArgumentParser

/// Arguments with units after numbers.
enum UnitArguments {
  /// Parses `256k`, `256kbps` or `256000`, one of the allowed bit rates.
  static func bitRate(_ text: String, among allowed: [Int]) throws -> Int {
    try chosen(text, Quantity.bitRate, among: allowed, unit: "bit/s")
  }

  /// Parses `44.1k`, `44.1kHz` or `44100`, one of the allowed sample rates.
  static func sampleRate(_ text: String, among allowed: [Int]) throws -> Int {
    try chosen(text, Quantity.sampleRate, among: allowed, unit: "Hz")
  }

  /// Parses `44.1k`, `44.1kHz` or `44100`, any sample rate.
  static func sampleRate(_ text: String) throws -> Int {
    guard let value = Quantity.sampleRate(text) else {
      throw ValidationError("a sample rate looks like 44100, 44.1k or 44.1kHz")
    }
    return value
  }

  /// Parses `50000000`, `50M`, `50MB` or `48MiB`.
  static func bytes(_ text: String) throws -> Int {
    guard let value = Quantity.bytes(text) else {
      throw ValidationError("a size looks like 50000000, 50M, 50MB (of 1000s) or 48MiB (of 1024s)")
    }
    return value
  }

  private static func chosen(
    _ text: String, _ read: (String) -> Int?, among allowed: [Int], unit: String
  ) throws -> Int {
    let list = allowed.map { thousands($0) }
    let message = "\(list.dropLast().joined(separator: ", ")) or \(list.last ?? "") (\(unit)) are allowed"
    guard let value = read(text) else { throw ValidationError(message) }
    if allowed.contains(value) { return value }
    // A number of thousands without its k is ambiguous.
    if let meant = read(text + "k"), allowed.contains(meant) {
      throw ValidationError("that is \(value) \(unit); did you mean \(text)k? \(message)")
    }
    throw ValidationError(message)
  }

  private static func thousands(_ value: Int) -> String {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: 1000)
    return rest == 0 ? "\(whole)k" : rest % 100 == 0 ? "\(whole).\(rest / 100)k" : "\(value)"
  }
}
