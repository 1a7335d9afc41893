import RepriseSystem

/// A response that was not understood, made safe to be kept for the user to inspect.
enum UnrecognizedAnswer {
  /// Maximum number of bytes that are kept.
  static let limit = 65_536

  /// Returns the beginning of the response's body without any key.
  ///
  /// - Parameter answer: The response.
  /// - Returns: The bytes; `nil` if the body is empty, or no readable text, such as one that is still compressed, in
  ///   which a key could not be found.
  static func kept(_ answer: HTTPAnswer) -> [UInt8]? {
    let encoding = answer.headers["content-encoding"]?.lowercased() ?? "identity"
    let isPlain = ["", "identity", "gzip", "x-gzip", "deflate", "aws-chunked"].contains(encoding)
    guard isPlain, !answer.body.isEmpty, Inflate.isText(answer.body) else { return nil }
    let isEncoded = encoding.contains("gzip") || encoding.contains("deflate")
    if isEncoded, String(validating: answer.body, as: UTF8.self) == nil { return nil }
    // Before the body is truncated, since half a key is still a secret.
    return Array(KeyRedaction.apply(to: answer.body).prefix(limit))
  }
}
