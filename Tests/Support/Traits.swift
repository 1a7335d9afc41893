import Foundation
package import Testing

/// `true` in the quick loop, `scripts/test --fast`.
private let isFast = ProcessInfo.processInfo.environment["REPRISE_TEST_FAST"] != nil

extension Trait where Self == ConditionTrait {
  /// Left out of the quick loop: it starts servers.
  package static var startsServers: Self { .disabled(if: isFast, "it starts servers: not in the quick loop") }

  /// Left out of the quick loop: it starts processes.
  package static var startsProcesses: Self { .disabled(if: isFast, "it starts processes: not in the quick loop") }

  /// Left out of the quick loop: without the optimiser it takes its time.
  package static var takesLong: Self { .disabled(if: isFast, "it takes long: not in the quick loop") }
}
