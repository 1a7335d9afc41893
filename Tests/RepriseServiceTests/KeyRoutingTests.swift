import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("Whose key goes where", .startsServers)
struct KeyRoutingTests {
  private let environment = [
    "AIML_API_KEY": secret, "STUDIO_KEY": "studio-key", "MINIMAX_API_KEY": "minimax-key",
    "XDG_CONFIG_HOME": "/nonexistent",
  ]

  private func origin(_ text: String, in catalogue: ServiceCatalogue = .builtIn, sendKey: Bool = false) throws
    -> String?
  {
    guard case .described(let service) = try ServiceChoice(text, in: catalogue) else { return nil }
    return try catalogue.key(for: service, sendKey: sendKey, environment: environment)?.origin
  }

  @Test(
    "a URL given by hand gets a key only where its host is known",
    arguments: [
      ("https://api.aimlapi.com", "AIML_API_KEY"), ("https://API.aimlapi.com:443/x/", "AIML_API_KEY"),
      ("https://api.minimax.io", "MINIMAX_API_KEY"), ("http://127.0.0.1:8080", "AIML_API_KEY"),
      ("http://localhost:1", "AIML_API_KEY"), ("http://[::1]:9", "AIML_API_KEY"), ("https://gateway.example", nil),
      ("https://api.aimlapi.com.evil.example", nil), ("https://api.aimlapi.com:8443", nil),
      ("http://api.aimlapi.com", nil), ("https://evil.example/api.aimlapi.com", nil), ("http://10.0.0.1", nil),
    ] as [(String, String?)])
  func byHost(url: String, wanted: String?) throws {
    #expect(try origin(url) == wanted)
    if wanted == nil { #expect(try origin(url, sendKey: true) == "AIML_API_KEY") }
  }

  @Test("a named service has its own key and never another's, --send-key or not")
  func named() throws {
    let catalogue = try catalogue(
      """
      [services.studio]
      like = "aimlapi"
      base_url = "https://studio.example"
      key_variables = ["STUDIO_KEY"]
      [services.bare]
      like = "aimlapi"
      base_url = "https://bare.example"
      [services.cheap]
      like = "aimlapi"
      price_usd = 0.1
      """)
    #expect(try origin("studio", in: catalogue) == "STUDIO_KEY")
    #expect(try origin("https://studio.example/x", in: catalogue) == "STUDIO_KEY")
    #expect(try origin("bare", in: catalogue) == nil)
    #expect(try origin("bare", in: catalogue, sendKey: true) == nil)
    #expect(try origin("cheap", in: catalogue) == "AIML_API_KEY")
    #expect(try origin("aimlapi", in: catalogue) == "AIML_API_KEY")
    #expect(try origin("minimax", in: catalogue) == "MINIMAX_API_KEY")
  }

  @Test("the remote service's key is in the file 'key', another's in keys/NAME, both 0600")
  func files() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try FileManager.default.createDirectory(atPath: directory + "/reprise/keys", withIntermediateDirectories: true)
    for name in ["key", "keys/studio"] {
      let path = try scratch.file("reprise/\(name)", Array("key-of-\(name.suffix(6))\n".utf8))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    let catalogue = try catalogue("[services.studio]\nbase_url = \"https://studio.example\"\nkey = \"required\"\n")
    let studio = try #require(catalogue.service(named: "studio"))
    let environment = ["XDG_CONFIG_HOME": directory]
    #expect(try catalogue.key(for: studio, environment: environment)?.origin == directory + "/reprise/keys/studio")
    #expect(try catalogue.key(for: .aimlapi, environment: environment)?.origin == directory + "/reprise/key")
    #expect(try catalogue.key(for: .minimax, environment: environment) == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory + "/reprise/keys/studio")
    let failure = try await error { _ = try catalogue.key(for: studio, environment: environment) }
    #expect(failure.code == .unauthorized)
    #expect(failure.problem == .key(.readableByOthers(path: directory + "/reprise/keys/studio", mode: 0o644)))
    let missing = APIKey.missing(for: studio, environment: ["XDG_CONFIG_HOME": "/c"])
    #expect(missing.code == .unauthorized)
    #expect(
      missing.problem
        == .key(.missing(service: "the service 'studio'", variables: [], file: "/c/reprise/keys/studio")))
  }

