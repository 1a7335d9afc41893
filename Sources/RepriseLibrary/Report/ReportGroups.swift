/// The groups of rows of a report with the same audio, passed to a closure one by one, so that none have to be in
/// memory.
package struct ReportGroups {
  /// Calls a closure with the rows of one group after another: each row's number from 0, and `true` for a group's first
  /// row.
  package typealias Rows = (_ body: (_ row: Int, _ begins: Bool) throws -> Void) throws -> Void

  /// Rows with the same audio; `nil` if those were not searched for.
  package var same: Rows?
  /// Rows with nearly the same audio; `nil` if those were not searched for.
  package var near: Rows?

  /// Creates groups; by default of a scan that searched for none.
  package init(same: Rows? = nil, near: Rows? = nil) {
    self.same = same
    self.near = near
  }
}

/// Number of groups of a kind in a report, and of files in them.
struct GroupCount {
  var groups = 0
  var files = 0
}
