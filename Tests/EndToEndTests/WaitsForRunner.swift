import Foundation
import Testing

extension Trait where Self == ConditionTrait {
  /// For what holds once jobs are run by the new runner; with REPRISE_RUNNER set it is tried all the same.
  static var waitsForRunner: Self {
    .enabled("waits for the runner of issue 4") { ProcessInfo.processInfo.environment["REPRISE_RUNNER"] != nil }
  }
}
