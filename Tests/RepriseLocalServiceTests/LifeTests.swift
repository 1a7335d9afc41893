import Foundation
import RepriseLocalService
import RepriseSystem
import TestSupport
import Testing

@Suite("The service's life", .startsServers)
struct LifeTests {
  @Test("ends, with a generation running and a download open, and leaves no file and no port behind")
  func stop() async throws {
    try await withFolder { folder in
      var configuration = LocalServerConfiguration()
      configuration.temporaryFolder = folder
      let log = LogLines()
      configuration.onEvent = { log.add("\($0)") }
      let baseURL = try await withService(configuration, maker: CopyingMaker(gate: Gate())) { baseURL in
        let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission())
        #expect(accepted.status == 200)
        try await eventually { log.all.contains { $0.hasSuffix("generating") } }
        let own = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + own)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        let file = try #require(try keptFiles(in: folder).first)
        let fileMode =
          try FileManager.default.attributesOfItem(atPath: folder + "/" + own + "/" + file)[.posixPermissions] as? Int
        #expect(fileMode == 0o600)
        return baseURL
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      #expect(log.all.contains { $0.contains("failed: ServiceStopped") })
      #expect(throws: HTTPConnection.Trouble.self) { try connectOnce(to: baseURL) }
    }
  }

  @Test("ends when its task is cancelled, without an error")
  func cancelled() async throws {
    try await withFolder { folder in
      var configuration = LocalServerConfiguration()
      configuration.temporaryFolder = folder
      let server = LocalServer(configuration, maker: CopyingMaker(), inspector: WAVInspector(), fetcher: NoFetcher())
      let (addresses, address) = AsyncStream<String>.makeStream()
      let task = Task { try await server.run { address.yield($0) } }
      for await baseURL in addresses {
        #expect(baseURL.hasPrefix("http://127.0.0.1:"))
        break
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
      task.cancel()
      try await task.value
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test("does not begin on a port that is taken")
  func portTaken() async throws {
    try await withService { baseURL in
      let port = try #require(URLComponents(string: baseURL)?.port)
      var configuration = LocalServerConfiguration()
      configuration.port = try #require(UInt16(exactly: port))
      let error = await #expect(throws: LocalServerError.self) { try await withService(configuration) { _ in } }
      #expect(error == LocalServerError(port: configuration.port, .portInUse))
    }
  }

  @Test("does not begin where its folder cannot be made")
  func noFolder() async throws {
    var configuration = LocalServerConfiguration()
    configuration.temporaryFolder = "/nowhere/at/all"
    let error = await #expect(throws: FileError.self) { try await withService(configuration) { _ in } }
    #expect(error?.code == .folderMissing)
  }

  @Test("removes at its start what a killed service left, and nothing a running one needs")
  func abandoned() async throws {
    try await withFolder { folder in
      var configuration = LocalServerConfiguration()
      configuration.temporaryFolder = folder
      let hourAgo = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -3600)]
      let abandoned = folder + "/reprise-serve.aaaaaa"
      let other = folder + "/reprise-serve.bbbbbb"
      for path in [abandoned, other] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: path + "/reference-x"))
      }
      try Data().write(to: URL(fileURLWithPath: abandoned + "/lock"))
      try FileManager.default.setAttributes(hourAgo, ofItemAtPath: abandoned + "/lock")
      try await withService(configuration) { [configuration] baseURL in
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 2 && names.contains("reprise-serve.bbbbbb"))
        let running = try #require(names.first { $0 != "reprise-serve.bbbbbb" })
        try FileManager.default.setAttributes(hourAgo, ofItemAtPath: folder + "/" + running + "/lock")
        try await withService(configuration) { _ in
          let now = try FileManager.default.contentsOfDirectory(atPath: folder)
          #expect(now.count == 3 && now.contains(running))
        }
        #expect(try await exchange(baseURL, "POST", generatePath, body: try submission()).status == 200)
      }
    }
  }

  @Test("is the body's: what it throws comes out, and the service has ended")
  func bodyThrows() async throws {
    try await withFolder { folder in
      var configuration = LocalServerConfiguration()
      configuration.temporaryFolder = folder
      await #expect(throws: HTTPConnection.Trouble.self) {
        try await withService(configuration) { _ in throw HTTPConnection.Trouble(words: "x") }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test("is long enough for many at once")
  func crowd() async throws {
    var configuration = LocalServerConfiguration()
    configuration.concurrentGenerations = 2
    configuration.queueLength = 40
    let audio = wav(seconds: 6)
    try await withService(configuration) { baseURL in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask {
            let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission(audio: audio))
            let id = try #require(accepted.json["id"] as? String)
            let target = try resultTarget(try await finished(id, at: baseURL), at: baseURL)
            #expect(try await exchange(baseURL, "GET", target).body == audio)
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
