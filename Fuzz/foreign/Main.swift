import FuzzSupport

@testable import RepriseAudio

/// What is read of foreign containers here: the sizes in their headers, and the pages of an Ogg file.
///
/// The rest is libsndfile's and ffmpeg's.
@main
enum Main {
  static func main() {
    let memory = MemoryFile()
    fuzz { input in
      memory.fill(input)
      guard let file = try? InputFile(path: memory.path) else { return }
      if let pages = try? OggPages(file, from: 0) {
        precondition(pages.firstDamaged.map { $0 < input.count } ?? (pages.damaged == 0))
      }
      for name in ["aiff", "au", "caf", "rifx"] {
        guard let claim = try? ForeignClaim(file, container: name, start: 0) else { continue }
        precondition(0 <= claim.present && claim.present <= claim.declared && claim.present <= input.count)
      }
    }
  }
}
