internal import Foundation
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A request as it came over the wire.
public struct ReceivedRequest: Sendable {
  /// `GET`, `POST` or what else was said.
  public var method = ""
  /// Path and query, byte for byte as the client sent them.
  public var target = ""
  /// The header's fields in their order.
  public var fields: [(name: String, value: String)] = []
  /// As much of the body as was read.
  public var body: [UInt8] = []

  /// The first field of a name, whatever its case.
  public subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

  /// The body as a JSON object.
  public var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] }
}

/// One accepted connection, for a script to read from and to treat as badly as it likes.
public final class RawConnection: Sendable {
  private let descriptor: Int32
  private let open = Atomic(true)
  private let leftover = Mutex<[UInt8]>([])

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  private func receive(atMost count: Int) -> [UInt8] {
    let kept = leftover.withLock { bytes in
      let part = Array(bytes.prefix(count))
      bytes.removeFirst(part.count)
      return part
    }
    if !kept.isEmpty { return kept }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    return Array(bytes.prefix(max(0, got)))
  }

  /// Reads a request's head; nil if the client went away.
  public func readHead() -> ReceivedRequest? {
    var bytes: [UInt8] = []
    while true {
      let part = receive(atMost: 4096)
      if part.isEmpty { return nil }
      bytes += part
      guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { continue }
      leftover.withLock { $0 = Array(bytes[end.upperBound...]) }
      let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
      let parts = lines[0].split(separator: " ")
      var request = ReceivedRequest(method: String(parts[0]), target: String(parts[1]))
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        request.fields.append((String(line[..<colon]), value))
      }
      return request
    }
  }

  /// Reads up to `count` bytes of a body, fewer if the client goes away.
  public func readBody(_ count: Int) -> [UInt8] {
    var body: [UInt8] = []
    while body.count < count {
      let part = receive(atMost: min(65536, count - body.count))
      if part.isEmpty { break }
      body += part
    }
    return body
  }

  /// Sends a text as it is.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends bytes; false if the client takes no more.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var left = bytes[...]
    while !left.isEmpty, isOpen {
      #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
      #else
        let flags: Int32 = 0
      #endif
      let count = unsafe left.withUnsafeBytes { unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, flags) }
      if count <= 0 { return false }
      left = left.dropFirst(count)
    }
    return isOpen
  }

  /// A whole answer with Content-Length; `headers` are lines without their ends.
  public func answer(_ status: String, _ body: String, headers: [String] = [], type: String = "application/json") {
    answer(status, Array(body.utf8), headers: headers, type: type)
  }

  /// A whole answer with Content-Length and a body of bytes.
  public func answer(_ status: String, _ body: [UInt8], headers: [String] = [], type: String = "application/json") {
    let lines = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)", "Connection: close"]
    send((lines + headers).joined(separator: "\r\n") + "\r\n\r\n")
    send(body)
  }

  /// Waits until the client closes, at most so long without a byte; false if it did not.
  @discardableResult
  public func waitForClose(seconds: Int = 20) -> Bool {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    errno = 0
    while !receive(atMost: 65536).isEmpty {}
    // A time-out is no close.
    return errno != EAGAIN
  }

  /// Waits until the client closes, without reading anything of what it has sent, at most so long.
  public func waitForHangUp(seconds: Int = 60) {
    #if canImport(Glibc)
      // POLLRDHUP, which poll.h shows to those alone that ask for GNU's own.
      let hangUp: Int16 = 0x2000
    #else
      let hangUp = Int16(POLLHUP)
    #endif
    for _ in 0..<seconds * 20 where isOpen {
      var asked = pollfd(fd: descriptor, events: hangUp, revents: 0)
      guard unsafe poll(&asked, 1, 50) == 0 else { return }
    }
  }

  /// Waits until the client has taken all that was sent out of its socket, where the system tells; else a moment.
  public func waitUntilRead() {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end, isOpen, let waiting = SocketQueues.unread(by: descriptor) {
      guard waiting > 0 else { return }
      usleep(1000)
    }
    usleep(50_000)
  }

  /// `true` until this side closes the connection.
  public var isOpen: Bool { open.load(ordering: .acquiring) }

  /// Closes as servers do that died: with a reset.
  public func reset() {
    var hard = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  /// Closes in peace.
  public func close() {
    guard open.exchange(false, ordering: .acquiringAndReleasing) else { return }
    shutdown(descriptor, Int32(SHUT_RDWR))
    // The descriptor's number stays in use until the script has ended: closed now, it could be given to another
    // connection, which the script would then read from and write to.
    let nothing = unsafe Foundation.open("/dev/null", O_RDWR | O_CLOEXEC)
    dup2(nothing, descriptor)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    Foundation.close(nothing)
  }

  deinit {
    close()
    Foundation.close(descriptor)
  }

  /// Makes pending reads and writes of a handler end without giving the number away to a new connection.
  func abandon() {
    if isOpen { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }
}
