internal import FlyingFox
internal import Foundation

/// A request's body, read once, front to back.
///
/// FlyingFox neither consumes the bytes that a handler leaves unread nor closes the connection in that case: the rest
/// would be taken for the next request. This class therefore knows whether anything is left, and `ReplyBody` drains it
/// and closes. Only one task at a time uses a body: first the handler, then the reply that drains it.
final class IncomingBody: @unchecked Sendable {
  /// Value of Content-Length; nil for a chunked body.
  let declaredLength: Int?
  /// Number of bytes read.
  private(set) var byteCount = 0
  private var iterator: HTTPBodySequence.Iterator
  private var isExhausted = false

  /// Size up to which FlyingFox reads a body before it calls the handler, in bytes.
  static let bufferSize = 4096

  init(of request: HTTPRequest) {
    if request.headers[.transferEncoding] != nil {
      declaredLength = nil
    } else {
      declaredLength = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    }
    iterator = request.bodySequence.makeAsyncIterator()
  }

  /// `true` if bytes of this body may still wait in the socket.
  var isPending: Bool {
    if isExhausted { return false }
    return declaredLength.map { $0 > Self.bufferSize && byteCount < $0 } ?? true
  }

  /// Returns the next piece, or nil at the end.
  func next() async throws -> Data? {
    guard let piece = try await iterator.next(), !piece.isEmpty else {
      isExhausted = true
      return nil
    }
    byteCount += piece.count
    return piece
  }
}
