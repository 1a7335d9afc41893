import Foundation
import RepriseLocalService
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Writing the service's log")
struct LogWriterTests {
  /// A pipe that nobody reads, filled to the brim.
  private struct FullPipe: ~Copyable {
    let reading: Int32
    let writing: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      try #require(unsafe pipe(&ends) == 0)
      (reading, writing) = (ends[0], ends[1])
      let flags = fcntl(writing, F_GETFL)
      _ = fcntl(writing, F_SETFL, flags | O_NONBLOCK)
      for size in [4096, 1] {
        let bytes = [UInt8](repeating: 0, count: size)
        while unsafe write(writing, bytes, size) > 0 {}
      }
      _ = fcntl(writing, F_SETFL, flags)
    }

    deinit {
      // The reader first: it is what frees a writer that still waits.
      close(reading)
      close(writing)
    }
  }

  private static func put(_ line: String, to descriptor: Int32) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe write(descriptor, bytes, bytes.count)
  }

  @Test("that nobody reads holds up neither requests nor the end", .startsServers)
  func stuck() async throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = try FullPipe()
    let log = LogWriter(capacity: 10) { [writing = pipe.writing] in Self.put($0, to: writing) }
    var configuration = LocalServerConfiguration()
    configuration.onEvent = { log.write("\($0)") }
    try await withService(configuration) { baseURL in
      for _ in 0..<30 { #expect(try await exchange(baseURL, "GET", "/").status == 404) }
      let id = try #require(
        try await exchange(baseURL, "POST", generatePath, body: try submission()).json["id"] as? String)
      #expect(try await finished(id, at: baseURL).json["status"] as? String == "completed")
    }
    await log.finish()
    #expect(log.droppedLines >= 20)
  }

  @Test("keeps its lines in order, and says how many it dropped")
  func dropped() async throws {
    let lines = LogLines()
    let gate = DispatchSemaphore(value: 0)
    let log = LogWriter(capacity: 3) { line in
      lines.add(line)
      gate.wait()
    }
    log.write("1")
    try await eventually { !lines.all.isEmpty }
    for number in 2...5 { log.write("\(number)") }
    #expect(log.droppedLines == 2)
    for _ in 0..<20 { gate.signal() }
    await log.finish(within: .seconds(60))
    log.write("6")
    await log.finish(within: .seconds(60))
    #expect(lines.all.filter { !$0.contains("dropped") } == ["1", "2", "3", "6"])
    let words = try #require(lines.all.first { $0.contains("dropped") })
    #expect(words.hasPrefix("2 lines "))
    #expect(log.droppedLines == 0)
  }
}
