internal import RepriseService
internal import Foundation

/// An error response to a request.
struct HTTPError: Error, Sendable {
  let status: Int
  let message: String
  var headers: [(name: String, value: String)] = []

  init(_ status: Int, _ message: String, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.message = message
    self.headers = headers
  }

  /// Returns the error in the service's format: `{message, path, requestId, statusCode, timestamp}`.
  func body(path: String, requestID: String) -> Data {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    return JSONBody.data(
      Contract.ErrorBody(
        message: message, path: path, requestId: requestID, statusCode: status, timestamp: Date.now.formatted(style)))
  }
}

/// Encodes JSON bodies of the service.
enum JSONBody {
  static func data(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The wire types hold strings and finite numbers only, which always encode.
    return (try? encoder.encode(value)) ?? Data("{}".utf8)
  }
}
