import FuzzSupport

/// Everything `inspect` does with a file, seeded with flac.
@main
enum Main {
  static func main() { fuzzInspection() }
}
