import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("TLS", .startsServers)
struct TLSTests {
  @Test(
    "a certificate that is not trusted ends it before anything is sent, in every kind of call",
    .enabled(if: SelfSignedServer.isPossible))
  func untrusted() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    let server = try SelfSignedServer(in: scratch.root)
    defer { server.stop() }
    let client = try CoverClient(service: try quickService(server.url), key: try key())
    let submission = try await submissionError(client, path)
    let poll = try await error { _ = try await client.generation(id: "g") }
    let download = try await error {
      _ = try await client.download(server.url + "/r", to: path + ".mp3", attempts: 1)
    }
    for failure in [submission, poll, download] {
      #expect(failure.code == .unreachable)
      guard case .connection(.untrusted) = failure.problem else {
        Issue.record(failure)
        continue
      }
      #expect(!failure.mayHaveBeenAccepted)
    }
    #expect(try scratch.contents().sorted() == ["cert.pem", "key.pem", "song.wav"])
  }

  @Test("a server that speaks no TLS gets neither the key nor a request")
  func plainServer() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, _ in
      connection.answer("200 OK", "{}")
    } _: { server in
      let service = try quickService(server.url.replacingOccurrences(of: "http:", with: "https:"))
      let client = try CoverClient(service: service, key: try key())
      let failure = try await submissionError(client, path)
      #expect(failure.code == .unreachable)
      #expect(!failure.mayHaveBeenAccepted)
      #expect(server.requests.isEmpty)
    }
  }
}
