import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("Where a redirect leads", .startsServers)
struct RedirectTests {
  private static let audio = [0] + noise(5000)

  @Test(
    "a Location is used byte for byte, and a relative one only completed",
    arguments: [
      ("ROOT/a/../b%2Fc/./d?x=%7E/../y", "/a/../b%2Fc/./d?x=%7E/../y"), ("/a/../b//c?s=1", "/a/../b//c?s=1"),
      ("?only=query", "/first/place?only=query"), ("next%2F", "/first/next%2F"), ("./next/../x", "/first/next/../x"),
      ("../next?a=../b", "/next?a=../b"), ("../../../next", "/next"), ("//HOST/elsewhere", "/elsewhere"),
      ("x:y", nil),
    ] as [(String, String?)])
  func target(location: String, wanted: String?) async throws {
    let scratch = try Scratch()
    try await withServer { connection, request in
      if request.target == "/first/place?sig=1" {
        let host = request["Host"] ?? ""
        let target = location.replacingOccurrences(of: "ROOT", with: "http://" + host)
          .replacingOccurrences(of: "HOST", with: host)
        connection.answer("302 Found", "", headers: ["Location: \(target)"])
      } else {
        connection.answer("200 OK", Self.audio, type: "audio/mpeg")
      }
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let url = server.url + "/first/place?sig=1"
      if let wanted {
        _ = try await client.download(url, to: scratch.path("c"))
        #expect(server.requests.last?.target == wanted)
      } else {
        let failure = try await error { _ = try await client.download(url, to: scratch.path("c")) }
        #expect(failure.code == .refused)
      }
    }
  }
}
