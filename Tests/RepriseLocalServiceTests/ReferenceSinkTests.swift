import Foundation
import RepriseLocalService
import Testing

@Suite("A reference in Base64")
struct ReferenceSinkTests {
  private static func read(
    _ text: String, pieces: Int = .max, maximumBytes: Int = 1000, in directory: String
  ) throws -> (reference: Reference?, problem: String?, bytes: Data?) {
    let path = directory + "/" + UUID().uuidString
    var sink = ReferenceSink(path: path, maximumBytes: maximumBytes)
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let end = start + min(pieces, bytes.count - start)
      if end == start + 1 { try sink.append(bytes[start]) } else { try sink.append(Array(bytes[start..<end]).span) }
      start = end
    }
    do {
      let reference = try sink.finish()
      return (reference, nil, FileManager.default.contents(atPath: path))
    } catch let problem as ReferenceProblem {
      return (nil, problem.message, FileManager.default.contents(atPath: path))
    }
  }

  @Test("comes out as it went in, raw or as a data: URI, in pieces of any size", arguments: [1, 2, 3, 5, 7, 64, 1000])
  func roundTrip(piece: Int) async throws {
    try await withDirectory { directory in
      for length in [1, 2, 3, 4, 17, 100, 998, 999, 1000] {
        let audio = Data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) })
        for prefix in [
          "", "data:audio/mpeg;base64,", "DATA:Audio/X-WAV;rate=1;BASE64,", "data:application/octet-stream;base64,",
        ] {
          let result = try Self.read(prefix + audio.base64EncodedString(), pieces: piece, in: directory)
          #expect(result.problem == nil)
          #expect(result.bytes == audio)
        }
      }
    }
  }

  @Test(
    "is refused in words, whatever its pieces, and leaves no file",
    arguments: [
      ("", "is empty"), ("data:audio/wav;base64,", "is empty"),
      ("data:audio/wav,UklG", "is a data: URI that does not say ';base64' before its comma"),
      ("data:image/png;base64,UklG", "is a data: URI of 'image/png'; audio is wanted, as in data:audio/mpeg;base64,…"),
      ("data:audio/wav;base64", "is a data: URI without a comma"),
      ("file:///etc/passwd", "has the scheme 'file'; send a data: URI, Base64, or an http(s) link"),
      ("ftp://host/a.mp3", "has the scheme 'ftp'; send a data: URI, Base64, or an http(s) link"),
      ("UklGRg", "is not Base64: its 6 characters are no multiple of four; padding is missing or it was cut off"),
      ("UklGRg=", "is not Base64: its 7 characters are no multiple of four; padding is missing or it was cut off"),
      ("UklGRg==UklG", "is not Base64: 'U' at character 8"), ("UklGRg===", "is not Base64: '=' at character 8"),
      ("=AAA", "is not Base64: '=' at character 0"), ("UklG Rg==", "is not Base64: byte 0x20 at character 4"),
      ("Ukl-Rg==", "is not Base64: '-' at character 3"), ("UkÀ=", "is not Base64: byte 0xC3 at character 2"),
      ("data:audio/wav;base64,Uk\nG", "is not Base64: byte 0xA at character 24"),
      ("UklGRh==", "is not Base64: the character at 5 holds bits that belong to no byte"),
      ("UklGRgH=", "is not Base64: the character at 6 holds bits that belong to no byte"),
    ])
  func refused(text: String, message: String) async throws {
    try await withDirectory { directory in
      for piece in [1, 3, 1000] {
        let result = try Self.read(text, pieces: piece, in: directory)
        #expect(result.problem == message)
        #expect(result.bytes == nil)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }
  }

  @Test("may have the largest size exactly, and one byte more is reported by how much")
  func size() async throws {
    try await withDirectory { directory in
      let fits = try Self.read(Data(repeating: 7, count: 1000).base64EncodedString(), in: directory)
      #expect(fits.bytes?.count == 1000)
      for piece in [1, 400] {
        let over = try Self.read(Data(repeating: 7, count: 1001).base64EncodedString(), pieces: piece, in: directory)
        #expect(over.problem == "holds 1001 bytes of audio, 1 over the limit of 1000")
        #expect(over.bytes == nil)
      }
    }
  }

  @Test("may be a link instead", arguments: ["http://127.0.0.1:1/a%2Fb.mp3?x=1", "HTTPS://example.org/a.flac"])
  func link(url: String) async throws {
    try await withDirectory { directory in
      for piece in [1, 1000] {
        #expect(try Self.read(url, pieces: piece, in: directory).reference == .link(url))
      }
      let long = try Self.read("http://h/" + String(repeating: "a", count: 9000), in: directory)
      #expect(long.problem == "is a link of more than 8192 characters")
    }
  }
}
