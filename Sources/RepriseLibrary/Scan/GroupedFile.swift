package import RepriseSystem

/// A file of a group that holds the same audio, or nearly the same.
package struct GroupedFile: Sendable {
  /// Its path.
  package let path: RawPath
  /// The how manieth file of the scan it is, from 0: its row in reports.
  package let row: Int
  /// Whether it is the first of its group.
  package let begins: Bool
}
