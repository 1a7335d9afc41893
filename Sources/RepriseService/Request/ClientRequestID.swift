import Foundation

/// The value of `X-Client-Request-Id`, unique to each submission, by which the service's log can be searched.
package struct ClientRequestID: Sendable, Hashable, CustomStringConvertible {
  /// Text of the id: 1–128 characters of `A-Za-z0-9._:-`.
  package let text: String

  /// Creates an id from a text.
  ///
  /// - Parameter text: The text.
  /// - Throws: `ServiceError` (`validation`) if the text has another length or other characters.
  package init(_ text: String) throws(ServiceError) {
    let length = text.unicodeScalars.count
    guard (1...128).contains(length) else {
      throw ServiceError(.validation, .request(.requestIDLength(length)))
    }
    guard text.utf8.allSatisfy(Self.isAllowed) else {
      throw ServiceError(.validation, .request(.requestIDCharacters))
    }
    self.text = text
  }

  /// Returns a new random id.
  package static func random() -> ClientRequestID { ClientRequestID(unchecked: UUID().uuidString.lowercased()) }

  private init(unchecked text: String) { self.text = text }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// The text of the id.
  package var description: String { text }
}
