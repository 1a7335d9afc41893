import Foundation
import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An HTTP/1.1 client down to the bytes, so that tests can send what no library would.
struct HTTPConnection: ~Copyable {
  struct Response: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: Data

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:] }
    var message: String { json["message"] as? String ?? "" }
  }

  struct Failure: Error {
    let message: String
  }

  private let descriptor: Int32
  private var received = Data()

  init(to baseURL: String) throws {
    guard let port = URLComponents(string: baseURL)?.port, let number = UInt16(exactly: port) else {
      throw Failure(message: "no port in \(baseURL)")
    }
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = number.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      throw Failure(message: "cannot connect")
    }
    // A test that waits for an answer that never comes should fail, not hang.
    var timeout = timeval(tv_sec: 120, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  func send(_ bytes: some Sequence<UInt8>) throws {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Self.send(descriptor, buffer.baseAddress?.advanced(by: sent), bytes.count - sent)
      }
      guard count > 0 else { throw Failure(message: "the connection was closed while sending") }
      sent += count
    }
  }

  private static func send(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    #else
      unsafe Darwin.send(descriptor, bytes, count, 0)
    #endif
  }

  /// Says that nothing more will be sent.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Returns `true` if the server has closed the connection.
  mutating func isAtEnd() -> Bool { received.isEmpty && ((try? receive()) ?? false) == false }

  mutating func response(toHead: Bool = false) throws -> Response {
    while received.range(of: Data("\r\n\r\n".utf8)) == nil {
      guard try receive() else { throw Failure(message: "closed before the answer's head") }
    }
    guard let end = received.range(of: Data("\r\n\r\n".utf8)) else { throw Failure(message: "no head") }
    let lines = String(decoding: received[received.startIndex..<end.lowerBound], as: UTF8.self).components(
      separatedBy: "\r\n")
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw Failure(message: "no status in \(lines.prefix(3))")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    received = Data(received[end.upperBound...])
    let length = toHead ? 0 : Int(headers["content-length"] ?? "0") ?? 0
    while received.count < length {
      guard try receive() else { throw Failure(message: "closed after \(received.count) of \(length) bytes") }
    }
    let body = received.prefix(length)
    received = Data(received.dropFirst(length))
    return Response(status: status, headers: headers, body: Data(body))
  }

  private mutating func receive() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
    }
    guard count >= 0 else { throw Failure(message: "no answer: \(errno)") }
    received.append(contentsOf: buffer.prefix(count))
    return count > 0
  }
}

/// Sends one request and reads its answer.
func exchange(
  _ baseURL: String, _ method: String, _ target: String, headers: [String: String] = [:], body: Data? = nil
) async throws -> HTTPConnection.Response {
  try await offPool("exchange") { _ in
    var connection = try HTTPConnection(to: baseURL)
    try connection.send(requestBytes(method, target, headers: headers, body: body))
    return try connection.response(toHead: method == "HEAD")
  }
}

/// A request's bytes; a header of the empty string is left out.
func requestBytes(_ method: String, _ target: String, headers: [String: String] = [:], body: Data? = nil) -> Data {
  var all = ["Host": "127.0.0.1"]
  if let body {
    all["Content-Length"] = "\(body.count)"
    all["Content-Type"] = "application/json"
  }
  all.merge(headers) { $1 }
  var head = "\(method) \(target) HTTP/1.1\r\n"
  for (name, value) in all.sorted(by: { $0.key < $1.key }) where !value.isEmpty { head += "\(name): \(value)\r\n" }
  return Data((head + "\r\n").utf8) + (body ?? Data())
}

/// Connects and hangs up.
func connectOnce(to baseURL: String) throws { _ = try HTTPConnection(to: baseURL) }
