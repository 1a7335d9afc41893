import RepriseSystem

/// Renders an arrangement into memory.
struct Renderer {
  /// Sample rate of covers, in Hz.
  static let sampleRate = 44100

  /// Maximum duration of a cover, in seconds: an hour takes 1.3 GB.
  static let longest = 3600.0

  let soundFont: SoundFont

  /// Renders interleaved stereo at `sampleRate`, not mastered: levels are the synthesizer's, and peaks may exceed 1.
  ///
  /// - Throws: `EngineError` if the SoundFont cannot be loaded; `CancellationError`.
  func render(
    _ arrangement: Arrangement, cancellation: Cancellation, progress: (Double) -> Void
  ) throws -> [Float] {
    guard (0...Self.longest).contains(arrangement.seconds) else {
      throw EngineError.tooLong(seconds: arrangement.seconds, maximum: Self.longest)
    }
    var synth = try Synthesizer(soundFont: soundFont, sampleRate: Self.sampleRate)
    for track in arrangement.tracks {
      // Choosing loads an instrument's samples, which may take a second.
      try cancellation.check()
      synth.choose(program: track.program, channel: track.channel)
      synth.set(.volume, to: track.volume, channel: track.channel)
      synth.set(.pan, to: 64 + Int((track.pan * 63).rounded()), channel: track.channel)
      synth.set(.reverb, to: Int((track.reverb * 127).rounded()), channel: track.channel)
      synth.set(.chorus, to: 0, channel: track.channel)
    }
    let frames = Int(arrangement.seconds * Double(Self.sampleRate))
    var output = [Float](repeating: 0, count: frames * 2)
    let events = Self.events(of: arrangement)
    var next = 0
    var position = 0
    var sinceCheck = 0
    while position < frames {
      while next < events.count && events[next].frame <= position {
        events[next].play(on: &synth)
        next += 1
      }
      let until = min(frames, next < events.count ? events[next].frame : frames, position + Self.sampleRate / 2)
      try synth.render(into: &output, frames: position..<until)
      sinceCheck += until - position
      position = until
      if sinceCheck >= Self.sampleRate {
        sinceCheck = 0
        try cancellation.check()
        progress(Double(position) / Double(frames))
      }
    }
    return output
  }

  private struct Event {
    let frame: Int
    let begins: Bool
    let pitch: Int
    let velocity: Int
    let channel: Int

    func play(on synth: inout Synthesizer) {
      if begins {
        synth.begin(pitch: pitch, velocity: velocity, channel: channel)
      } else {
        synth.end(pitch: pitch, channel: channel)
      }
    }
  }

  private static func events(of arrangement: Arrangement) -> [Event] {
    var events: [Event] = []
    for track in arrangement.tracks {
      for note in track.notes where (0...127).contains(note.pitch) && note.duration > 0 {
        guard (0..<arrangement.seconds).contains(note.time) else { continue }
        let start = Int((note.time * Double(sampleRate)).rounded())
        let end = Int((min(note.time + note.duration, arrangement.seconds) * Double(sampleRate)).rounded())
        let velocity = max(1, min(127, note.velocity))
        events.append(
          Event(frame: start, begins: true, pitch: note.pitch, velocity: velocity, channel: track.channel))
        events.append(
          Event(frame: max(start + 1, end), begins: false, pitch: note.pitch, velocity: 0, channel: track.channel))
      }
    }
    // An end before a beginning at the same moment, or a repeated note would be cut as it starts.
    return events.sorted { ($0.frame, $0.begins ? 1 : 0) < ($1.frame, $1.begins ? 1 : 0) }
  }
}
