/// Which rows of a report hold the same audio, handed out one by one, so that none have to be in memory.
public struct ReportGroups {
  /// Hands out the rows of one group after another: each row's number from 0, and whether it begins a group.
  public typealias Rows = (_ body: (_ row: Int, _ begins: Bool) throws -> Void) throws -> Void

  /// Rows with the same audio; nil where it was not looked for.
  public var same: Rows?
  /// Rows with nearly the same audio; nil where it was not looked for.
  public var near: Rows?

  /// Groups; by default none were looked for.
  public init(same: Rows? = nil, near: Rows? = nil) {
    self.same = same
    self.near = near
  }
}

/// How many groups a report has of a kind, and how many files in them.
struct GroupCount {
  var groups = 0
  var files = 0
}
