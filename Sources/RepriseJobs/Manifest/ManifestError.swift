/// One thing that is wrong with a manifest, and where.
public struct ManifestProblem: Error, Equatable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// The place in the line in characters (Unicode scalars), counted from 1.
  public let column: Int
  /// What is wrong.
  public let fault: Fault

  /// Creates a problem at a place.
  ///
  /// - Parameters:
  ///   - line: counted from 1.
  ///   - column: in Unicode scalars, counted from 1.
  ///   - fault: what is wrong.
  package init(line: Int, column: Int, _ fault: Fault) {
    self.line = line
    self.column = column
    self.fault = fault
  }

  /// `line 3, column 7: …`
  public var description: String { "line \(line), column \(column): \(fault)" }
}

/// All that is wrong with a manifest; nothing of it was begun.
public struct ManifestError: Error, CustomStringConvertible {
  /// How many problems are kept to be shown.
  public static let shown = 20

  /// The manifest as it was named.
  public let name: String
  /// The first problems, in the manifest's order, at most `shown`.
  public let problems: [ManifestProblem]
  /// How many there are in all.
  public let count: Int

  /// A line for every problem, and one for those that are not shown.
  public var description: String {
    var lines = problems.map { "\(name): \($0)" }
    if count > problems.count { lines.append("\(name): and \(count - problems.count) more") }
    return lines.joined(separator: "\n")
  }
}

/// Collects problems without keeping more of them than anybody reads.
struct ProblemList {
  private(set) var count = 0
  private var kept: [ManifestProblem] = []

  /// Whether so much is wrong that this can't be a manifest at all.
  var isHopeless: Bool { count >= 100_000 }

  mutating func add(_ problem: ManifestProblem) {
    count += 1
    if kept.count < ManifestError.shown { kept.append(problem) }
  }

  func check(_ name: String) throws(ManifestError) {
    guard count == 0 else { throw ManifestError(name: name, problems: kept, count: count) }
  }
}
