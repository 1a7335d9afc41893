import RepriseService
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

/// Before the body's last bytes leave, the caller notes on its disk that they may be about to.
@Suite("The moment before a submission is whole", .startsServers)
struct SealingTests {
  private static let accepted = #"{"id":"g1","status":"queued"}"#

  /// The server's requests and the closure's actions, in the order in which they happen.
  private struct Seen: Sendable {
    var body: [UInt8] = []
    var calls = 0
    var bytesAtCall: Int?
  }

  private func reference(_ kind: String, _ scratch: Scratch) throws -> CoverRequest {
    kind == "file"
      ? request(try scratch.file("song.wav", noise(300_000)))
      : CoverRequest(prompt: prompt, reference: .url("https://example.org/song.wav"))
  }

  @Test(
    "the request is incomplete on the wire while the note is written, and whole after it", arguments: ["file", "url"])
  func blocks(kind: String) async throws {
    let scratch = try Scratch()
    let seen = Mutex(Seen())
    try await withServer { connection, request in
      let length = Int(request["Content-Length"] ?? "0") ?? 0
      while seen.withLock({ $0.body.count }) < length {
        let part = connection.readBody(1)
        if part.isEmpty { return }
        seen.withLock { $0.body += part }
      }
      connection.answer("200 OK", Self.accepted)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let paid = try client.prepare(try reference(kind, scratch))
      let total = paid.body.byteCount
      let submitted = try await client.submit(
        paid,
        beforeLastBytes: {
          // Until nothing has come for half a second: then the network has all it was given.
          var (count, quiet) = (-1, 0)
          eventuallyOnThread {
            let now = seen.withLock { $0.body.count }
            quiet = now == count ? quiet + 1 : 0
            count = now
            Thread.sleep(forTimeInterval: 0.02)
            return quiet > 25
          }
          seen.withLock {
            $0.calls += 1
            $0.bytesAtCall = $0.body.count
          }
        })
      #expect(submitted.generation.id == "g1")
      let end = seen.withLock { $0 }
      #expect(end.calls == 1)
      let atCall = try #require(end.bytesAtCall)
      #expect(atCall < total)
      // Only what makes it whole is missing of a body that holds audio.
      if kind == "file" { #expect(atCall == total - 2) }
      #expect(end.body.count == total)
      #expect(try JSONSerialization.jsonObject(with: Data(end.body)) is [String: Any])
      #expect((try? JSONSerialization.jsonObject(with: Data(end.body.prefix(atCall)))) == nil)
    }
  }

  struct NoRoom: Error, CustomStringConvertible { let description = "no room for the note" }

  @Test("if the note fails the last bytes never leave, and surely nothing was accepted", arguments: ["file", "url"])
  func fails(kind: String) async throws {
    let scratch = try Scratch()
    let seen = Mutex(Seen())
    try await withServer { connection, request in
      let body = connection.readBody(Int(request["Content-Length"] ?? "0") ?? 0)
      seen.withLock { $0.body = body }
      connection.answer("200 OK", Self.accepted)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let reference = try reference(kind, scratch)
      let total = try client.prepare(reference).body.byteCount
      let failure = try await error {
        let note: @Sendable () throws -> Void = {
          seen.withLock { $0.calls += 1 }
          throw NoRoom()
        }
        _ = try await client.submit(try client.prepare(reference), beforeLastBytes: note)
      }
      #expect(failure.code == .io)
      #expect(!failure.mayHaveBeenAccepted)
      guard case .connection(.notWhole(let cause, _)) = failure.problem,
        case .submission(.notNoted(let reason)) = cause.problem
      else {
        Issue.record(failure)
        return
      }
      #expect(reason.error is NoRoom)
      #expect(seen.withLock { $0.calls } == 1)
      #expect(seen.withLock { $0.body.count } < total)
    }
  }

  @Test("an error of the service's kind keeps its code, and can't claim that something was accepted")
  func keepsCode() async throws {
    let scratch = try Scratch()
    try await withServer { connection, request in
      swallow(connection, request)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let reference = try reference("file", scratch)
      let failure = try await error {
        let note: @Sendable () throws -> Void = {
          throw ServiceError(.cancelled, .detail("not now"), mayHaveBeenAccepted: true)
        }
        _ = try await client.submit(try client.prepare(reference), beforeLastBytes: note)
      }
      #expect(failure.code == .cancelled && !failure.mayHaveBeenAccepted)
      #expect(failure.isNotWhole, "\(failure)")
    }
  }

  @Test("a refusal before the last bytes needs no note")
  func earlyRefusal() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(30_000_000))
    let calls = Atomic(0)
    try await withServer { connection, _ in
      _ = connection.readBody(100_000)
      connection.answer("413 Content Too Large", "{}")
      connection.waitForClose()
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await error {
        let note: @Sendable () throws -> Void = { calls.add(1, ordering: .relaxed) }
        _ = try await client.submit(try client.prepare(request(path)), beforeLastBytes: note)
      }
      #expect(failure.code == .tooLarge && !failure.mayHaveBeenAccepted)
      #expect(calls.load(ordering: .relaxed) == 0)
    }
  }
}
