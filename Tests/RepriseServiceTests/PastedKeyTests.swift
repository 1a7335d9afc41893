import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("A key as people paste it")
struct PastedKeyTests {
  @Test(
    "what stands around it is taken away",
    arguments: [
      "KEY", " KEY\n", "KEY\r\n", "\tKEY\r", "\u{FEFF}KEY\n", "\"KEY\"", "'KEY'", "`KEY`", "\u{201C}KEY\u{201D}",
      "\u{2018}KEY\u{2019}", "\"KEY\"\n", " ' KEY ' ", "AIML_API_KEY=KEY", "AIML_API_KEY=\"KEY\"",
      "AIML_API_KEY = 'KEY'",
      "export AIML_API_KEY=KEY", "export AIML_API_KEY=\"KEY\"\n", "export  AIML_API_KEY='KEY';", "set AIML_API_KEY=KEY",
      "$env:AIML_API_KEY=\"KEY\"", "api_key=KEY", "ApiKey=KEY", "token=KEY", "STUDIO=KEY", "export studio=KEY",
      "Bearer KEY", "bearer  KEY", "\"Bearer KEY\"", "Bearer \"KEY\"", "Authorization: Bearer KEY",
      "'Authorization: Bearer KEY'", "AIML_API_KEY=\"Bearer KEY\"", "\"AIML_API_KEY=KEY\"", "\"'KEY'\"",
    ])
  func understood(text: String) throws {
    let key = "sk-Live_0.1/2+3:4-5~6=="
    #expect(
      try PastedKey.key(
        in: text.replacingOccurrences(of: "KEY", with: key, options: .backwards, range: Self.last(text))) == key)
  }

  /// Returns the range of the placeholder itself, and not of the `KEY` in a name.
  private static func last(_ text: String) -> Range<String.Index>? {
    text.range(of: "KEY", options: .backwards)
  }

  @Test(
    "a key that looks like that itself stays as it is",
    arguments: ["bearerabc", "sk=", "c2stbGl2ZQ==", "a1b2=c3d4", "export", "exported-1", "x=y=z", "set-1"])
  func untouched(key: String) throws { #expect(try PastedKey.key(in: key) == key) }

  @Test(
    "what can be none is refused, in words that hold nothing of it",
    arguments: [
      "", "  ", "\"\"", "''", "AIML_API_KEY=\"\"", "export AIML_API_KEY=", "Bearer", "Authorization: Bearer ",
      "\"sk-1234",
      "sk-1234\"", "'sk-1234\"", "sk-\"12\"34", "sk-12'34", "\\\"sk-1234\\\"", "sk-1234 sk-5678",
      "AIML_API_KEY=sk-1234\nOTHER=x",
      "$AIML_API_KEY", "${AIML_API_KEY}", "%AIML_API_KEY%", "<sk-your-key>", "{sk-key}", "sk-\u{200B}1234", "сk-1234",
      "Basic c2stMTIzNA==",
    ])
  func refused(text: String) async throws {
    let failure = try await error { _ = try APIKey(text, origin: "AIML_API_KEY") }
    guard case .key(.unusable(origin: "AIML_API_KEY", _)) = failure.problem else {
      Issue.record(failure)
      return
    }
    #expect(failure.code == .unauthorized)
    let shown = "\(failure) \(failure.problem)"
    #expect(!shown.contains("1234") && !shown.contains("sk-"), "\(shown)")
  }

  @Test("it is sent so, from a variable and from a file alike", .startsServers)
  func sent() async throws {
    let scratch = try Scratch()
    let directory = scratch.path("reprise")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data("export AIML_API_KEY=\"\(secret)\"\r\n".utf8).write(to: URL(filePath: directory + "/key"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: directory + "/key")
    let environments = [
      ["XDG_CONFIG_HOME": scratch.root], ["AIML_API_KEY": "'\(secret)'", "XDG_CONFIG_HOME": "/nowhere"],
    ]
    try await withServer { connection, _ in
      connection.answer("200 OK", #"{"id":"g","status":"queued"}"#)
    } _: { server in
      for environment in environments {
        let service = try quickService(server.url)
        let client = try CoverClient(service: service, key: try APIKey.find(for: service, environment: environment))
        _ = try await client.generation(id: "g")
      }
      #expect(server.requests.map { $0["Authorization"] } == ["Bearer \(secret)", "Bearer \(secret)"])
    }
  }
}
