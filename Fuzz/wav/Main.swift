import FuzzSupport

/// Everything `inspect` does with a file, seeded with wav.
@main
enum Main {
  static func main() { fuzzInspection() }
}
