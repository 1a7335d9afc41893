import Foundation

/// The variables of the environment.
package enum Environment {
  /// The variables that replace the process's own; `nil` if none do.
  @TaskLocal package static var replacement: [String: String]?

  /// The variables by their names.
  package static var current: [String: String] { replacement ?? ProcessInfo.processInfo.environment }
}
