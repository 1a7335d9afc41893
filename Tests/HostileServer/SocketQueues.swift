internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The system's record of bytes on their way over loopback.
enum SocketQueues {
  /// The bytes that were sent over a socket and that the program at the other end has not read; nil where nobody tells.
  static func unread(by descriptor: Int32) -> Int? {
    guard let own = ownPort(descriptor), let peer = peerPort(descriptor),
      let table = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
    else { return nil }
    // proc_net_tcp(5): "sl local_address rem_address st tx_queue:rx_queue …", all hexadecimal.
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: " ")
      guard fields.count > 4, let local = port(fields[1]), let remote = port(fields[2]) else { continue }
      let queues = fields[4].split(separator: ":").compactMap { Int($0, radix: 16) }
      guard queues.count == 2 else { continue }
      if (local, remote) == (peer, own) { return queues[1] + sending(own, peer, table) }
    }
    return nil
  }

  private static func sending(_ own: UInt16, _ peer: UInt16, _ table: String) -> Int {
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: " ")
      guard fields.count > 4, port(fields[1]) == own, port(fields[2]) == peer else { continue }
      return fields[4].split(separator: ":").first.flatMap { Int($0, radix: 16) } ?? 0
    }
    return 0
  }

  private static func port(_ address: Substring) -> UInt16? {
    address.split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
  }

  private static func ownPort(_ descriptor: Int32) -> UInt16? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        unsafe getsockname(descriptor, plain, &length) == 0
      }
    }
    return isKnown ? UInt16(bigEndian: address.sin_port) : nil
  }

  private static func peerPort(_ descriptor: Int32) -> UInt16? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        unsafe getpeername(descriptor, plain, &length) == 0
      }
    }
    return isKnown ? UInt16(bigEndian: address.sin_port) : nil
  }
}
