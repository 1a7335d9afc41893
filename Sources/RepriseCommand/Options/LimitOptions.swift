import ArgumentParser
import RepriseAudio
import RepriseJobs
import RepriseService

/// The limits that files are held against: a service's, unless said otherwise.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The shortest audio taken. (default: 6)", valueName: "seconds"))
  var minSeconds: Double?

  @Option(help: ArgumentHelp("The longest audio taken. (default: 360)", valueName: "seconds"))
  var maxSeconds: Double?

  @Option(
    help: ArgumentHelp("The largest file taken, as 50000000, 50MB or 48MiB. (default: 50MB)", valueName: "bytes"),
    transform: UnitArguments.bytes(_:))
  var maxBytes: Int?

  func validate() throws {
    for (value, option) in [(minSeconds, "--min-seconds"), (maxSeconds, "--max-seconds")] {
      if let value, !(0...1e9).contains(value) {
        throw ValidationError("\(option) takes 0 to 1e9 seconds, not \(value)")
      }
    }
    if let maxBytes, maxBytes < 1000 { throw ValidationError("--max-bytes takes 1000 or more, not \(maxBytes)") }
    if let minSeconds, let maxSeconds, minSeconds > maxSeconds {
      throw ValidationError("--min-seconds \(minSeconds) is over --max-seconds \(maxSeconds)")
    }
  }

  /// The service whose limits hold where no service is named: the one that covers are asked of then.
  ///
  /// What only looks at files or prepares them goes on where the configuration makes no sense, with the limits that are
  /// built in, and says so.
  private static var usual: ServiceDescription {
    do { return try ServiceCatalogue.load().usual } catch {
      let usual = ServiceCatalogue.builtIn.usual
      Console.say(
        "reprise: warning: \(Console.printable(ErrorPresentation.sentence(error))); files are held against the built-in limits of"
          + " '\(usual.name)'")
      return usual
    }
  }

  /// The service's limits with what was overridden; without a service, those of the one that is asked where nobody names one.
  func limits(of service: ServiceDescription? = nil) throws -> AudioLimits {
    var limits = (service ?? Self.usual).audioLimits
    if let minSeconds { limits.minimumSeconds = minSeconds }
    if let maxSeconds { limits.maximumSeconds = maxSeconds }
    if let maxBytes { limits.maximumBytes = maxBytes }
    guard limits.minimumSeconds <= limits.maximumSeconds else {
      throw CommandError(
        .usage, "the shortest audio, \(limits.minimumSeconds) s, is over the longest, \(limits.maximumSeconds) s")
    }
    return limits
  }
}
