/// Which rows of a report hold the same audio, handed out one by one, so that none have to be in memory.
package struct ReportGroups {
  /// Hands out the rows of one group after another: each row's number from 0, and whether it begins a group.
  package typealias Rows = (_ body: (_ row: Int, _ begins: Bool) throws -> Void) throws -> Void

  /// Rows with the same audio; nil where it was not looked for.
  package var same: Rows?
  /// Rows with nearly the same audio; nil where it was not looked for.
  package var near: Rows?

  /// Groups; by default none were looked for.
  package init(same: Rows? = nil, near: Rows? = nil) {
    self.same = same
    self.near = near
  }
}

/// How many groups a report has of a kind, and how many files in them.
struct GroupCount {
  var groups = 0
  var files = 0
}
