internal import Foundation
internal import GRDB

/// A cache may hold anything: it is a file that others can write. What is not of the kind that is wanted is nil.
extension Row {
  /// A column's value.
  func checked<Value: DatabaseValueConvertible>(_ column: Int) -> Value? {
    let value: DatabaseValue = self[column]
    return Value.fromDatabaseValue(value)
  }

  /// A column's bytes, which may be missing; the outer nil is for what is neither.
  func checkedBytes(_ column: Int) -> [UInt8]?? {
    let value: DatabaseValue = self[column]
    if value.isNull { return .some(nil) }
    return Data.fromDatabaseValue(value).map { [UInt8]($0) }
  }
}
