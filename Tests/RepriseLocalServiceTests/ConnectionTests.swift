import Foundation
import RepriseLocalService
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Connections", .startsServers)
struct ConnectionTests {
  #if canImport(Glibc)
    private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let openFiles = RLIMIT_NOFILE
  #endif

  private static func limitOpenFiles(to soft: rlim_t, hard: rlim_t? = nil) -> Bool {
    var limit = rlimit()
    guard unsafe getrlimit(openFiles, &limit) == 0 else { return false }
    if let hard { limit.rlim_max = hard }
    limit.rlim_cur = soft
    return unsafe setrlimit(openFiles, &limit) == 0
  }

  @Test("of which there are too many are closed; the service, its generations and results stay")
  func tooMany() async {
    // A process of its own: it runs out of descriptors.
    await #expect(processExitsWith: .success) {
      let log = LogLines()
      var configuration = LocalServerConfiguration()
      configuration.onEvent = { log.add("\($0)") }
      try await withService(configuration) { baseURL in
        let first = try await exchange(baseURL, "POST", generatePath, body: try submission(audio: wav(seconds: 8)))
        let done = try #require(first.json["id"] as? String)
        let target = try resultTarget(try await finished(done, at: baseURL), at: baseURL)

        let port = try #require(URLComponents(string: baseURL)?.port)
        try #require(Self.limitOpenFiles(to: 64))
        // All descriptors first, so that none is left for the service when it is to take the first connection.
        var held: [Int32] = []
        while held.count < 64, let socket = Self.newSocket() { held.append(socket) }
        try #require((1..<64).contains(held.count))
        for socket in held { Self.connect(socket, to: UInt16(port)) }
        try await eventually { log.all.contains { $0.hasPrefix("every connection was closed") } }
        for socket in held { close(socket) }

        // The service listens again a moment later.
        try await eventually { (try? connectOnce(to: baseURL)) != nil }
        #expect(try await exchange(baseURL, "GET", target).body == wav(seconds: 8))
        let second = try await exchange(baseURL, "POST", generatePath, body: try submission())
        #expect(second.status == 200)
        let id = try #require(second.json["id"] as? String)
        #expect(try await finished(id, at: baseURL).json["status"] as? String == "completed")
      }
    }
  }

  /// A socket, nil where there are no more descriptors.
  private static func newSocket() -> Int32? {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    return descriptor >= 0 ? descriptor : nil
  }

  /// Connects where somebody listens; between two listeners nobody does.
  private static func connect(_ descriptor: Int32, to port: UInt16) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = unsafe systemConnect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  @Test("may be as many as the hard limit allows, once that is asked for")
  func limit() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit()
      try #require(unsafe getrlimit(Self.openFiles, &limit) == 0)
      let hard = min(limit.rlim_max, 1000)
      try #require(Self.limitOpenFiles(to: 100, hard: hard))
      #expect(OpenFileLimit.raise() == UInt64(hard))
      try #require(unsafe getrlimit(Self.openFiles, &limit) == 0)
      #expect(limit.rlim_cur == hard)
    }
  }

  @Test("that bring nothing are closed, between requests and within one; the listening one stays")
  func idle() async throws {
    var configuration = LocalServerConfiguration()
    configuration.idleTimeout = .milliseconds(100)
    configuration.connectionTimeout = .milliseconds(500)
    try await withService(configuration) { baseURL in
      for start in [requestBytes("GET", "/"), Data("GET / HT".utf8), Data()] {
        var connection = try HTTPConnection(to: baseURL)
        try connection.send(start)
        if start.count > 10 { #expect(try connection.response().status == 404) }
        let trouble = #expect(throws: HTTPConnection.Failure.self) { try connection.response() }
        #expect(trouble?.message == "closed before the answer's head")
      }
      #expect(try await exchange(baseURL, "GET", "/").status == 404)
    }
  }
}

/// `connect(2)`, whose name a method above takes.
private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  unsafe connect(descriptor, address, length)
}
