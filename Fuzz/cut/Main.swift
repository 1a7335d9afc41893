import RepriseAudio
import FuzzSupport

/// Cuts a part out of whatever passes for an mp3, wherever its first byte says, and holds what is made to its source.
@main
enum Main {
  static func main() {
    let source = MemoryFile()
    let made = MemoryFile()
    fuzz { input in
      guard let choice = input.first else { return }
      let bytes = Array(input.dropFirst())
      source.fill(bytes)
      let found = inspectBlocking(path: source.path, limits: AudioLimits(minimumSeconds: 0), deep: false)
      guard found.format == .mp3, let facts = found.notes.frames, facts.refusal == nil,
        let total = found.duration?.frames,
        total > 1, !found.integrity.damaged
      else { return }
      let start = (total - 1) * Int(choice & 15) / 16
      let end = start + 1 + (total - start - 1) * Int(choice >> 4) / 16
      guard let cut = try? MP3Cut(InputFile(path: source.path), facts, samples: start..<end) else { return }
      let output = cut.head + cut.ranges.flatMap { bytes[$0] }
      precondition(output.count == cut.byteCount)
      made.fill(output)
      // What cannot be proved is encoded again; only a trap or a wrong length that was proved would be a find.
      guard (try? MP3CutProof.check(cut, of: source.path, at: made.path)) != nil else { return }
      let again = inspectBlocking(path: made.path, limits: AudioLimits(minimumSeconds: 0), deep: false)
      precondition(again.duration?.frames == end - start, "a proved cut has another length")
    }
  }
}
