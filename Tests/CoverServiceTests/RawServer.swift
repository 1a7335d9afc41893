import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A request as it came over the wire.
struct ReceivedRequest: Sendable {
  var method = ""
  /// Byte for byte as the client sent it.
  var target = ""
  var fields: [(name: String, value: String)] = []
  var body: [UInt8] = []

  subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }

  var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] }
}

/// One accepted connection, for a script to read from and to treat as badly as it likes.
final class RawConnection: Sendable {
  private let descriptor: Int32
  private let open = Atomic(true)
  private let leftover = Mutex<[UInt8]>([])

  fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

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
  func readHead() -> ReceivedRequest? {
    var bytes: [UInt8] = []
    while true {
      let part = receive(atMost: 4096)
      if part.isEmpty { return nil }
      bytes += part
      guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { continue }
      leftover.withLock { $0 = Array(bytes[end.upperBound...]) }
      let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
      let words = lines[0].split(separator: " ")
      var request = ReceivedRequest(method: String(words[0]), target: String(words[1]))
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        request.fields.append((String(line[..<colon]), value))
      }
      return request
    }
  }

  /// Reads up to `count` bytes of a body, fewer if the client goes away.
  func readBody(_ count: Int) -> [UInt8] {
    var body: [UInt8] = []
    while body.count < count {
      let part = receive(atMost: min(65536, count - body.count))
      if part.isEmpty { break }
      body += part
    }
    return body
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var left = bytes[...]
    while !left.isEmpty, isOpen {
      #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
      #else
        let flags: Int32 = 0
      #endif
      let count = unsafe left.withUnsafeBytes { unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, flags) }
      if count <= 0 { return }
      left = left.dropFirst(count)
    }
  }

  /// A whole answer with Content-Length; `headers` are lines without their ends.
  func answer(_ status: String, _ body: String, headers: [String] = [], type: String = "application/json") {
    answer(status, Array(body.utf8), headers: headers, type: type)
  }

  func answer(_ status: String, _ body: [UInt8], headers: [String] = [], type: String = "application/json") {
    let lines = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)", "Connection: close"]
    send((lines + headers).joined(separator: "\r\n") + "\r\n\r\n")
    send(body)
  }

  /// Waits until the client closes, at most so long.
  func waitForClose(seconds: Int = 20) {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    while !receive(atMost: 65536).isEmpty {}
  }

  var isOpen: Bool { open.load(ordering: .acquiring) }

  /// Closes as servers do that died: with a reset.
  func reset() {
    var hard = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  func close() {
    guard open.exchange(false, ordering: .acquiringAndReleasing) else { return }
    shutdown(descriptor, Int32(SHUT_RDWR))
    Foundation.close(descriptor)
  }

  /// Makes pending reads and writes of a handler end without giving the number away to a new connection.
  fileprivate func abandon() {
    if isOpen { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }
}

/// A server on loopback that does what its script says, connection by connection.
final class RawServer: Sendable {
  typealias Script = @Sendable (RawConnection, ReceivedRequest) -> Void

  let port: Int
  private let listener: Int32
  private let received = Mutex<[ReceivedRequest]>([])
  private let connections = Mutex<[RawConnection]>([])
  private let script: Script

  var url: String { "http://127.0.0.1:\(port)" }

  /// Every request whose head came, with as much of its body as the script read through `readWhole`.
  var requests: [ReceivedRequest] { received.withLock { $0 } }

  struct CannotListen: Error {}

  /// - Parameter script: run on a thread of its own for each connection, after the request's head was read.
  init(_ script: @escaping Script) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let listener = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        unsafe bind(listener, plain, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, plain, &length) == 0
      }
    }
    guard bound else { throw CannotListen() }
    self.listener = listener
    self.script = script
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread { [self] in accept() }.start()
  }

  private func accept() {
    while true {
      let descriptor = Foundation.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      let connection = RawConnection(descriptor)
      connections.withLock { $0.append(connection) }
      Thread { [self] in
        if let request = connection.readHead() {
          received.withLock { $0.append(request) }
          script(connection, request)
        }
        connection.close()
      }.start()
    }
  }

  /// Reads a request's whole body and keeps it in `requests`.
  func readWhole(_ connection: RawConnection, _ request: ReceivedRequest) -> ReceivedRequest {
    var whole = request
    whole.body = connection.readBody(Int(request["Content-Length"] ?? "0") ?? 0)
    received.withLock { if !$0.isEmpty { $0[$0.count - 1] = whole } }
    return whole
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    for connection in connections.withLock({ $0 }) { connection.abandon() }
  }
}

/// Reads the body named by Content-Length and forgets it.
func swallow(_ connection: RawConnection, _ request: ReceivedRequest) {
  _ = connection.readBody(Int(request["Content-Length"] ?? "0") ?? 0)
}

/// Runs `body` with a server that follows `script`, and stops it afterwards.
func withServer<Value>(
  _ script: @escaping RawServer.Script, _ body: (RawServer) async throws -> Value
) async throws -> Value {
  let server = try RawServer(script)
  defer { server.stop() }
  return try await body(server)
}
