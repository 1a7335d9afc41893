import FuzzSupport

/// Everything `inspect` does with a file, seeded with mp3 or flac in RIFF.
@main
enum Main {
  static func main() { fuzzInspection() }
}
