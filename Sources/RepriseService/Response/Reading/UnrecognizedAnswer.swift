/// A response that was not understood, made fit to be kept for the person to look at.
enum UnrecognizedAnswer {
  /// The most bytes that are kept.
  static let limit = 65_536

  /// - Returns: the beginning of the response's body without any key; `nil` if it is empty, or no text that can be
  ///   read, as what is still compressed: a key could not be found there.
  static func kept(_ answer: HTTPAnswer) -> [UInt8]? {
    let encoding = answer.headers["content-encoding"]?.lowercased() ?? "identity"
    let isPlain = ["", "identity", "gzip", "x-gzip", "deflate", "aws-chunked"].contains(encoding)
    guard isPlain, !answer.body.isEmpty, Inflate.isText(answer.body) else { return nil }
    let isEncoded = encoding.contains("gzip") || encoding.contains("deflate")
    if isEncoded, String(validating: answer.body, as: UTF8.self) == nil { return nil }
    // Before it is cut: half a key is still a secret.
    return Array(KeyRedaction.apply(to: answer.body).prefix(limit))
  }
}
