import Foundation
import RepriseLocalService
import TestSupport
import Testing

/// Keeps what a scanner streams.
private struct CollectingSink: TextSink {
  var text: [UInt8] = []
  mutating func append(_ piece: borrowing Span<UInt8>) { for index in piece.indices { text.append(piece[index]) } }
  mutating func append(_ byte: UInt8) { text.append(byte) }
}

private struct Scanned: Equatable {
  var members: [String: JSONMember]
  var text: String
}

private func scan(_ json: [UInt8], pieces: [Int], bounds: JSONBounds = .init()) throws -> Scanned {
  var scanner = JSONObjectScanner(streaming: "big", into: CollectingSink(), keeping: ["a", "b"], bounds: bounds)
  var start = 0
  for piece in pieces + [json.count] where start < json.count {
    let end = min(start + piece, json.count)
    try scanner.scan(Array(json[start..<end]).span)
    start = end
  }
  try scanner.finish()
  return Scanned(members: scanner.members, text: String(decoding: scanner.sink.text, as: UTF8.self))
}

private func scan(_ json: String, bounds: JSONBounds = .init()) throws -> Scanned {
  try scan(Array(json.utf8), pieces: [], bounds: bounds)
}

/// The problem that ends the scan, the same whether the text comes at once or byte by byte.
private func problem(_ json: [UInt8], bounds: JSONBounds = .init()) -> JSONProblem? {
  func caught(_ pieces: [Int]) -> JSONProblem? {
    do {
      _ = try scan(json, pieces: pieces, bounds: bounds)
      return nil
    } catch {
      return error as? JSONProblem
    }
  }
  let whole = caught([])
  let single = caught(Array(repeating: 1, count: json.count))
  #expect(whole == single)
  return whole
}

private let rich = """
   \t\r\n{ "a" :\n"x \\"y\\" \\\\ \\/ \\u00e9 \\ud83c\\udfb5 é 🎵" , "skip":[1,-0.5e+3,{"a":["b",{}],"t":true},[],null,false,0],
  "b\\u0069g": 1, "big":"d\\u0061ta:\\/\\/\\u002F \\n é\\u00e9🎵\\ud83c\\udfb5" ,"\\u0062":{"k" : [ 1 , 2.5E-7 ]}, "c":"" } \n
  """

@Suite("The JSON scanner")
struct JSONObjectScannerTests {
  @Test("reads members in any order, with escapes and white space, and streams the long one")
  func richObject() throws {
    let scanned = try scan(rich.replacingOccurrences(of: "\"b\\u0069g\": 1,", with: ""))
    #expect(scanned.text == "data:/// \n éé🎵🎵")
    #expect(scanned.members["big"] == .streamed)
    #expect(scanned.members["b"] == .text(Array("{\"k\" : [ 1 , 2.5E-7 ]}".utf8)))
    guard case .text(let a)? = scanned.members["a"] else {
      Issue.record("a is missing")
      return
    }
    #expect(try JSONDecoder().decode(String.self, from: Data(a)) == "x \"y\" \\ / é 🎵 é 🎵")
    #expect(scanned.members.count == 3)
  }

