internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A TLS server whose certificate nobody signed but itself.
public final class SelfSignedServer {
  /// Its base URL, https on 127.0.0.1.
  public let url: String
  private let process: Process

  private static let openssl = ["/usr/bin/openssl", "/opt/homebrew/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// `true` if openssl, which does the work, is installed.
  public static var isPossible: Bool { openssl != nil }

  /// openssl is not there or says no.
  public struct NoServer: Error {}

  /// Makes a certificate in `directory` and serves with it.
  public init(in directory: String) throws {
    let make = try Self.command(
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
        "cert.pem", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
      ], in: directory)
    make.standardOutput = FileHandle.nullDevice
    try make.run()
    // Its own wait runs a run loop, which a pool's thread has none of.
    while make.isRunning { usleep(1000) }
    process = try Self.command(
      ["s_server", "-accept", "127.0.0.1:0", "-key", "key.pem", "-cert", "cert.pem", "-www"], in: directory)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var said = ""
    while !said.contains("ACCEPT 127.0.0.1:") || !said.hasSuffix("\n") {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { throw NoServer() }
      said += String(decoding: part, as: UTF8.self)
    }
    let digits = said.components(separatedBy: "ACCEPT 127.0.0.1:")[1].prefix { $0.isNumber }
    guard let port = Int(digits) else { throw NoServer() }
    url = "https://127.0.0.1:\(port)"
  }

  /// Ends the server by SIGKILL.
  ///
  /// A child that is started on a pool's thread inherits its blocked signals, SIGTERM among them.
  public func stop() { kill(process.processIdentifier, SIGKILL) }

  private static func command(_ arguments: [String], in directory: String) throws -> Process {
    guard let openssl else { throw NoServer() }
    let process = Process()
    process.executableURL = URL(filePath: openssl)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: directory)
    process.standardError = FileHandle.nullDevice
    return process
  }
}
