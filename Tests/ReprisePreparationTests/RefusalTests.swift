import RepriseAudio
import Foundation
import RepriseSystem
import ReprisePreparation
import Synchronization
import TestSupport
import Testing

@Suite("Refusing")
struct RefusalTests {
  static func plan(_ path: String, start: Double? = nil) async throws -> Plan {
    var options = PreparationOptions()
    options.start = start
    let limits = PlanTests.limits()
    return try makePlan(for: await inspect(path: path, limits: limits), limits: limits, options: options)
  }

  @Test("the source is never the output, under whatever name", arguments: ["itself", "symbolic link", "hard link"])
  func sameFile(kind: String) async throws {
    let scratch = try Scratch()
    let source = try scratch.file("a.wav", bytes(of: fixture("plain.wav")))
    let other = kind == "itself" ? source : scratch.path("b.wav")
    if kind == "symbolic link" {
      try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: source)
    } else if kind == "hard link" {
      try FileManager.default.linkItem(atPath: source, toPath: other)
    }
    let plan = try await Self.plan(source, start: 1)
    await #expect(throws: PreparationError(.sameFile(output: other), path: source)) {
      _ = try await prepare(plan, to: other, replacing: true)
    }
    #expect(try bytes(of: source) == bytes(of: fixture("plain.wav")))
  }

  @Test("an output that exists stays, unless it may be replaced")
  func exists() async throws {
    let scratch = try Scratch()
    let output = try scratch.file("out.wav", [1, 2, 3])
    let plan = try await Self.plan(fixture("plain.wav"))
    await #expect {
      _ = try await prepare(plan, to: output, replacing: false)
    } throws: {
      ($0 as? FileError)?.code == .exists
    }
    #expect(try bytes(of: output) == [1, 2, 3])
    _ = try await prepare(plan, to: output, replacing: true)
    #expect(try bytes(of: output) == bytes(of: fixture("plain.wav")))
    #expect(try scratch.contents() == ["out.wav"])
  }

  @Test("a missing directory is named")
  func noDirectory() async throws {
    let scratch = try Scratch()
    let plan = try await Self.plan(fixture("plain.wav"))
    await #expect {
      _ = try await prepare(plan, to: scratch.path("nowhere/out.wav"))
    } throws: {
      ($0 as? FileError)?.code == .directoryMissing
    }
  }

  @Test("a source that changed since it was inspected is refused")
  func changed() async throws {
    let scratch = try Scratch()
    let source = try scratch.file("a.wav", bytes(of: fixture("plain.wav")))
    let plan = try await Self.plan(source)
    try Data(bytes(of: fixture("clipped.wav")) + [0, 0]).write(to: URL(fileURLWithPath: source))
    await #expect(throws: PreparationError(.changed(.differs), path: source)) {
      _ = try await prepare(plan, to: scratch.path("out.wav"))
    }
    #expect(try scratch.contents() == ["a.wav"])
  }

  @Test(
    "damage that only decoding shows is found before a flac is handed on",
    arguments: ["wrong-md5.flac"])
  func damaged(name: String) async throws {
    let scratch = try Scratch()
    let plan = try await Self.plan(fixture(name), start: 1)
    await #expect {
      _ = try await prepare(plan, to: scratch.path("out.flac"))
    } throws: {
      ($0 as? PreparationError)?.code == .unusable
    }
    #expect(try scratch.contents().isEmpty)
  }

  @Test("cancelling in the middle leaves nothing")
  func cancelled() async throws {
    let scratch = try Scratch()
    let source = scratch.path("long.wav")
    try Signals.write(Signals.noise(44100 * 2 * 60), .wav(bitsPerSample: 24), rate: 44100, channels: 2, to: source)
    let limits = AudioLimits(minimumSeconds: 1, formats: [.mp3])
    let plan = try makePlan(for: await inspect(path: source, limits: limits), limits: limits)
    let (stream, continuation) = AsyncStream.makeStream(of: Double.self)
    let isCancelled = DispatchSemaphore(value: 0)
    let output = scratch.path("out.mp3")
    let task = Task {
      // The encoder stands still in the middle until it has been cancelled, however busy the machine is.
      try await prepare(plan, to: output) { share in
        continuation.yield(share)
        isCancelled.wait()
        isCancelled.signal()
      }
    }
    // The first sign of progress is when there is a half-written file.
    for await share in stream {
      #expect(share > 0 && share < 1)
      break
    }
    task.cancel()
    isCancelled.signal()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try scratch.contents() == ["long.wav"])
  }

  @Test("progress rises to the end")
  func progress() async throws {
    let scratch = try Scratch()
    let seen = Mutex<[Double]>([])
    let plan = try await Self.plan(fixture("free-format.mp3"), start: 0.1)
    _ = try await prepare(plan, to: scratch.path("out.mp3")) { share in seen.withLock { $0.append(share) } }
    let shares = seen.withLock { $0 }
    #expect(shares == shares.sorted() && shares.last == 1 && shares.count > 10)
  }
}
