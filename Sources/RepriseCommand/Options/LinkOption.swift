import ArgumentParser
import RepriseJobs
import ReprisePreparation
import RepriseService

/// The choice to send the URL of a recording in place of its bytes.
struct LinkOption: ParsableArguments {
  @Flag(help: "Send the URL instead of the audio; the service fetches it. For recordings that need no change.")
  var byLink = false

  /// Throws if some input has no URL, or the service does not fetch recordings.
  ///
  /// - Parameters:
  ///   - inputs: The inputs.
  ///   - service: The description of the service.
  ///   - isSent: `true` if the URLs are sent, and not only shown in a request.
  /// - Throws: `CommandError` with exit code 64.
  func check(_ inputs: [String], for service: ServiceDescription, isSent: Bool = true) throws(CommandError) {
    guard byLink else { return }
    if let other = inputs.first(where: { !InputDownload.isURL($0) }) {
      throw CommandError(
        .usage, "--by-link: \(Console.printable(other)) is no http or https URL; leave --by-link out to send the audio")
    }
    guard service.takesLinks else {
      throw CommandError(
        .usage,
        "--by-link: '\(service.name)' takes no URLs of recordings (links = false in its description); leave --by-link"
          + " out to send the audio")
    }
    guard isSent, !PrivateHost.isPrivate(service.baseURL),
      let input = inputs.first(where: { PrivateHost.isPrivate($0) })
    else { return }
    throw CommandError(
      .usage,
      "--by-link: \(Console.printable(input)) is on this machine or its own network, where '\(service.name)' cannot fetch"
        + " it; leave --by-link out to send the audio")
  }

  /// Returns the sentence on a recording that has to be changed first.
  static func sentence(_ error: LinkNeedsChange) -> String {
    let steps = error.plan.steps.map(\.action.rawValue).joined(separator: ", ")
    return "\(Console.printable(error.url)): can't be handed on as a link, since it has to be changed first (\(steps));"
      + " leave --by-link out, and what is made of it is sent"
  }
}
