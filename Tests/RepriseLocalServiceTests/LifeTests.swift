import Foundation
import RepriseLocalService
import RepriseSystem
import TestSupport
import Testing

@Suite("The service's life", .startsServers)
struct LifeTests {
  @Test("ends, with a generation running and a download open, and leaves no file and no port behind")
  func stop() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      let log = LogLines()
      configuration.onEvent = { log.add("\($0)") }
      let baseURL = try await withService(configuration, maker: CopyingMaker(gate: Gate())) { baseURL in
        let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission())
        #expect(accepted.status == 200)
        try await eventually { log.all.contains { $0.hasSuffix("generating") } }
        let own = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
        let mode = try FileManager.default.attributesOfItem(atPath: directory + "/" + own)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        let file = try #require(try keptFiles(in: directory).first)
        let fileMode =
          try FileManager.default.attributesOfItem(atPath: directory + "/" + own + "/" + file)[.posixPermissions]
          as? Int
        #expect(fileMode == 0o600)
        return baseURL
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
      #expect(log.all.contains { $0.contains("failed: ServiceStopped") })
      #expect(throws: HTTPConnection.Failure.self) { try connectOnce(to: baseURL) }
    }
  }

  @Test("ends when its task is cancelled, without an error")
  func cancelled() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      let server = LocalServer(configuration, maker: CopyingMaker(), inspector: WAVInspector(), fetcher: NoFetcher())
      let (addresses, address) = AsyncStream<String>.makeStream()
      let task = Task { try await server.run { address.yield($0) } }
      for await baseURL in addresses {
        #expect(baseURL.hasPrefix("http://127.0.0.1:"))
        break
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 1)
      task.cancel()
      try await task.value
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
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

  @Test("does not begin where its directory cannot be made")
  func noDirectory() async throws {
    var configuration = LocalServerConfiguration()
    configuration.temporaryDirectory = "/nowhere/at/all"
    let error = await #expect(throws: FileError.self) { try await withService(configuration) { _ in } }
    #expect(error?.code == .directoryMissing)
  }

  @Test("removes at its start what a killed service left, and nothing a running one needs")
  func abandoned() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      let hourAgo = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -3600)]
      let abandoned = directory + "/reprise-serve.aaaaaa"
      let other = directory + "/reprise-serve.bbbbbb"
      for path in [abandoned, other] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: path + "/reference-x"))
      }
      try Data().write(to: URL(fileURLWithPath: abandoned + "/lock"))
      try FileManager.default.setAttributes(hourAgo, ofItemAtPath: abandoned + "/lock")
      try await withService(configuration) { [configuration] baseURL in
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(names.count == 2 && names.contains("reprise-serve.bbbbbb"))
        let running = try #require(names.first { $0 != "reprise-serve.bbbbbb" })
        try FileManager.default.setAttributes(hourAgo, ofItemAtPath: directory + "/" + running + "/lock")
        try await withService(configuration) { _ in
          let now = try FileManager.default.contentsOfDirectory(atPath: directory)
          #expect(now.count == 3 && now.contains(running))
        }
        #expect(try await exchange(baseURL, "POST", generatePath, body: try submission()).status == 200)
      }
    }
  }

  @Test("is the body's: what it throws comes out, and the service has ended")
  func bodyThrows() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      await #expect(throws: HTTPConnection.Failure.self) {
        try await withService(configuration) { _ in throw HTTPConnection.Failure(message: "x") }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: directory)
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
