import Foundation
import RepriseLocalService
import RepriseSystem
import TestSupport
import Testing

@Suite("A result", .startsServers)
struct ResultTests {
  /// Makes a cover and gives its link's target.
  private static func made(_ audio: Data, at baseURL: String) async throws -> (id: String, target: String) {
    let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission(audio: audio))
    let id = try #require(accepted.json["id"] as? String)
    return (id, try resultTarget(try await finished(id, at: baseURL), at: baseURL))
  }

  @Test("is served byte for byte under its signed link, and not under any other")
  func link() async throws {
    let audio = wav(seconds: 7)
    try await withService { baseURL in
      let (id, target) = try await Self.made(audio, at: baseURL)
      #expect(target.hasPrefix("/results/covers%2F") && target.contains("%3Amusic-cover.mp3?signature="))
      let whole = try await exchange(baseURL, "GET", target)
      #expect(whole.body == audio && whole.headers["content-type"] == "audio/mpeg")
      let head = try await exchange(baseURL, "HEAD", target)
      #expect(head.status == 200 && head.headers["content-length"] == "\(audio.count)" && head.body.isEmpty)

      let path = String(target.prefix { $0 != "?" })
      expectError(try await exchange(baseURL, "GET", path), 403, path: path)
      expectError(try await exchange(baseURL, "GET", path + "?signature=x"), 403, path: path)
      let decoded = path.replacingOccurrences(of: "%2F", with: "/")
      expectError(try await exchange(baseURL, "GET", decoded + target.dropFirst(path.count)), 404, path: decoded)
      let other = path.replacingOccurrences(of: ".mp3", with: ".wav")
      expectError(try await exchange(baseURL, "GET", other + target.dropFirst(path.count)), 404, path: other)
      let key = try await exchange(baseURL, "GET", target, headers: ["Authorization": "Bearer key"])
      #expect(expectError(key, 400, path: path).contains("Authorization"))
      #expect(id.hasSuffix(":music-cover"))
    }
  }

  @Test(
    "can be had in parts",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=100-199", 100..<200), ("bytes=112000-", 112_000..<112_044),
      ("bytes=-44", 112_000..<112_044),
      ("bytes=-999999", 0..<112_044), ("bytes=0-99999999999999999999", 0..<112_044), ("BYTES=5-6", 5..<7),
    ])
  func part(range: String, part: Range<Int>) async throws {
    let audio = wav(seconds: 7)
    try await withService { baseURL in
      let (_, target) = try await Self.made(audio, at: baseURL)
      let response = try await exchange(baseURL, "GET", target, headers: ["Range": range])
      #expect(response.status == 206)
      #expect(response.headers["content-range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(audio.count)")
      #expect(response.headers["content-length"] == "\(part.count)")
      #expect(response.body == audio[part])
    }
  }

  @Test("is whole where a range cannot be understood, and a 416 where nothing lies in it")
  func oddRanges() async throws {
    let audio = wav(seconds: 7)
    try await withService { baseURL in
      let (_, target) = try await Self.made(audio, at: baseURL)
      for range in [
        "bytes=5-4", "bytes=a-b", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=1", "bytes=--1", "bytes=+1-2",
      ] {
        let response = try await exchange(baseURL, "GET", target, headers: ["Range": range])
        #expect(response.status == 200 && response.body == audio)
      }
      for range in ["bytes=112044-", "bytes=99999999999999999999-", "bytes=-0"] {
        let response = try await exchange(baseURL, "GET", target, headers: ["Range": range])
        expectError(response, 416, path: String(target.prefix { $0 != "?" }))
        #expect(response.headers["content-range"] == "bytes */112044")
      }
      let tag = try #require(try await exchange(baseURL, "HEAD", target).headers["etag"])
      let fresh = try await exchange(baseURL, "GET", target, headers: ["Range": "bytes=1-2", "If-Range": tag])
      #expect(fresh.status == 206)
      let stale = try await exchange(baseURL, "GET", target, headers: ["Range": "bytes=1-2", "If-Range": "\"old\""])
      #expect(stale.status == 200 && stale.body == audio)
    }
  }

  @Test("expires with a 410, and its file is removed; its generation is still known")
  func resultExpiry() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      configuration.resultLifetime = .milliseconds(200)
      try await withService(configuration) { baseURL in
        let (id, target) = try await Self.made(wav(seconds: 7), at: baseURL)
        var response = try await exchange(baseURL, "GET", target)
        while response.status == 200 { response = try await exchange(baseURL, "GET", target) }
        expectError(response, 410, path: String(target.prefix { $0 != "?" }))
        #expect(try keptFiles(in: directory).isEmpty)
        let poll = try await exchange(baseURL, "GET", generatePath + "?generation_id=" + id)
        #expect(poll.json["status"] as? String == "completed")
      }
    }
  }

  @Test("goes with its generation, which is a 404 when it is too old")
  func generationExpiry() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      configuration.generationLifetime = .milliseconds(200)
      try await withService(configuration) { baseURL in
        let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission())
        let poll = generatePath + "?generation_id=" + (try #require(accepted.json["id"] as? String))
        var response = try await exchange(baseURL, "GET", poll)
        while response.status == 200 { response = try await exchange(baseURL, "GET", poll) }
        expectError(response, 404)
        #expect(try keptFiles(in: directory).isEmpty)
      }
    }
  }

  @Test("goes, with its generation, when more are remembered than may be")
  func remembered() async throws {
    var configuration = LocalServerConfiguration()
    configuration.rememberedGenerations = 2
    try await withService(configuration) { baseURL in
      var targets: [String] = []
      for _ in 0..<3 { targets.append(try await Self.made(wav(seconds: 6), at: baseURL).target) }
      var statuses: [Int] = []
      for target in targets { statuses.append(try await exchange(baseURL, "GET", target).status) }
      #expect(statuses == [404, 200, 200])
    }
  }
}