  @Test("gives the same for every place at which the text may be cut in two")
  func everySplit() throws {
    let json = Array(rich.replacingOccurrences(of: "\"b\\u0069g\": 1,", with: "").utf8)
    let whole = try scan(json, pieces: [])
    for cut in 0...json.count { #expect(try scan(json, pieces: [cut]) == whole) }
    #expect(try scan(json, pieces: Array(repeating: 1, count: json.count)) == whole)
  }

  @Test("gives the same for pieces of any sizes", arguments: 0..<50)
  func randomSplits(seed: UInt64) throws {
    var generator = Seeded(seed)
    let json = Array(rich.replacingOccurrences(of: "\"b\\u0069g\": 1,", with: "").utf8)
    let pieces = (0..<json.count).map { _ in Int.random(in: 0...17, using: &generator) }
    #expect(try scan(json, pieces: pieces) == scan(json, pieces: []))
  }

  @Test(
    "takes what RFC 8259 calls an object",
    arguments: [
      "{}", "{\"x\":0}", "{\"x\":-0}", "{\"x\":1E-0}", "{\"x\":-12.50e+07}", "{\"x\":[[[]]]}", "{\"x\":\"\u{7f}\"}",
      "{\"x\":\"\u{FEFF}\"}", "{\"\":{\"\":[null,true,false]}}", " {\n} \t\r\n",
    ])
  func valid(json: String) throws {
    #expect(problem(Array(json.utf8)) == nil)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
  }

  // Foundation takes a comma before a closing bracket, so it cannot be the judge here.
  @Test(
    "refuses what RFC 8259 does not allow",
    arguments: [
      "{\"x\":01}", "{\"x\":-}", "{\"x\":1.}", "{\"x\":.5}", "{\"x\":1e}", "{\"x\":1e+}", "{\"x\":+1}", "{\"x\":0x1}",
      "{\"x\":tru}", "{\"x\":truex}", "{\"x\":nul", "{\"x\":\"\\x\"}", "{\"x\":\"\\u12g4\"}", "{\"x\":\"\\ud800\"}",
      "{\"x\":\"\\udc00\"}", "{\"x\":\"\\ud800\\u0041\"}", "{\"x\":\"\\ud800n\"}", "{\"x\":\"\u{1}\"}", "{,}",
      "{\"x\"}",
      "{\"x\":}", "{\"x\":1,}", "{\"x\":1 \"y\":2}", "{\"x\":[1,]}", "{\"x\":[,1]}", "{\"x\":[1 2]}", "{\"x\":[}]}",
      "{\"x\":{]}", "{\"x\":1}}", "{\"x\":1}x", "{x:1}", "{'x':1}", "{\"x\":NaN}", "", " ", "{", "{\"", "{\"x\":\"",
      "{\"x\":\"\\", "{\"x\":\"\\u00", "{\"x\":12", "{\"x\":[", "{\"x\":1,//\n\"y\":2}", "{\"x\":\u{A0}1}",
    ])
  func invalid(json: String) { #expect(problem(Array(json.utf8)) != nil) }

  @Test("refuses a text that is not one object", arguments: ["[]", "\"x\"", "1", "null", "{}{}", "\u{FEFF}{}"])
  func notAnObject(json: String) { #expect(problem(Array(json.utf8)) != nil) }

  @Test(
    "refuses bytes that are not UTF-8",
    arguments: [
      [0xC0, 0xAF], [0xC1, 0x81], [0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5],
      [0xFF], [0xC3],
    ]
      as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    for name in ["a", "big", "other"] {
      let json = Array("{\"\(name)\":\"x".utf8) + bytes + Array("\"}".utf8)
      #expect(problem(json)?.message == "not UTF-8")
      #expect(problem(Array("{\"x".utf8) + bytes + Array("\":1}".utf8)) != nil)
    }
  }

  @Test("says at which byte it stopped and what it wanted there")
  func offsets() {
    #expect(problem(Array("{\"a\":1;\"b\":2}".utf8)) == JSONProblem(offset: 6, "expected ',' or '}', found ';'"))
    #expect(problem(Array("{\"a\" 1}".utf8)) == JSONProblem(offset: 5, "expected ':' after a member name, found '1'"))
    #expect(problem(Array("{\"a\":1".utf8)) == JSONProblem(offset: 6, "the body ends inside the object"))
    #expect(problem([]) == JSONProblem(offset: 0, "the body is empty; a JSON object is wanted"))
    #expect(problem(Array("{\"a\":\"\n\"}".utf8))?.offset == 6)
  }

  @Test("refuses a wanted member that comes twice, but not another")
  func duplicates() throws {
    #expect(problem(Array("{\"a\":1,\"\\u0061\":2}".utf8))?.message == "the member 'a' comes twice")
    #expect(problem(Array("{\"big\":\"x\",\"big\":\"y\"}".utf8)) != nil)
    #expect(problem(Array("{\"big\":\"x\",\"big\":1}".utf8)) != nil)
    #expect(try scan("{\"z\":1,\"z\":2}").members.isEmpty)
  }

  @Test("nests as deep as allowed and no deeper")
  func nesting() throws {
    var bounds = JSONBounds()
    bounds.depth = 5
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        ("{\"x\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}").utf8)
    }
    #expect(problem(nested(5), bounds: bounds) == nil)
    #expect(problem(nested(6), bounds: bounds)?.message == "nested deeper than 5 levels")
    #expect(problem(Array(repeating: UInt8(ascii: "["), count: 100_000))?.offset == 0)
    #expect(problem(Array("{\"x\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 100_000))?.offset == 36)
  }

  @Test("keeps values up to the bound, and only the length of longer ones")
  func longValues() throws {
    var bounds = JSONBounds()
    bounds.value = 10
    #expect(try scan("{\"a\":\"12345678\"}", bounds: bounds).members["a"] == .text(Array("\"12345678\"".utf8)))
    #expect(try scan("{\"a\":\"123456789\"}", bounds: bounds).members["a"] == .tooLong(11))
    let long = String(repeating: "n", count: 100_000)
    #expect(try scan("{\"\(long)\":1,\"big\":\"\(long)\",\"a\":2}").text == long)
  }

  @Test(
    "keeps a streamed member that is no string, so that it can be named",
    arguments: ["1", "null", "[\"x\"]", "{\"big\":\"x\"}"])
  func otherKinds(value: String) throws {
    #expect(try scan("{\"big\":\(value)}").members["big"] == .text(Array(value.utf8)))
  }

  @Test("never traps on damaged bytes", arguments: 0..<200)
  func mutations(seed: UInt64) throws {
    var generator = Seeded(seed)
    var json = Array(rich.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let index = Int.random(in: 0..<json.count, using: &generator)
      switch Int.random(in: 0...2, using: &generator) {
      case 0: json[index] = UInt8.random(in: 0...255, using: &generator)
      case 1: json.remove(at: index)
      default: json.insert(UInt8.random(in: 0...255, using: &generator), at: index)
      }
    }
    if problem(json) == nil {
      #expect(try JSONSerialization.jsonObject(with: Data(json)) is [String: Any])
    }
  }
}
