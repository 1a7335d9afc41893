import FuzzSupport

/// Everything `inspect` does with a file, seeded with mp3 or flac in mp4 and QuickTime.
@main
enum Main {
  static func main() { fuzzInspection() }
}
