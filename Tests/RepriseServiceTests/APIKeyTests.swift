import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("The key")
struct APIKeyTests {
  @Test("variables are asked in order, then the file; an empty one counts as not set")
  func order() throws {
    let scratch = try Scratch()
    try keyFile(in: scratch.root, mode: 0o600)
    var environment = ["XDG_CONFIG_HOME": scratch.root]
    #expect(try APIKey.find(for: .aimlapi, environment: environment)?.origin == scratch.path("reprise/key"))
    environment["AIMLAPI_KEY"] = "three"
    #expect(try APIKey.find(for: .aimlapi, environment: environment)?.origin == "AIMLAPI_KEY")
    environment["AIMLAPI_API_KEY"] = " two \n"
    #expect(try APIKey.find(for: .aimlapi, environment: environment)?.origin == "AIMLAPI_API_KEY")
    environment["AIML_API_KEY"] = ""
    #expect(try APIKey.find(for: .aimlapi, environment: environment)?.origin == "AIMLAPI_API_KEY")
    environment["AIML_API_KEY"] = "one"
    #expect(try APIKey.find(for: .aimlapi, environment: environment)?.origin == "AIML_API_KEY")
    #expect(try APIKey.find(for: .local(baseURL: "http://127.0.0.1:1"), environment: environment) == nil)
    #expect(try APIKey.find(for: .aimlapi, environment: ["XDG_CONFIG_HOME": scratch.path("none")]) == nil)
  }

  private func keyFile(in directory: String, mode: Int) throws {
    let path = directory + "/reprise/key"
    try FileManager.default.createDirectory(atPath: directory + "/reprise", withIntermediateDirectories: true)
    try Data((secret + "\n").utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test("a file others may read is refused with what to do", arguments: [0o644, 0o640, 0o604, 0o620, 0o601])
  func wideMode(mode: Int) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try keyFile(in: directory, mode: mode)
    let failure = try await error { _ = try APIKey.find(for: .aimlapi, environment: ["XDG_CONFIG_HOME": directory]) }
    #expect(failure.code == .unauthorized)
    #expect(failure.problem == .key(.readableByOthers(path: directory + "/reprise/key", mode: UInt32(mode))))
  }

  @Test("the file's key is the one that is sent, trimmed", .startsServers)
  func fileKeyIsSent() async throws {
    let scratch = try Scratch()
    try keyFile(in: scratch.root, mode: 0o600)
    let environment = ["XDG_CONFIG_HOME": scratch.root]
    try await withServer { connection, _ in
      connection.answer("200 OK", #"{"id":"g","status":"queued"}"#)
    } _: { server in
      let service = try quickService(server.url)
      let client = try CoverClient(service: service, key: try APIKey.find(for: service, environment: environment))
      _ = try await client.generation(id: "g")
      #expect(server.requests.first?["Authorization"] == "Bearer \(secret)")
    }
  }

  @Test(
    "a key that would break a header is refused, unseen",
    arguments: ["a\nb", "a b", "a\u{0}b", "clé", "  ", "a\r\nX-Evil: 1"])
  func badKey(text: String) async throws {
    let failure = try await error { _ = try APIKey(text, origin: "AIML_API_KEY") }
    #expect(failure.code == .unauthorized)
    guard case .key(.unusable(origin: "AIML_API_KEY", _)) = failure.problem else {
      Issue.record(failure)
      return
    }
    #expect(!failure.description.contains(text))
  }

  @Test("however a key is printed, it is not seen")
  func redacted() throws {
    let key = try key()
    var dumped = ""
    dump(key, to: &dumped)
    dump(try CoverClient(service: .aimlapi, key: key), to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", dumped] { #expect(!text.contains(secret)) }
  }
}
