internal import Foundation

/// The id that ties a request to its log lines: the client's own, if it is fit to be echoed.
enum RequestID {
  static let header = "X-Client-Request-Id"

  /// The client's id if it is 1–128 of `A-Za-z0-9._:-`, else a new one.
  static func accepted(_ offered: String?) -> String {
    if let offered, isValid(offered) { return offered }
    return UUID().uuidString.lowercased()
  }

  static func isValid(_ id: String) -> Bool {
    (1...128).contains(id.utf8.count)
      && id.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
