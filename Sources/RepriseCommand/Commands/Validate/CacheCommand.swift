import ArgumentParser
import RepriseLibrary
import RepriseSystem

/// The cache of earlier scans.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Forget what 'validate' keeps of files that it has examined.",
    subcommands: [CacheClearCommand.self])
}

struct CacheClearCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear", abstract: "Forget everything; the next scan looks at every file anew.")

  @Flag(name: [.short, .long], help: "Print no remarks, only errors.")
  var quiet = false

  func run() throws {
    let path = ValidationCache.usualPath
    let count = try ValidationCache.clear(path: path)
    if quiet { return }
    Console.say(
      count.map { "\(counted($0, "file")) forgotten (\(path))" } ?? "\(path) could not be read and was removed")
  }
}
