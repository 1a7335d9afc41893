import FlyingFox
import FlyingSocks
import Foundation
import TestSupport

/// A web server on loopback with one recording and some paths that lead elsewhere, while `body` runs.
func withFileHost<Value: Sendable>(_ audio: Data, _ body: @escaping @Sendable (String) async throws -> Value)
  async throws -> Value
{
  let server = HTTPServer(config: .init(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled))
  func redirect(_ path: HTTPRoute, to target: String) async {
    await server.appendRoute(path) { _ in HTTPResponse(statusCode: .found, headers: HTTPHeaders([.location: target])) }
  }
  await server.appendRoute("/audio.wav") { _ in
    HTTPResponse(statusCode: .ok, headers: HTTPHeaders([.contentType: "audio/wav"]), body: audio)
  }
  await server.appendRoute("/text") { _ in HTTPResponse(statusCode: .ok, body: Data("no audio at all".utf8)) }
  await redirect("/redirect-to-audio", to: "/audio.wav")
  await redirect("/redirect-to-file", to: "file:///etc/hostname")
  await redirect("/loop", to: "/loop")
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.run() }
    defer { group.cancelAll() }
    try await server.waitUntilListening(timeout: 120 * Double(patience))
    guard case .ip4(_, let port) = await server.listeningAddress else {
      throw HTTPConnection.Failure(message: "the file host is not listening")
    }
    return try await body("http://127.0.0.1:\(port)")
  }
}
