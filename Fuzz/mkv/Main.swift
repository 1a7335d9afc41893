import FuzzSupport

/// Everything `inspect` does with a file, seeded with mp3 or flac in Matroska.
@main
enum Main {
  static func main() { fuzzInspection() }
}
