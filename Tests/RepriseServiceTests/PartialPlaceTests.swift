import RepriseService
import RepriseSystem
import Foundation
import HostileServer
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Where a half download is kept", .startsServers)
struct PartialPlaceTests {
  private static let audio = Array("ID3".utf8) + noise(300_000)
  private static let tag = #""abc-1""#

  @Test("notes that were damaged begin it anew", arguments: ["", "{", #"{"etag":"\"a\r\nX: y\""}"#, #"{"total":-5}"#])
  func damagedNotes(notes: String) async throws {
    let scratch = try Scratch()
    _ = try scratch.file("result.part", noise(5000))
    _ = try scratch.file("result.json", Array(notes.utf8))
    let part = PartialDownload(in: scratch.root)
    try await withServer { connection, request in
      serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"])
    } _: { server in
      _ = try await rangeClient(server.url).download(server.url + "/r", into: part)
      #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.audio))
      #expect(server.requests.map { $0["Range"] } == [nil])
    }
  }

  #if os(Linux)
    @Test("a full disk where it is kept ends it, and what has come stays")
    func diskFull() async throws {
      // A file system of 64 kB, where this user may make one; /dev/full has no directory to name a file in.
      let scratch = try Scratch()
      defer { scratch.remove() }
      let small = scratch.path("small")
      try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
      guard unsafe mount("none", small, "tmpfs", 0, "size=64k") == 0 else { return }
      defer { unsafe umount2(small, Int32(MNT_DETACH)) }
      try await withServer { connection, request in
        serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"])
      } _: { server in
        let crowded = PartialDownload(in: small)
        let second = try await error {
          _ = try await rangeClient(server.url).download(server.url + "/r", into: crowded, attempts: 1)
        }
        guard case .result(.outOfRoom(_, isQuota: false, let kept)) = second.problem else {
          Issue.record(second)
          return
        }
        #expect(second.code == .io && kept > 0)
        #expect(crowded.byteCount > 0)
      }
    }
  #endif

  @Test("two processes can't fetch one result at once")
  func alone() async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    let descriptor = unsafe open(part.path, O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    try await withServer { connection, request in
      serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"])
    } _: { server in
      let failure = try await error { _ = try await rangeClient(server.url).download(server.url + "/r", into: part) }
      #expect(failure.code == .io && failure.problem == .result(.inUse(path: part.path)), "\(failure)")
      #expect(server.requests.isEmpty)
    }
  }
}
