import ArgumentParser
import RepriseAudio
import RepriseJobs
import RepriseService

/// The limits applied to files: those of a service, unless overridden.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Minimum length of audio. (default: 6)", valueName: "seconds"))
  var minSeconds: Double?

  @Option(help: ArgumentHelp("Maximum length of audio. (default: 360)", valueName: "seconds"))
  var maxSeconds: Double?

  @Option(
    help: ArgumentHelp("Maximum size of a file, as 50000000, 50MB or 48MiB. (default: 50MB)", valueName: "bytes"),
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

  /// Service whose limits apply if no service is named: the one from which covers are requested then.
  ///
  /// Commands that only inspect or prepare files continue after an error in the configuration, with the built-in limits
  /// and a warning.
  private static var usual: ServiceDescription {
    do { return try ServiceCatalogue.load().usual } catch {
      let usual = ServiceCatalogue.builtIn.usual
      Console.say(
        "reprise: warning: \(Console.printable(ErrorPresentation.sentence(error))); files are checked against the built-in limits of"
          + " '\(usual.name)'")
      return usual
    }
  }

  /// Returns the service's limits with the overrides; without a service, those of the default service.
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
