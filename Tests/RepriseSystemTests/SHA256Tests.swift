import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// FIPS 180-4's own examples (NIST CSRC, "SHA256.pdf"), the empty text and the long one of FIPS 180-2, appendix B.3.
  static let vectors: [(text: String, hex: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test("gives the standard's digests, whole and in pieces of any length", arguments: vectors)
  func standard(text: String, hex: String) throws {
    #expect(try SHA256.hex(of: text) == hex)
    for length in [1, 63, 64, 65, 4096] where length == 4096 || text.utf8.count < 1000 {
      var digest = try SHA256()
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        digest.update(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
      let bytes = try digest.finish()
      #expect(bytes.count == SHA256.byteCount)
      #expect(bytes.map { String(format: "%02x", $0) }.joined() == hex)
    }
  }

  private func withDirectory(_ body: (String) async throws -> Void) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try await body(directory)
  }

  @Test("of a file is what sha256sum says", .startsProcesses, arguments: [0, 1, 262_143, 262_144, 1_000_003])
  func file(count: Int) async throws {
    try await withDirectory { directory in
      let path = directory + "/file"
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
      try Data(bytes).write(to: URL(filePath: path))
      #expect(try SHA256.hex(ofFileAt: path) == Self.systemDigest(of: path))
    }
  }

  private static func systemDigest(of path: String) throws -> String {
    let process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    #if os(macOS)
      process.executableURL = URL(filePath: "/usr/bin/shasum")
      process.arguments = ["-a", "256", path]
    #else
      process.executableURL = URL(filePath: "/usr/bin/sha256sum")
      process.arguments = [path]
    #endif
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return String(text.prefix(64))
  }

  @Test("of what is not a file is an error in words; a pipe does not hang it")
  func noFile() async throws {
    try await withDirectory { directory in
      #expect(throws: FileError(errno: ENOENT, path: directory + "/none", doing: "read")) {
        try SHA256.hex(ofFileAt: directory + "/none")
      }
      #expect(throws: FileError(.isDirectory, path: directory, doing: "read")) { try SHA256.hex(ofFileAt: directory) }
      let pipe = directory + "/pipe"
      unsafe mkfifo(pipe, 0o600)
      #expect(throws: FileError(.special, path: pipe, doing: "read")) { try SHA256.hex(ofFileAt: pipe) }
    }
  }

  @Test("stops when nobody waits for it any longer")
  func cancelled() async throws {
    try await withDirectory { directory in
      try Data(count: 10).write(to: URL(filePath: directory + "/file"))
      let cancellation = Cancellation()
      cancellation.cancel()
      #expect(throws: CancellationError.self) {
        try SHA256.hex(ofFileAt: directory + "/file", cancellation: cancellation)
      }
    }
  }
}
