import RepriseService
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

/// Answers that come late, or whole in a broken frame: the id is what was paid for.
@Suite("A submission's answer", .startsServers)
struct AnswerTests {
  private static let accepted = #"{"id":"g1","status":"queued"}"#

  enum Frame: String, CaseIterable, Sendable { case tooLong, noLastChunk, reset, open }

  @Test("an id that came whole is taken, however the answer's frame broke", arguments: Frame.allCases)
  func brokenFrame(_ frame: Frame) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      let head = "HTTP/1.1 200 OK\r\nX-Inference-Id: inf-1\r\n"
      switch frame {
      case .noLastChunk: connection.send(head + "Transfer-Encoding: chunked\r\n\r\n1d\r\n\(Self.accepted)\r\n")
      default: connection.send(head + "Content-Length: 500\r\n\r\n\(Self.accepted)")
      }
      switch frame {
      case .reset:
        // The client must have read it: a reset throws away what it has not.
        connection.waitUntilRead()
        connection.reset()
      case .open: connection.waitForClose()
      default: break
      }
    } _: { server in
      var service = try quickService(server.url)
      if frame == .open { service.timeouts.answer = 2 }
      let client = try CoverClient(service: service, key: nil)
      let submitted = try await client.submit(try client.prepare(request(path)))
      #expect(submitted.generation.id == "g1")
      #expect(submitted.inferenceID == "inf-1")
    }
  }

  @Test("an early 2xx that breaks is ambiguous even if the body was not out")
  func earlySuccess() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(30_000_000))
    try await withServer { connection, _ in
      _ = connection.readBody(1_000_000)
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
      connection.waitUntilRead()
      connection.reset()
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .ambiguous, "\(failure)")
      #expect(failure.mayHaveBeenAccepted)
    }
  }

  /// Submits, cancels once the server has the whole body, and hands back how it ended.
  private func cancelled(
    then script: @escaping @Sendable (RawConnection) -> Void
  ) async throws -> Result<Submitted, ServiceError> {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    let (arrived, signal) = AsyncStream.makeStream(of: Void.self)
    let isCancelled = Atomic(false)
    return try await withServer { connection, request in
      swallow(connection, request)
      signal.yield()
      eventuallyOnThread { isCancelled.load(ordering: .acquiring) }
      script(connection)
    } _: { server in
      var service = try quickService(server.url)
      // Far off, so that a slow machine never reaches it before the cancellation.
      service.timeouts.answer = 120
      let client = try CoverClient(service: service, key: nil)
      let task = Task { () async throws -> Result<Submitted, ServiceError> in
        let paid = try client.prepare(request(path))
        do throws(ServiceError) { return .success(try await client.submit(paid)) } catch { return .failure(error) }
      }
      for await _ in arrived { break }
      task.cancel()
      isCancelled.store(true, ordering: .releasing)
      return try await task.value
    }
  }

  @Test("cancelling while only the answer is missing waits for it a moment")
  func cancelledBeforeTheAnswer() async throws {
    let ended = try await cancelled { $0.answer("200 OK", Self.accepted) }
    #expect(try ended.get().generation.id == "g1")
  }

  @Test("cancelling without an answer says that it may have been accepted")
  func cancelledWithoutAnswer() async throws {
    let ended = try await cancelled { $0.waitForClose(seconds: 600) }
    let failure = try await error { _ = try ended.get() }
    #expect(failure.code == .cancelled)
    #expect(failure.mayHaveBeenAccepted)
    #expect(failure.trace != nil)
  }
}
