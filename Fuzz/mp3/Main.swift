import FuzzSupport

/// Everything `inspect` does with a file, seeded with mp3.
@main
enum Main {
  static func main() { fuzzInspection() }
}
