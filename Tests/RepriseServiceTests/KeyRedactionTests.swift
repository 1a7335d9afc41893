import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("The key never comes out")
struct KeyRedactionTests {
  /// With what URLs, JSON and HTML escape in it.
  private static let awkward = "sk/live+Zz9|<&>=~0123456789"

  /// Forms of a key in which a service may say it back.
  enum Form: String, CaseIterable, Sendable {
    case plain, lowerCase, upperCase, header, percentEncoded, everyByte, everyByteInLowerCase, twice, base64,
      bearerInBase64
    case basicPassword, basicUser, thirdAlignment, urlSafeBase64, hexadecimal, twoLines, linesOfFour, escapedLineEnd,
      noWidth
    case json, codePoints, html, cut
    case beginningMissing, endOfTwelve, endOfEight, middle, endPercentEncoded

    func of(_ key: String) -> String {
      let half = key.index(key.startIndex, offsetBy: 9)
      let (head, tail) = (String(key[..<half]), String(key[half...]))
      func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
      func each(_ format: String) -> String { key.utf8.map { String(format: format, $0) }.joined() }
      switch self {
      case .plain: return key
      case .lowerCase: return key.lowercased()
      case .upperCase: return key.uppercased()
      case .header: return "Authorization: Bearer " + key
      case .percentEncoded: return key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      case .everyByte: return each("%%%02X")
      case .everyByteInLowerCase: return each("%%%02x")
      case .twice: return each("%%25%02X")
      case .base64: return base64(key)
      case .bearerInBase64: return base64("Bearer " + key)
      case .basicPassword: return base64("user:" + key)
      case .basicUser: return base64(key + ":")
      case .thirdAlignment: return base64("ab" + key + "tail")
      case .urlSafeBase64:
        let plain = base64("x" + key)
        return plain.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      case .hexadecimal: return each("%02x")
      case .twoLines: return head + "\n    " + tail
      case .linesOfFour:
        var lines = ""
        for (index, character) in key.enumerated() {
          lines += (index > 0 && index % 4 == 0 ? "\r\n" : "") + String(character)
        }
        return lines
      case .escapedLineEnd: return head + #"\n"# + tail
      case .noWidth: return head + "\u{200B}" + tail
      case .json: return String(decoding: (try? JSONEncoder().encode([key])) ?? Data(), as: UTF8.self)
      case .codePoints: return each("\\u%04x")
      case .html: return each("&#%d;")
      case .cut: return key.prefix(14) + "…"
      case .beginningMissing: return "sk-..." + key.dropFirst(6)
      case .endOfTwelve: return "…" + key.suffix(12)
      case .endOfEight: return "********" + key.suffix(8)
      case .middle: return "…" + key.dropFirst(5).prefix(13) + "…"
      case .endPercentEncoded:
        return "…" + key.suffix(10).utf8.map { String(format: "%%%02X", $0) }.joined()
      }
    }
  }

