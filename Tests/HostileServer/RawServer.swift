internal import Foundation
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A server on loopback that does what its script says, connection by connection.
public final class RawServer: Sendable {
  /// A closure that handles a connection after its request's head was read.
  public typealias Script = @Sendable (RawConnection, ReceivedRequest) -> Void

  /// The port that the server listens on, on 127.0.0.1.
  public let port: Int
  private let listener: Int32
  private let received = Mutex<[ReceivedRequest]>([])
  private let connections = Mutex<[RawConnection]>([])
  private let script: Script

  /// Its base URL.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// Every request whose head came, with as much of its body as the script read through `readWhole`.
  public var requests: [ReceivedRequest] { received.withLock { $0 } }

  /// No port on loopback was to be had.
  public struct CannotListen: Error {}

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - receiveBuffer: Number of bytes that the system receives before the script reads them; `nil` for the system's
  ///     own choice.
  ///   - script: A closure that is run on a thread of its own for each connection, after the request's head was read.
  /// - Throws: `CannotListen` if no port on loopback is available.
  public init(receiveBuffer: Int? = nil, _ script: @escaping Script) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let listener = socket(AF_INET, kind, 0)
    if var bytes = receiveBuffer.map(Int32.init(clamping:)) {
      unsafe setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
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
      guard descriptor >= 0 else {
        #if canImport(Glibc)
          close(listener)
        #endif
        return
      }
      let connection = RawConnection(descriptor)
      connections.withLock { $0.append(connection) }
      Thread { [self] in
        if let request = connection.readHead() {
          received.withLock { $0.append(request) }
          script(connection, request)
        }
        connection.close()
        connections.withLock { $0.removeAll { $0 === connection } }
      }.start()
    }
  }

  /// Reads a request's whole body and keeps it in `requests`.
  public func readWhole(_ connection: RawConnection, _ request: ReceivedRequest) -> ReceivedRequest {
    var whole = request
    whole.body = connection.readBody(Int(request["Content-Length"] ?? "0") ?? 0)
    received.withLock { if !$0.isEmpty { $0[$0.count - 1] = whole } }
    return whole
  }

  /// Stops listening and ends what its handlers wait for.
  public func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    #if !canImport(Glibc)
      // Where a shut-down listener does not wake accept(2). On Linux the thread that accepts closes it: a number that
      // is closed under its hands may be another server's by the time it accepts again.
      close(listener)
    #endif
    for connection in connections.withLock({ $0 }) { connection.abandon() }
  }
}

/// Reads the body named by Content-Length and forgets it.
public func swallow(_ connection: RawConnection, _ request: ReceivedRequest) {
  _ = connection.readBody(Int(request["Content-Length"] ?? "0") ?? 0)
}

/// Runs `body` with a server that follows `script`, and stops it afterwards.
public func withServer<Value>(
  _ script: @escaping RawServer.Script, _ body: (RawServer) async throws -> Value
) async throws -> Value {
  let server = try RawServer(script)
  defer { server.stop() }
  return try await body(server)
}
