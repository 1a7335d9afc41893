import Foundation

/// A melody long enough that a cover of it takes a while.
package enum LongTone {
  package static func write(to path: String, seconds: Int) throws {
    let rate = 22050
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
    for index in 0..<seconds * rate {
      let time = Double(index) / Double(rate)
      let note = 220 * pow(2, Double(Int(time * 2) * 7 % 12) / 12)
      let within = time * 2 - (time * 2).rounded(.down)
      add(Int(9000 * sin(2 * .pi * note * time) * exp(-2 * within)) & 0xFFFF, bytes: 2)
    }
    try data.write(to: URL(fileURLWithPath: path))
  }
}
