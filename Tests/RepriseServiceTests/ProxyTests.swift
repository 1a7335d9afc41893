import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A proxy stands between us and https services, as companies' networks have them.
@Suite("A proxy", .startsServers)
struct ProxyTests {
  /// A proxy that goes by the host that a tunnel is asked for.
  private static func proxy() throws -> RawServer {
    try RawServer { connection, request in
      let host = request.target.prefix { $0 != "." }
      switch host {
      case "hangs": connection.waitForClose()
      case "closes": break
      case "opens-and-closes":
        connection.send("HTTP/1.1 200 Connection established\r\n\r\n")
        _ = connection.readBody(1)
      default: connection.answer("\(host) No", "<html>no tunnel</html>", headers: ["Retry-After: 9"])
      }
    }
  }

  @Test(
    "that makes no tunnel is no connection, and none of its words are the service's",
    arguments: ["403", "407", "503", "hangs", "closes", "opens-and-closes"])
  func noTunnel(host: String) async {
    // curl learns of a proxy by the environment, which must not change under the hands of a process's other threads.
    await #expect(processExitsWith: .success) { [host] in try await Self.check(host) }
  }

  private static func check(_ host: String) async throws {
    let proxy = try proxy()
    defer { proxy.stop() }
    unsafe setenv("https_proxy", "http://127.0.0.1:\(proxy.port)", 1)
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    var service = try quickService("https://\(host).cover.example")
    service.timeouts.connect = 0.5
    let client = try CoverClient(service: service, key: try key())
    let submission = try await submissionError(client, path)
    let poll = try await error { _ = try await client.generation(id: "g") }
    let download = try await error {
      _ = try await client.download("https://\(host).cover.example/r", to: path + ".mp3", attempts: 1)
    }
    for failure in [submission, poll, download] {
      #expect(failure.code == .unreachable, "\(failure)")
      #expect(!failure.mayHaveBeenAccepted)
      #expect(failure.status == nil && failure.retryAfter == nil)
      #expect(!failure.isNotWhole, "\(failure)")
      if !host.hasPrefix("opens") {
        guard case .connection(.noTunnel(_, let proxyAddress, let status, _)) = failure.problem else {
          Issue.record(failure)
          continue
        }
        #expect(proxyAddress == "127.0.0.1:\(proxy.port)" && status == Int(host) ?? 0)
      }
    }
    let mine = proxy.requests.filter { $0.target == "\(host).cover.example:443" }
    #expect(mine.count == 3 && mine.allSatisfy { $0.method == "CONNECT" && $0["Authorization"] == nil })
    #expect(try scratch.contents() == ["song.wav"])
  }
}
