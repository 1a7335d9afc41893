import Foundation

/// A melody long enough that a cover of it takes a while.
package enum LongTone {
  private static let rate = 22050

  /// Twelve notes, half a second each, as 16-bit samples: what the melody repeats.
  private static let tune: Data = {
    var data = Data(capacity: 6 * rate * 2)
    for index in 0..<6 * rate {
      let time = Double(index) / Double(rate)
      let note = 220 * pow(2, Double(Int(time * 2) * 7 % 12) / 12)
      let within = time * 2 - (time * 2).rounded(.down)
      let sample = UInt16(bitPattern: Int16(9000 * sin(2 * .pi * note * time) * exp(-2 * within)))
      data.append(UInt8(truncatingIfNeeded: sample))
      data.append(UInt8(truncatingIfNeeded: sample >> 8))
    }
    return data
  }()

  /// Writes a wav of so many seconds.
  package static func write(to path: String, seconds: Int) throws {
    var data = Data("RIFF".utf8)
    func add(_ value: Int, bytes: Int) { for shift in 0..<bytes { data.append(UInt8((value >> (8 * shift)) & 0xFF)) } }
    let size = seconds * rate * 2
    add(36 + size, bytes: 4)
    data.append(Data("WAVEfmt ".utf8))
    add(16, bytes: 4)
    add(1, bytes: 2)
    add(1, bytes: 2)
    add(rate, bytes: 4)
    add(rate * 2, bytes: 4)
    add(2, bytes: 2)
    add(16, bytes: 2)
    data.append(Data("data".utf8))
    add(size, bytes: 4)
    let whole = data.count + size
    while data.count < whole { data.append(tune.prefix(whole - data.count)) }
    try data.write(to: URL(fileURLWithPath: path))
  }
}
