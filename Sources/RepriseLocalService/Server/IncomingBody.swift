internal import FlyingFox
internal import Foundation

/// A request's body, read once, front to back.
///
/// FlyingFox neither reads away what a handler leaves nor closes the connection then: the rest would be taken for the
/// next request. So it is known here whether anything is left, and `ReplyBody` drains it and closes.
/// Only one task at a time uses a body: first the handler, then the reply that drains it.
final class IncomingBody: @unchecked Sendable {
  /// What Content-Length says; nil for a chunked body.
  let declaredLength: Int?
  /// Bytes read.
  private(set) var byteCount = 0
  private var iterator: HTTPBodySequence.Iterator
  private var isExhausted = false

  /// FlyingFox reads bodies up to this size before it calls the handler.
  static let bufferSize = 4096

  init(of request: HTTPRequest) {
    if request.headers[.transferEncoding] != nil {
      declaredLength = nil
    } else {
      declaredLength = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    }
    iterator = request.bodySequence.makeAsyncIterator()
  }

  /// Whether bytes of this body may still wait in the socket.
  var isPending: Bool {
    if isExhausted { return false }
    return declaredLength.map { $0 > Self.bufferSize && byteCount < $0 } ?? true
  }

  /// The next piece, nil at the end.
  func next() async throws -> Data? {
    guard let piece = try await iterator.next(), !piece.isEmpty else {
      isExhausted = true
      return nil
    }
    byteCount += piece.count
    return piece
  }
}