  @Test("a job's service is found again by its name, and where it was; its key stays where it belongs")
  func resumed() throws {
    let catalogue = try catalogue(
      "[services.studio]\nbase_url = \"https://studio.example\"\nkey_variables = [\"STUDIO_KEY\"]\nmodel = \"m\"\n")
    func found(_ name: String, _ url: String) throws -> (service: ServiceDescription, key: String?) {
      let service = try catalogue.service(named: name, baseURL: url)
      return (service, try catalogue.key(for: service, environment: environment)?.origin)
    }
    let same = try found("studio", "https://studio.example")
    #expect(same.service == catalogue.service(named: "studio") && same.key == "STUDIO_KEY")
    // The configuration names another host now: the old one is asked, without the new one's key.
    let moved = try found("studio", "https://old.example/v1")
    #expect(moved.service.baseURL == "https://old.example/v1" && moved.service.model == "m" && moved.key == nil)
    let gone = try found("gone", "https://gone.example")
    #expect(gone.service.baseURL == "https://gone.example" && gone.key == nil)
    #expect(try found("https://api.aimlapi.com", "https://api.aimlapi.com").key == "AIML_API_KEY")
    #expect(try found("aimlapi", "https://api.aimlapi.com").service == .aimlapi)
    #expect(try found("local", "http://127.0.0.1:4000").service == .local(baseURL: "http://127.0.0.1:4000"))
  }

  @Test("a named service at an old place has the key of whoever is there, and no other's")
  func oldPlaces() throws {
    let catalogue = try catalogue(
      """
      [services.first]
      base_url = "https://shared.example/first"
      key_variables = ["MINIMAX_API_KEY"]
      [services.studio]
      base_url = "https://shared.example/studio"
      key_variables = ["STUDIO_KEY"]
      """)
    func key(_ name: String, _ url: String) throws -> String? {
      try catalogue.key(for: try catalogue.service(named: name, baseURL: url), environment: environment)?.origin
    }
    // The loopback rule is for URLs given by hand: here a tunnel may have led anywhere.
    #expect(try key("studio", "http://127.0.0.1:9000") == nil)
    #expect(try key("gone", "http://127.0.0.1:9000") == nil)
    #expect(try key("http://127.0.0.1:9000", "http://127.0.0.1:9000") == "AIML_API_KEY")
    #expect(try key("studio", "https://api.aimlapi.com") == "AIML_API_KEY")
    #expect(try key("gone", "https://api.aimlapi.com") == "AIML_API_KEY")
    // Of several on one host its own.
    #expect(try key("studio", "https://shared.example/old") == "STUDIO_KEY")
    #expect(try key("first", "https://shared.example/old") == "MINIMAX_API_KEY")
    let byURL = try catalogue.custom(baseURL: "https://shared.example/studio")
    #expect(try catalogue.key(for: byURL, environment: environment)?.origin == "STUDIO_KEY")
  }

  @Test("no Authorization leaves for a service whose key nobody knows")
  func nothingSent() async throws {
    try await withServer { connection, _ in
      connection.answer("200 OK", #"{"id":"g","status":"queued"}"#)
    } _: { server in
      let catalogue = try catalogue("[services.s]\nbase_url = \"\(server.url)\"\n")
      let service = try #require(catalogue.service(named: "s"))
      let client = try CoverClient(service: service, key: try catalogue.key(for: service, environment: environment))
      _ = try await client.generation(id: "g")
      #expect(server.requests.first?["Authorization"] == nil)
    }
  }
}
