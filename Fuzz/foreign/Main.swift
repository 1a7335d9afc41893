import FuzzSupport

@testable import RepriseAudio

/// What is read of foreign containers here: the sizes in their headers, and the end of an Ogg file. The rest is
/// libsndfile's and ffmpeg's.
@main
enum Main {
  static func main() {
    let memory = MemoryFile()
    fuzz { input in
      memory.fill(input)
      guard let file = try? InputFile(path: memory.path) else { return }
      _ = try? OggEnd.isInPage(file)
      for name in ["aiff", "au", "caf", "rifx"] {
        guard let claim = try? ForeignClaim(file, container: name, start: 0) else { continue }
        precondition(0 <= claim.present && claim.present <= claim.declared && claim.present <= input.count)
      }
    }
  }
}
