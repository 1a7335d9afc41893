import RepriseService
import Foundation
import RepriseLocalService
import TestSupport
import Testing

/// One submission that is wrong, and what the service should say.
struct WrongSubmission: Sendable, CustomTestStringConvertible {
  var change: @Sendable (inout [String: Any]) -> Void
  var messages: String
  var testDescription: String { messages }

  init(_ messages: String, _ change: @escaping @Sendable (inout [String: Any]) -> Void) {
    self.messages = messages
    self.change = change
  }
}

private func changed(_ change: (inout [String: Any]) -> Void) throws -> Data {
  var fields = try #require(try JSONSerialization.jsonObject(with: submission()) as? [String: Any])
  change(&fields)
  return try JSONSerialization.data(withJSONObject: fields)
}

/// Checks the service's error shape and returns its message.
@discardableResult
func expectError(
  _ response: HTTPConnection.Response, _ status: Int, path: String = generatePath,
  sourceLocation: SourceLocation = #_sourceLocation
) -> String {
  #expect(response.status == status, sourceLocation: sourceLocation)
  #expect(response.headers["content-type"] == "application/json", sourceLocation: sourceLocation)
  let json = response.json
  #expect(
    Set(json.keys) == ["message", "path", "requestId", "statusCode", "timestamp"], sourceLocation: sourceLocation)
  #expect(json["statusCode"] as? Int == status, sourceLocation: sourceLocation)
  #expect(json["path"] as? String == path, sourceLocation: sourceLocation)
  #expect(json["requestId"] as? String == response.headers["x-client-request-id"], sourceLocation: sourceLocation)
  let timestamp = json["timestamp"] as? String ?? ""
  let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
  #expect((try? style.parse(timestamp)) != nil, "\(timestamp)", sourceLocation: sourceLocation)
  return response.message
}

