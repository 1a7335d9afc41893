/// A problem of a manifest, with its position.
package struct ManifestProblem: Error, Equatable, CustomStringConvertible {
  /// Line, counted from 1.
  package let line: Int
  /// Column in characters (Unicode scalars), counted from 1.
  package let column: Int
  /// The fault at the position.
  package let fault: Fault

  /// Creates a problem at a position.
  ///
  /// - Parameters:
  ///   - line: Line, counted from 1.
  ///   - column: Column in Unicode scalars, counted from 1.
  ///   - fault: The fault at the position.
  package init(line: Int, column: Int, _ fault: Fault) {
    self.line = line
    self.column = column
    self.fault = fault
  }

  /// The position and the fault: `line 3, column 7: …`.
  package var description: String { "line \(line), column \(column): \(fault)" }
}

/// All problems of a manifest, of which no run was begun.
package struct ManifestError: Error, CustomStringConvertible {
  /// Maximum number of problems kept for display.
  package static let shown = 20

  /// The manifest as the caller named it.
  package let name: String
  /// The first problems, in the order of the manifest, at most `shown`.
  package let problems: [ManifestProblem]
  /// Total number of problems.
  package let count: Int

  /// A line for every problem, and one for those that are not shown.
  package var description: String {
    var lines = problems.map { "\(name): \($0)" }
    if count > problems.count { lines.append("\(name): and \(count - problems.count) more") }
    return lines.joined(separator: "\n")
  }
}

/// Collects problems, but keeps no more of them than are displayed.
struct ProblemList {
  private(set) var count = 0
  private var kept: [ManifestProblem] = []

  /// `true` if the number of problems shows that the file is not a manifest at all.
  var isHopeless: Bool { count >= 100_000 }

  mutating func add(_ problem: ManifestProblem) {
    count += 1
    if kept.count < ManifestError.shown { kept.append(problem) }
  }

  func check(_ name: String) throws(ManifestError) {
    guard count == 0 else { throw ManifestError(name: name, problems: kept, count: count) }
  }
}