  @Test("it is taken out of a text in every form it may have there", arguments: Form.allCases, [secret, awkward])
  func takenOut(form: Form, key: String) throws {
    _ = try APIKey(key, origin: "AIML_API_KEY")
    let text = "before \(form.of(key)) after"
    let clean = KeyRedaction.apply(to: text)
    #expect(
      clean.contains("[key]") && clean.hasPrefix("before ") && clean.hasSuffix(" after"), "\(form): \(clean)")
    for piece in [
      key, String(key.dropFirst(4)), String(key.suffix(8)), String(Data(key.utf8).base64EncodedString().prefix(12)),
    ] {
      #expect(!clean.lowercased().contains(piece.lowercased()), "\(form): \(clean)")
    }
    #expect(KeyRedaction.apply(to: Array(text.utf8)) == Array(clean.utf8))
    #expect(KeyRedaction.apply(to: clean) == clean)
  }

  @Test("a text without it stays as it is, and a short key is no part of a word")
  func others() throws {
    _ = try APIKey("quagga", origin: "K")
    _ = try APIKey("abc", origin: "K")
    _ = try key()
    for text in [
      "", "a quaggaline abc", "sk-live-other", "üñí %zz &#x; \\u12 \\", String(repeating: "sk-live-", count: 50),
    ] {
      #expect(KeyRedaction.apply(to: text) == text)
    }
    #expect(KeyRedaction.apply(to: "key=quagga;") == "key=[key];")
  }

  /// Responses of a service that contain `KEY`.
  private static let answers: [(status: String, body: String, headers: [String], type: String)] = [
    ("200 OK", #"{"id":"g","status":"KEY"}"#, [], "application/json"),
    ("200 OK", #"{"id":"g","status":"failed","error":{"name":"KEY","message":"bad key KEY"}}"#, [], "application/json"),
    ("200 OK", #"{"id":"KEY","status":"generating"}"#, [], "application/json"),
    ("200 OK", "no JSON: Bearer KEY", [], "text/plain"),
    ("401 Unauthorized", #"{"detail":[{"loc":["header","KEY"],"msg":"KEY"}]}"#, [], "application/json"),
    ("403 Forbidden", "<Error><Code>X</Code><Message>KEY</Message></Error>", [], "application/xml"),
    ("302 Found", "", ["Location: https://KEY.example/login"], "text/plain"),
    ("418 KEY", "KEY", ["X-Inference-Id: KEY"], "KEY/KEY"),
    ("503 Service Unavailable", #"{"message":"KE\u0059"}"#, ["Retry-After: 9999"], "text/plain"),
  ]

  @Test(
    "no error of a poll or a submission has it, wherever the service puts it", .startsServers,
    arguments: answers.indices)
  func errors(index: Int) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(2000))
    let answer = Self.answers[index]
    @Sendable func filled(_ text: String) -> String {
      text.replacingOccurrences(of: "KE\\u0059", with: secret.replacingOccurrences(of: "-", with: "\\u002d"))
        .replacingOccurrences(of: "KEY", with: secret)
    }
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer(
        filled(answer.status), filled(answer.body), headers: answer.headers.map(filled), type: filled(answer.type))
    } _: { server in
      var service = try quickService(server.url)
      service.polling.timeout = 0.3
      let client = try CoverClient(service: service, key: try key())
      func check(_ failure: ServiceError) {
        var dumped = ""
        dump(failure, to: &dumped)
        for text in [failure.description, dumped, String(decoding: failure.unrecognizedAnswer ?? [], as: UTF8.self)] {
          #expect(!text.contains(secret) && !text.contains("0123456789abcdef"), "\(text)")
        }
      }
      check(
        try await error { _ = try await client.waitForCompletion(of: Contract.Generation(id: "g", status: .queued)) })
      do {
        let submitted = try await client.submit(try client.prepare(request(path)))
        #expect(submitted.inferenceID?.contains(secret) != true)
      } catch let failure as ServiceError { check(failure) }
    }
  }

  @Test("a result's host that has it does not receive it", .startsServers)
  func downloads() async throws {
    let scratch = try Scratch()
    let output = scratch.path("cover.mp3")
    for headers in [["Location: https://\(secret).example/a"], ["Location: ftp://\(secret)/a"]] {
      try await withServer { connection, _ in
        connection.answer("302 Found", "", headers: headers)
      } _: { server in
        let client = try CoverClient(service: try quickService(server.url), key: try key())
        let failure = try await error { _ = try await client.download(server.url + "/a", to: output, attempts: 1) }
        #expect(!failure.description.contains(secret), "\(failure)")
      }
    }
    for type in ["text/html; \(secret)", secret] {
      try await withServer { connection, _ in
        connection.answer("200 OK", "<html>", headers: ["Content-Encoding: \(secret)"], type: type)
      } _: { server in
        let client = try CoverClient(service: try quickService(server.url), key: try key())
        let failure = try await error { _ = try await client.download(server.url + "/a", to: output, attempts: 1) }
        #expect(!failure.description.contains(secret), "\(failure)")
      }
    }
  }
}