@Suite("Validation", .startsServers)
struct ValidationTests {
  @Test(
    "says in the contract's shape what is wrong",
    arguments: [
      WrongSubmission("model is missing") { $0["model"] = nil },
      WrongSubmission("model must be 'minimax/music-cover'") { $0["model"] = "minimax/music" },
      WrongSubmission("model must be 'minimax/music-cover'") { $0["model"] = "" },
      WrongSubmission("model must be a string, not a number") { $0["model"] = 1 },
      WrongSubmission("prompt is missing") { $0["prompt"] = nil },
      WrongSubmission("prompt must be a string, not null") { $0["prompt"] = NSNull() },
      WrongSubmission("prompt must be a string, not a boolean") { $0["prompt"] = true },
      WrongSubmission("prompt must be 10 to 2000 characters long, not 9") { $0["prompt"] = "123456789" },
      WrongSubmission("prompt must be 10 to 2000 characters long, not 2001") {
        $0["prompt"] = String(repeating: "p", count: 2001)
      },
      // Unicode scalars, not grapheme clusters: a family of four is seven.
      WrongSubmission("prompt must be 10 to 2000 characters long, not 7") { $0["prompt"] = "👨‍👩‍👧‍👦" },
      WrongSubmission("prompt is far too long: 70002 bytes of JSON") {
        $0["prompt"] = String(repeating: "p", count: 70_000)
      },
      WrongSubmission("lyrics must be 10 to 3000 characters long, not 0") { $0["lyrics"] = "" },
      WrongSubmission("lyrics must be 10 to 3000 characters long, not 3001") {
        $0["lyrics"] = String(repeating: "l", count: 3001)
      },
      WrongSubmission("lyrics must be a string, not an array") { $0["lyrics"] = ["la"] },
      WrongSubmission("audio_setting must be an object, not a string") { $0["audio_setting"] = "mp3" },
      WrongSubmission("audio_setting.format must be one of mp3, wav, pcm") { $0["audio_setting"] = ["format": "flac"] },
      WrongSubmission("audio_setting.format must be one of mp3, wav, pcm") { $0["audio_setting"] = ["format": 3] },
      WrongSubmission("audio_setting.sample_rate must be one of 16000, 24000, 32000, 44100") {
        $0["audio_setting"] = ["sample_rate": 48000]
      },
      WrongSubmission("audio_setting.sample_rate must be one of 16000, 24000, 32000, 44100") {
        $0["audio_setting"] = ["sample_rate": "44100"]
      },
      WrongSubmission("audio_setting.bitrate must be one of 32000, 64000, 128000, 256000") {
        $0["audio_setting"] = ["bitrate": 320_000]
      },
      WrongSubmission("reference_audio_url is missing") { $0["reference_audio_url"] = nil },
      WrongSubmission("reference_audio_url must be a string") { $0["reference_audio_url"] = ["url": "http://x"] },
      WrongSubmission("reference_audio_url must be a string") { $0["reference_audio_url"] = NSNull() },
      WrongSubmission("reference_audio_url is empty") { $0["reference_audio_url"] = "" },
      WrongSubmission("reference_audio_url: is not audio") {
        $0["reference_audio_url"] = Data("a text".utf8).base64EncodedString()
      },
      WrongSubmission("reference_audio_url: is 5.0 s long; 6 to 360 s are wanted") {
        $0["reference_audio_url"] = wav(seconds: 5).base64EncodedString()
      },
      WrongSubmission("reference_audio_url is not a valid http(s) link") { $0["reference_audio_url"] = "http://" },
      WrongSubmission("reference_audio_url is a link that holds a name or password; send it without") {
        $0["reference_audio_url"] = "http://me:secret@example.org/a.mp3"
      },
      WrongSubmission("reference_audio_url has the scheme 'file'; send a data: URI, Base64, or an http(s) link") {
        $0["reference_audio_url"] = "file:///etc/hostname"
      },
    ])
  func wrong(_ wrong: WrongSubmission) async throws {
    let body = try changed(wrong.change)
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      try await withService(configuration) { baseURL in
        let response = try await exchange(baseURL, "POST", generatePath, body: body)
        #expect(expectError(response, 400) == wrong.messages)
        #expect(try keptFiles(in: directory).isEmpty)
      }
    }
  }

  @Test("says everything that is wrong at once")
  func everything() async throws {
    let body = try changed {
      $0["model"] = nil
      $0["prompt"] = "short"
      $0["lyrics"] = 4
      $0["audio_setting"] = ["format": "ogg", "sample_rate": 1, "bitrate": 2] as [String: Any]
      $0["reference_audio_url"] = "***"
    }
    try await withService { baseURL in
      let message = expectError(try await exchange(baseURL, "POST", generatePath, body: body), 400)
      #expect(message.components(separatedBy: "; ").count == 7)
      for name in ["model", "prompt", "lyrics", ".format", ".sample_rate", ".bitrate", "reference_audio_url"] {
        #expect(message.contains(name))
      }
    }
  }

  @Test(
    "takes the bounds themselves",
    arguments: [
      ["prompt": String(repeating: "é", count: 10)], ["prompt": String(repeating: "🎵", count: 2000)],
      ["lyrics": String(repeating: "\n", count: 10)], ["lyrics": String(repeating: "🎵", count: 3000)],
    ])
  func bounds(fields: [String: String]) async throws {
    try await withService { baseURL in
      let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission(changing: fields))
      #expect(accepted.status == 200)
    }
  }

  @Test("takes every encoding the contract lists, and labels the result with it")
  func settings() async throws {
    try await withService { baseURL in
      for format in Contract.AudioSetting.Format.allCases {
        for rate in Contract.AudioSetting.sampleRates {
          for bitrate in Contract.AudioSetting.bitrates {
            let setting: [String: Any] = ["format": format.rawValue, "sample_rate": rate, "bitrate": bitrate]
            let accepted = try await exchange(
              baseURL, "POST", generatePath, body: try submission(changing: ["audio_setting": setting]))
            #expect(accepted.status == 200)
            let id = try #require(accepted.json["id"] as? String)
            let target = try resultTarget(try await finished(id, at: baseURL), at: baseURL)
            #expect(target.contains("." + format.rawValue + "?"))
          }
        }
      }
    }
  }

  @Test(
    "takes a whole number however it is written, and no other",
    arguments: [
      ("44100.0", true), ("4.41e4", true), ("441e2", true), ("44100.5", false), ("1e999", false), ("-0", false),
      ("99999999999999999999999", false),
    ])
  func numbers(number: String, isTaken: Bool) async throws {
    let body =
      String(decoding: try submission(), as: UTF8.self).dropLast() + ",\"audio_setting\":{\"sample_rate\":\(number)}}"
    try await withService { baseURL in
      let response = try await exchange(baseURL, "POST", generatePath, body: Data(body.utf8))
      #expect(response.status == (isTaken ? 200 : 400), "\(response.message)")
    }
  }

  @Test("answers JSON that is broken with the byte at which it breaks")
  func brokenJSON() async throws {
    try await withService { baseURL in
      for (body, messages) in [
        ("", "invalid JSON at byte 0: the body is empty; a JSON object is wanted"),
        ("[]", "invalid JSON at byte 0: expected a JSON object '{', found '['"),
        ("{\"model\" 1}", "invalid JSON at byte 9: expected ':' after a member name, found '1'"),
        ("{\"model\":\"a\",\"model\":\"b\"}", "invalid JSON at byte 21: the member 'model' comes twice"),
        (String(repeating: "[", count: 50_000), "invalid JSON at byte 0: expected a JSON object '{', found '['"),
      ] {
        let response = try await exchange(baseURL, "POST", generatePath, body: Data(body.utf8))
        #expect(expectError(response, 400) == messages)
      }
    }
  }
}
