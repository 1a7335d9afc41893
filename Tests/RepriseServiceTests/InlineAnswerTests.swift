import RepriseService
import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("Audio in an answer")
struct InlineAnswerTests {
  @Test(
    "long strings are left out of an outline, wherever the text is cut into pieces", arguments: [1, 7, 4096, 1 << 20])
  func outline(piece: Int) throws {
    let long = String(repeating: "ab", count: 20_000)
    let escaped = String(repeating: #"\"\\"#, count: 10_000)
    let text = Array(
      #"{"a":"x\"{","b":"\#(long)","c":["\#(escaped)",{"":5}],"d":"\#(String(repeating: "é", count: 99))"}"#.utf8)
    var outline = AnswerOutline()
    var start = 0
    while start < text.count {
      let end = min(start + piece, text.count)
      try outline.take(text[start..<end])
      start = end
    }
    #expect(!outline.isCutInString)
    let wanted = #"{"a":"x\"{","b":{"":0},"c":[{"":1},{"":5}],"d":"\#(String(repeating: "é", count: 99))"}"#
    #expect(String(decoding: outline.text, as: UTF8.self) == wanted)
    #expect(outline.spans.count == 2)
    #expect(String(decoding: text[outline.spans[0]], as: UTF8.self) == long)
    #expect(String(decoding: text[outline.spans[1]], as: UTF8.self) == escaped)
  }

  /// `{"data":{"audio":"00ff00ff"}}` as gzip.
  private static let gzip = Array(
    Data(base64Encoded: "H4sIAAAAAAAC/6tWSkksSVSyqlZKLE3JzFeyUjIwSEsDYaXaWgCR/FwaHQAAAA==") ?? Data())

  @Test("a response that came as gzip is replaced by its text, and what is cut stays beside it as it came")
  func decompressed() throws {
    let text = Array(#"{"data":{"audio":"00ff00ff"}}"#.utf8)
    let scratch = try Scratch()
    let whole = try scratch.file("whole", Self.gzip)
    try InlineAnswer.decompress(whole, limit: 1000)
    #expect(try bytes(of: whole) == text)
    let cut = try scratch.file("cut", Array(Self.gzip.dropLast(12)))
    try InlineAnswer.decompress(cut, limit: 1000)
    let beginning = try bytes(of: cut)
    #expect(beginning.count < text.count && text.starts(with: beginning))
    #expect(try bytes(of: cut + ".gz") == Array(Self.gzip.dropLast(12)))
    let large = try scratch.file("large", Self.gzip)
    try InlineAnswer.decompress(large, limit: 5)
    #expect(try bytes(of: large) == Self.gzip)
    #expect(try scratch.contents().sorted() == ["cut", "cut.gz", "large", "whole"])
  }

  @Test("the longest string that is kept, and the first that is not", arguments: [16_383, 16_384, 16_385])
  func boundary(count: Int) throws {
    var outline = AnswerOutline()
    try outline.take(Array("[\"\(String(repeating: "a", count: count))\"]".utf8)[...])
    #expect(outline.spans.isEmpty == (count <= AnswerOutline.longString))
    #expect(outline.text.count == (count <= AnswerOutline.longString ? count + 4 : 8))
  }

  @Test("an answer that is not what it should be is refused, and leaves no file")
  func refused() async throws {
    let hex = String(repeating: "00ff", count: 10_000)
    let cases: [(text: String, code: ServiceError.Code, tells: (String) -> ServiceError.Problem)] = [
      (#"{"data":{"audio":"\#(hex)0"}}"#, .notAudio, { _ in .inline(.oddDigits(40_001)) }),
      (#"{"data":{"audio":"\#(hex)zz"}}"#, .notAudio, { _ in .inline(.notHexadecimal(position: 40_001, byte: 122)) }),
      (#"{"data":{"audio":"0"}}"#, .notAudio, { _ in .inline(.oddDigits(1)) }),
      (#"{"data":{"audio":"00 1"}}"#, .notAudio, { _ in .inline(.notHexadecimal(position: 3, byte: 32)) }),
      (
        #"{"data":{"audio":"\#(hex)\u0030"}}"#, .notAudio,
        { _ in .inline(.notHexadecimal(position: 40_001, byte: 0x5C)) }
      ),
      (#"{"data":{"audio":"\#(hex)"#, .badAnswer, { .inline(.endsInString(path: $0)) }),
      (#"{"data":{"video":"\#(hex)""#, .badAnswer, { .inline(.notJSON(path: $0)) }),
      (#"{"data":{"status":2},"data":"#, .badAnswer, { .inline(.notJSON(path: $0)) }),
      (#"{"data":{"audio":"\#(hex)"}]"#, .badAnswer, { .inline(.notJSON(path: $0)) }),
      (#"{"data":{"video":"\#(hex)"}}"#, .badAnswer, { .inline(.noAudio(path: $0)) }),
      (#"{"data":{"audio":{"":0}}}"#, .badAnswer, { .inline(.noAudio(path: $0)) }),
      (#"{"data":{"audio":{"":-1},"x":"\#(hex)"}}"#, .badAnswer, { .inline(.noAudio(path: $0)) }),
      ("", .badAnswer, { .inline(.notJSON(path: $0)) }),
      (#"{"data":{"audio":""}}"#, .badAnswer, { .inline(.noAudio(path: $0)) }),
      // <html>
      (#"{"data":{"audio":"3c68746d6c3e"}}"#, .notAudio, { _ in .result(.text(kind: .page, mediaType: nil)) }),
    ]
    for (text, code, tells) in cases {
      let scratch = try Scratch()
      let answer = try scratch.file("answer", Array(text.utf8))
      let output = scratch.path("cover.mp3")
      let failure = try await error {
        _ = try InlineAnswer.decode(answer, to: output, replacing: false, limit: 1 << 20, cancellation: Cancellation())
      }
      #expect(failure.code == code && failure.problem == tells(answer), "\(failure): \(text.suffix(20))")
      #expect(try scratch.contents() == ["answer"])
    }
  }

  @Test(
    "an answer whose end is missing behind the audio gives the audio",
    arguments: [
      "", "}", ",", #","sta"#, #","status":"#, #","status":2"#, #","status":2},"extra_info":{"a":[1,{"b":"c"#,
      "},\"base_resp\":{",
    ])
  func cut(end: String) throws {
    for count in [5, 10_000] {
      let scratch = try Scratch()
      let hex = String(repeating: "00ff", count: count)
      let answer = try scratch.file("answer", Array(#"{"trace_id":"t","data":{"audio":"\#(hex)"\#(end)"#.utf8))
      let made = try InlineAnswer.decode(
        answer, to: scratch.path("c"), replacing: false, limit: 1 << 20, cancellation: Cancellation())
      #expect(made.bytes == 2 * count)
    }
  }

  @Test("audio over the limit is refused, the answer is kept")
  func tooLarge() async throws {
    let scratch = try Scratch()
    let answer = try scratch.file(
      "answer", Array(#"{"data":{"audio":"\#(String(repeating: "00", count: 50_000))"}}"#.utf8))
    let output = scratch.path("c")
    let failure = try await error {
      _ = try InlineAnswer.decode(answer, to: output, replacing: false, limit: 49_999, cancellation: Cancellation())
    }
    #expect(failure.code == .tooLarge)
    #expect(try scratch.contents() == ["answer"])
    _ = try InlineAnswer.decode(answer, to: output, replacing: false, limit: 50_000, cancellation: Cancellation())
  }

  @Test("an outline that outgrows its limit is refused: it is no answer")
  func outlineLimit() async throws {
    let failure = try await error {
      var outline = AnswerOutline()
      try outline.take([UInt8](repeating: UInt8(ascii: "["), count: AnswerOutline.largestOutline + 1)[...])
    }
    #expect(failure.code == .badAnswer)
  }

  @Test("a large answer is decoded to the byte, and its outline stays small")
  func large() throws {
    let megabytes = ProcessInfo.processInfo.environment["REPRISE_TEST_ANSWER_MB"].flatMap(Int.init) ?? 24
    let scratch = try Scratch()
    let answer = try scratch.file("answer", Array(#"{"trace_id":"t","data":{"audio":""#.utf8))
    let block = [0] + noise(499_999)
    let digits = Data(block.flatMap { byte in Array(String(Int(byte) + 256, radix: 16).dropFirst().utf8) })
    let file = try #require(FileHandle(forWritingAtPath: answer))
    try file.seekToEnd()
    for _ in 0..<megabytes { try file.write(contentsOf: digits) }
    try file.write(contentsOf: Data(#"","status":2},"base_resp":{"status_code":0}}"#.utf8))
    try file.close()
    let outline = try InlineAnswer.outline(of: answer, cancellation: Cancellation())
    #expect(outline.text.count < 200 && outline.spans.map(\.count) == [megabytes * 1_000_000])
    let output = scratch.path("cover")
    let made = try InlineAnswer.decode(
      answer, to: output, replacing: false, limit: .max, cancellation: Cancellation())
    #expect(made.bytes == megabytes * 500_000)
    let read = try #require(FileHandle(forReadingAtPath: output))
    for _ in 0..<megabytes { #expect(try read.read(upToCount: block.count) == Data(block)) }
  }
}
