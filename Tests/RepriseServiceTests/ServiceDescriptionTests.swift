import RepriseService
import Foundation
import Testing

@Suite("Services as data")
struct ServiceDescriptionTests {
  @Test("the remote service is what its documentation says")
  func remote() {
    let service = ServiceDescription.aimlapi
    #expect(service.baseURL + service.paths.generate == "https://api.aimlapi.com/v2/generate/audio")
    #expect(service.model == "minimax/music-cover")
    #expect(service.keyVariables == ["AIML_API_KEY", "AIMLAPI_API_KEY", "AIMLAPI_KEY"])
    #expect(service.limits.promptLength == 10...2000 && service.limits.lyricsLength == 10...3000)
    #expect(service.limits.maximumBytes == 50_000_000 && service.limits.seconds == 6...360)
    #expect(service.base64Form == .dataURI && service.keyUse == .required)
    #expect(service.polling == Polling.Settings(firstInterval: 5, longestInterval: 15, timeout: 1200))
  }

  @Test("a description survives JSON")
  func codable() throws {
    var service = ServiceDescription.local(baseURL: "http://127.0.0.1:8080")
    service.base64Form = .raw
    service.mediaTypes["wav"] = "audio/x-wav"
    let data = try JSONEncoder().encode(service)
    #expect(try JSONDecoder().decode(ServiceDescription.self, from: data) == service)
  }

  @Test("--service takes a name or a base URL")
  func choice() throws {
    #expect(try ServiceChoice("aimlapi") == .described(.aimlapi))
    #expect(try ServiceChoice("local") == .startLocal)
    guard case .described(let service) = try ServiceChoice("https://gateway.example/base/") else { throw NoError() }
    #expect(service.baseURL == "https://gateway.example/base")
    #expect(service.keyUse == .optional)
  }

  @Test(
    "an unusable service is refused in words, without repeating a password",
    arguments: [
      ("nosuch", .unknownService("nosuch", known: ["aimlapi", "local", "minimax"])), ("ftp://host", .notBaseURL),
      ("http://", .notBaseURL), ("https://user:hunter2@host", .credentials(host: "host")),
      ("https://host/?a=hunter2", .queryOrFragment(host: "host")),
      ("https://host/#x", .queryOrFragment(host: "host")), ("http://ho st", .notBaseURL),
      ("http://host\r\nX: y", .notBaseURL), ("https://token@host", .credentials(host: "host")),
    ] as [(String, ServiceError.AddressProblem)])
  func unusable(text: String, problem: ServiceError.AddressProblem) async throws {
    let failure = try await error { _ = try ServiceChoice(text) }
    #expect(failure.code == .refused)
    #expect(failure.problem == .address(problem), "\(failure)")
    #expect(!"\(failure) \(failure.problem)".contains("hunter2"))
  }

  @Test(
    "a key never travels in clear text",
    arguments: [
      ("http://gateway.example", false), ("http://10.0.0.1:80", false), ("http://127.0.0.1.example.org", false),
      ("http://127.1.2", false), ("https://gateway.example", true), ("http://127.0.0.1:8080", true),
      ("http://127.9.8.7", true), ("http://localhost:1", true), ("http://[::1]:8080", true),
    ])
  func clearText(url: String, allowed: Bool) async throws {
    let service = try ServiceDescription.custom(baseURL: url)
    if allowed {
      _ = try CoverClient(service: service, key: try key())
    } else {
      let failure = try await error { _ = try CoverClient(service: service, key: try key()) }
      #expect(failure.code == .refused)
      #expect(failure.problem == .address(.clearText(url: service.baseURL, keyOrigin: "AIML_API_KEY")))
      _ = try CoverClient(service: service, key: nil)
    }
  }

  @Test("the remote service wants a key before anything is sent")
  func keyWanted() async throws {
    let failure = try await error { _ = try CoverClient(service: .aimlapi, key: nil) }
    #expect(failure.code == .unauthorized)
    guard case .key(.missing(_, let variables, let file)) = failure.problem else {
      Issue.record(failure)
      return
    }
    #expect(variables == ["AIML_API_KEY", "AIMLAPI_API_KEY", "AIMLAPI_KEY"] && file?.hasSuffix("/reprise/key") == true)
  }

  @Test(
    "a redirect from https to http is not followed", arguments: ["http://x.example/a", "file:///etc/passwd", "//x"])
  func downgrade(target: String) async throws {
    let start = try WebAddress("https://store.example/r?Signature=s", what: "the result")
    #expect(try ResultDownload.next(after: start, target: "https://other.example/r").host == "other.example")
    let failure = try await error { _ = try ResultDownload.next(after: start, target: target) }
    #expect(failure.code == .refused)
    #expect(!"\(failure) \(failure.problem)".contains("Signature"))
  }

  @Test("a request id keeps to the service's characters and length")
  func requestIDs() throws {
    #expect(try ClientRequestID("aZ0._:-").text == "aZ0._:-")
    #expect(try ClientRequestID(String(repeating: "a", count: 128)).text.count == 128)
    for text in ["", String(repeating: "a", count: 129), "a b", "a/b", "é", "a\r\nX: y"] {
      #expect(throws: ServiceError.self) { try ClientRequestID(text) }
    }
    #expect(ClientRequestID.random() != ClientRequestID.random())
    #expect(try ClientRequestID(ClientRequestID.random().text).text.count == 36)
  }
}
