import CoverService
import Foundation
import HostileServer
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("TLS")
struct TLSTests {
  private static let openssl = ["/usr/bin/openssl", "/opt/homebrew/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private static func command(_ arguments: [String], in folder: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: try #require(openssl))
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// Runs `body` with the port of a TLS server whose certificate nobody signed but itself.
  private static func withSelfSigned(_ body: (Int) async throws -> Void) async throws {
    let scratch = try Scratch()
    let make = try command(
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
        "cert.pem", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
      ], in: scratch.path)
    make.standardOutput = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      make.terminationHandler = { _ in done.resume() }
      do { try make.run() } catch { done.resume(throwing: error) }
    }
    let server = try command(
      ["s_server", "-accept", "127.0.0.1:0", "-key", "key.pem", "-cert", "cert.pem", "-www"], in: scratch.path)
    let output = Pipe()
    server.standardOutput = output
    try server.run()
    // A child started on a pool's thread inherits its blocked signals, SIGTERM among them.
    defer { kill(server.processIdentifier, SIGKILL) }
    var said = ""
    while !said.contains("ACCEPT 127.0.0.1:") || !said.hasSuffix("\n") {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { throw NoError() }
      said += String(decoding: part, as: UTF8.self)
    }
    let digits = said.components(separatedBy: "ACCEPT 127.0.0.1:")[1].prefix { $0.isNumber }
    try await body(try #require(Int(digits)))
  }

  @Test(
    "a certificate that is not trusted ends it before anything is sent, in every kind of call",
    .enabled(if: openssl != nil))
  func untrusted() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await Self.withSelfSigned { port in
      let client = try CoverClient(service: try quickService("https://127.0.0.1:\(port)"), key: try key())
      let submission = try await submissionError(client, path)
      let poll = try await error { _ = try await client.generation(id: "g") }
      let download = try await error {
        _ = try await client.download("https://127.0.0.1:\(port)/r", to: path + ".mp3", attempts: 1)
      }
      for failure in [submission, poll, download] {
        #expect(failure.code == .unreachable)
        #expect(failure.message.contains("certificate"), "\(failure.message)")
        #expect(!failure.mayHaveBeenAccepted)
      }
    }
    #expect(scratch.names == ["song.wav"])
  }

  @Test("a server that speaks no TLS gets neither the key nor a request")
  func plainServer() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, _ in
      connection.answer("200 OK", "{}")
    } _: { server in
      let service = try quickService(server.url.replacingOccurrences(of: "http:", with: "https:"))
      let client = try CoverClient(service: service, key: try key())
      let failure = try await submissionError(client, path)
      #expect(failure.code == .unreachable)
      #expect(!failure.mayHaveBeenAccepted)
      #expect(server.requests.isEmpty)
    }
  }
}
