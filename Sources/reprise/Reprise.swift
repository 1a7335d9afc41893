import ArgumentParser

@main
struct Reprise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reprise", abstract: "Make a recording fit a cover service, have the cover made, and check what comes back.")
}
