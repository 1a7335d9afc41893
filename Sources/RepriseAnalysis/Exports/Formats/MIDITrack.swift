/// A track of a Standard MIDI File: events in the order of their ticks.
struct MIDITrack {
  /// An event with its place.
  private struct Event {
    let tick: Int
    /// Order among events of the same tick: what ends comes before what begins.
    let order: Int
    let bytes: [UInt8]
  }

  private var events: [Event] = []

  /// Adds a meta event of text (RP-019 allows UTF-8).
  ///
  /// - Parameters:
  ///   - kind: 1 for text, 3 for the name of the track, 6 for a marker.
  ///   - text: The text.
  ///   - tick: The place.
  mutating func add(_ kind: UInt8, text: String, at tick: Int) {
    add(meta: kind, Array(text.utf8), at: tick)
  }

  /// Adds a meta event.
  mutating func add(meta kind: UInt8, _ data: [UInt8], at tick: Int) {
    append(at: tick, order: 1, [0xFF, kind] + Self.variable(data.count) + data)
  }

  /// Adds a program change.
  mutating func add(program: UInt8, channel: UInt8, at tick: Int) {
    append(at: tick, order: 1, [0xC0 | channel, program])
  }

  /// Adds a note of at least one tick.
  mutating func add(note pitch: Int, from start: Int, to end: Int, channel: UInt8, velocity: UInt8) {
    let key = UInt8(max(0, min(127, pitch)))
    append(at: start, order: 2, [0x90 | channel, key, velocity])
    append(at: max(start + 1, end), order: 0, [0x80 | channel, key, 64])
  }

  private mutating func append(at tick: Int, order: Int, _ bytes: [UInt8]) {
    events.append(Event(tick: max(0, tick), order: order, bytes: bytes))
  }

  /// Returns the chunk of the track, which ends at a tick or with its last event.
  func chunk(endingAt end: Int) -> [UInt8] {
    let sorted = events.enumerated().sorted {
      ($0.element.tick, $0.element.order, $0.offset) < ($1.element.tick, $1.element.order, $1.offset)
    }
    var body: [UInt8] = []
    var tick = 0
    for (_, event) in sorted {
      body += Self.variable(event.tick - tick) + event.bytes
      tick = event.tick
    }
    body += Self.variable(max(0, end - tick)) + [0xFF, 0x2F, 0]
    return Array("MTrk".utf8) + BigEndian.bytes(body.count, count: 4) + body
  }

  /// Returns a number as a variable-length quantity: seven bits a byte, at most 28 in all.
  static func variable(_ number: Int) -> [UInt8] {
    var rest = max(0, min(0x0FFF_FFFF, number))
    var bytes = [UInt8(rest & 0x7F)]
    while rest > 0x7F {
      rest >>= 7
      bytes.append(UInt8(rest & 0x7F) | 0x80)
    }
    return bytes.reversed()
  }
}
