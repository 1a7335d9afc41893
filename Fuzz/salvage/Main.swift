import RepriseAudio
import FuzzSupport

/// Salvages whatever passes for a damaged recording, both ways, and holds what is left to what is told of it.
@main
enum Main {
  static func main() {
    let source = MemoryFile()
    fuzz { input in
      source.fill(input)
      let limits = AudioLimits(minimumSeconds: 0)
      let found = inspectBlocking(path: source.path, limits: limits, deep: true)
      guard [.mp3, .flac, .wav].contains(found.format), found.integrity.damaged else { return }
      for mode in SalvageMode.allCases {
        guard let left = try? Salvager.salvage(found, mode: mode) else { continue }
        let facts = left.facts
        var last = 0.0
        for loss in facts.losses {
          precondition(loss.start >= last - 1e-6 && loss.end >= loss.start && loss.filled >= 0, "\(facts.losses)")
          last = loss.start
        }
        precondition(facts.seconds.isFinite && facts.seconds >= 0)
        let again = inspectBlocking(path: left.path, limits: limits, deep: false)
        guard let duration = again.duration else { continue }
        precondition(abs(duration.seconds - facts.seconds) < 1e-4, "\(duration.seconds) s, told \(facts.seconds) s")
        for time in [0, facts.seconds / 3, facts.seconds] {
          precondition(facts.original(time, isEnd: true) >= time - 1e-6, "a time before itself")
        }
      }
    }
  }
}
