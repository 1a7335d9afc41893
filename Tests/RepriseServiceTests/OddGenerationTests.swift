import RepriseService
import RepriseSystem
import Foundation
import Testing

@Suite("A generation in an answer that is a little off")
struct OddGenerationTests {
  static let url = "https://x.example/a%2Fb.mp3?s=1"
  private static let file = #""audio_file":{"url":"\#(url)"}"#

  private func read(_ body: String, asked: String? = "g", inputs: Set<String> = []) -> Contract.Generation? {
    GenerationReader(asked: asked, inputs: inputs).generation(Array(body.utf8))
  }

  @Test(
    "JSON that is a little off is understood",
    arguments: [
      #"{"id":"g","status":"completed",FILE,"meta":{"progress":NaN,"eta":-Infinity}}"#,
      #"{"id":"g","status":"completed","score":Infinity,FILE}"#, "\u{FEFF}" + #"{"id":"g","status":"completed",FILE}"#,
      #"{"id":"g","status":"completed",FILE,}"#, #"{"id":"g","status":"completed","tags":["a","b",],FILE}"#,
      #"{"id":"g","status":"completed",FILE}<!-- served by cache-7 -->"#, #"{"id":"g","status":"completed",FILE}}"#,
      #"{"id":"g","status":"completed",FILE}\#n{"id":"g","status":"queued"}"#,
      #"{"id":"g","status":"completed",FILE,"meta":{"us"#,
      #"{"id":"g","status":"completed",FILE"#, #"{"id":"g","status":"completed",FILE,"note":"half a str"#,
      #"{"id":"g","status":"completed",FILE,"seconds":12"#, #"[{"id":"g","status":"completed",FILE}]"#,
      #"[[{"id":"g","status":"completed",FILE}]]"#,
      #"[{"id":"h","status":"queued"},{"id":"g","status":"completed",FILE}]"#,
      "{\"id\":\"g\",\"status\":\"completed\",\"note\":\"two\nlines\",FILE}",
      #"{'id':'g','status':'completed','done':True,'error':None,FILE}"#, #"{id:"g",status:"completed",FILE}"#,
      #"{"id":"g","status":"completed","note":"\ud83d",FILE}"#, ")]}',\n" + #"{"id":"g","status":"completed",FILE}"#,
      #"data: {"id":"g","status":"completed",FILE}"#,
    ])
  func odd(body: String) throws {
    let generation = try #require(read(body.replacingOccurrences(of: "FILE", with: Self.file)), "\(body)")
    #expect(generation.id == "g" && generation.status == .completed)
    #expect(generation.audioFile?.url == Self.url)
  }

  @Test("bytes that are no UTF-8 cost the text they are in, and nothing else")
  func notUTF8() throws {
    var bytes = Array(#"{"id":"g","status":"completed","title":"caf"#.utf8)
    bytes += [0xE9, 0xFF] + Array("\",\(Self.file)}".utf8)
    let generation = try #require(GenerationReader(asked: "g").generation(bytes))
    #expect(generation.audioFile?.url == Self.url)
    let wide = "\u{FEFF}{\"id\":\"g\",\"status\":\"completed\",\(Self.file)}".data(using: .utf16LittleEndian) ?? Data()
    #expect(GenerationReader(asked: "g").generation([UInt8](wide))?.audioFile?.url == Self.url)
  }

  @Test(
    "the result is found wherever services put it",
    arguments: [
      #""audio_file":"URL""#, #""audio_file":["URL"]"#, #""audio_file":[{"url":"URL"}]"#, #""audioFile":{"url":"URL"}"#,
      #""audio":{"url":"URL"}"#, #""audio":"URL""#, #""audio":[{"url":"URL"}]"#, #""audio_url":"URL""#,
      #""audioUrl":"URL""#,
      #""url":"URL""#, #""output":"URL""#, #""output":["URL"]"#, #""output":{"audio":"URL"}"#,
      #""output":{"audio_url":"URL"}"#,
      #""output":{"audio_file":{"url":"URL"}}"#, #""outputs":["URL"]"#, #""outputs":[{"url":"URL"}]"#,
      #""result":{"url":"URL"}"#,
      #""result":{"audio":{"url":"URL"}}"#, #""results":[{"audio_url":"URL"}]"#, #""result":"{\"audio_url\":\"URL\"}""#,
      #""files":[{"type":"image","url":"https://x.example/cover.png"},{"type":"audio","url":"URL"}]"#,
      #""output":["https://x.example/cover.jpg","URL"]"#,
      #""output":[{"type":"input","url":"https://in.example/a.mp3"},{"url":"URL"}]"#,
      #""data":{"audio_file":{"url":"URL"}}"#, #""response":{"audio_url":"URL"}"#,
      #""audio_file":{"download_url":"URL"}"#,
    ])
  func places(field: String) throws {
    let field = field.replacingOccurrences(of: "URL", with: Self.url)
    let generation = try #require(read(#"{"id":"g","status":"completed",\#(field)}"#))
    #expect(generation.status == .completed && generation.audioFile?.url == Self.url, "\(field)")
  }

  @Test(
    "what a service repeats of the request is never the result",
    arguments: [
      #""reference_audio_url":"https://in.example/a.mp3""#, #""input":{"audio_url":"https://in.example/a.mp3"}"#,
      #""request":{"audio_file":{"url":"https://in.example/a.mp3"}}"#, #""params":{"url":"https://in.example/a.mp3"}"#,
      #""inputs":{"audio":"https://in.example/a.mp3"}"#, #""meta":{"url":"https://in.example/a.mp3"}"#,
      #""webhook_url":"https://in.example/hook""#, #""status_url":"https://in.example/s""#,
      #""urls":{"get":"https://in.example/s"}"#,
      #""image_url":"https://in.example/a.png""#, #""output":"done""#, #""result":"ok""#, #""audio_file":"""#,
      #""audio_file":null"#, #""audio":"data:audio/mpeg;base64,AAAA""#, #""audio":"//uQxAAAAAANIAAAAAExBTUUzLjEwMFVV""#,
      #""output":["https://in.example/a.png"]"#, #""result":{"type":"input","url":"https://in.example/a.mp3"}"#,
      #""source":"https://in.example/a.mp3""#, #""original":{"url":"https://in.example/a.mp3"}"#,
    ])
  func echoes(field: String) throws {
    let generation = try #require(read(#"{"id":"g","status":"completed",\#(field)}"#))
    #expect(generation.audioFile == nil, "\(field)")
    let both = try #require(read(#"{\#(field),"id":"g","status":"completed","audio_url":"\#(Self.url)"}"#))
    #expect(both.audioFile?.url == Self.url, "\(field)")
  }

  @Test("a field that the service's description has for the reference is none for the result")
  func described() throws {
    let body = #"{"id":"g","status":"completed","audio_url":"https://in.example/a.mp3"}"#
    #expect(read(body)?.audioFile != nil)
    let generation = try #require(read(body, inputs: ["audio_url"]))
    #expect(generation.audioFile == nil)
  }

  @Test(
    "wrappers are taken off, and their ids and statuses are not the generation's",
    arguments: [
      #"{"data":{"id":"g","status":"completed",FILE}}"#, #"{"result":{"id":"g","status":"completed",FILE}}"#,
      #"{"output":{"id":"g","status":"completed",FILE}}"#, #"{"data":[{"id":"g","status":"completed",FILE}]}"#,
      #"{"code":200,"message":"success","data":{"id":"g","status":"completed",FILE}}"#,
      #"{"id":"req-1","status":"success","data":{"id":"g","status":"completed",FILE}}"#,
      #"{"data":{"data":{"task_id":"g","state":"SUCCESS",FILE}}}"#,
      #"{"data":"{\"id\":\"g\",\"status\":\"done\",\"audio_url\":\"URL\"}"}"#,
      #"{"generation":{"id":"g","status":"completed",FILE},"request_id":"r"}"#,
      #"{"id":"g","status":"completed","result":{"id":"file-1",FILE}}"#,
      #"{"id":"g","status":"completed","result":{"id":"file-1","status":"ok","url":"URL"}}"#,
      #"{"error":null,"errors":[],"data":{"id":"g","status":"completed",FILE}}"#,
      #"{"error":{"code":0,"message":""},"data":{"id":"g","status":"completed",FILE}}"#,
    ])
  func wrappers(body: String) throws {
    let body = body.replacingOccurrences(of: "FILE", with: Self.file).replacingOccurrences(of: "URL", with: Self.url)
    let generation = try #require(read(body), "\(body)")
    #expect(generation.id == "g" && generation.status == .completed && generation.audioFile?.url == Self.url, "\(body)")
  }

  @Test("a call's success is not the generation's")
  func calls() throws {
    for body in [
      #"{"status":"success","data":{"id":"g","status":"generating"}}"#,
      #"{"id":"g","status":"success","data":{"status":"generating"}}"#,
      #"{"id":"req-1","status":"ok","data":{"id":"g","status":"generating","progress":4}}"#,
    ] {
      #expect(read(body)?.status == .generating, "\(body)")
      #expect(read(body)?.id == "g", "\(body)")
    }
  }

  @Test(
    "an error, and what is no generation, is not made one",
    arguments: [
      #"{"error":"no such key","id":"req-1","audio_url":"URL"}"#,
      #"{"error":{"message":"x"},"data":{"id":"g","status":"completed",FILE}}"#,
      #"{"success":false,"data":{"id":"g","status":"completed",FILE}}"#,
      #"{"code":500,"msg":"x","data":{"id":"g","status":"completed",FILE}}"#,
      #"{"statusCode":"404","message":"x","id":"g"}"#,
      #"{"status":"error","data":{"id":"g","status":"completed",FILE}}"#,
      #"{"errors":[{"message":"x"}],"id":"g"}"#, #"{"status":"error","message":"cache is down"}"#, "[]", "{}", "null",
      "true", "12", "\"g\"", "", "OK", "{", "{]",
      #"{"id":"g""#,
      #"{"id":"g","status":"compl"#, #"{"id":"g","status":"completed","audio_file":{"url":"https://x.exam"#,
      "<html>{\"id\":\"g\",\"status\":\"completed\"}</html>", #"upstream said {"id":"g","status":"completed",FILE}"#,
    ])
  func noGeneration(body: String) {
    let body = body.replacingOccurrences(of: "FILE", with: Self.file).replacingOccurrences(of: "URL", with: Self.url)
    if let generation = read(body) {
      // Half of one may tell that it is under way, and nothing else.
      #expect(generation.status != .completed && generation.audioFile == nil, "\(body)")
    }
    #expect(read(body, asked: nil)?.audioFile == nil, "\(body)")
  }

  @Test(
    "an end that is not reported of the id itself is no end of a poll's generation",
    arguments: [
      "failed", "error", "FAILURE", "not_found", "forbidden", "timeout", "denied", "invalid", "blocked", "cancelled",
      "expired", "rejected", "SERVICE_ERROR", "aborted",
    ])
  func endsElsewhere(word: String) throws {
    for body in [
      #"{"status":"WORD","message":"Too many requests, slow down"}"#, #"{"data":{"status":"WORD","message":"x"}}"#,
      #"{"status":"WORD","message":"rate limited","data":{"id":"g"}}"#, #"{"id":"g","data":{"status":"WORD"}}"#,
      #"{"id":"req-1","status":"WORD","data":{"id":"g"}}"#, #"[{"status":"WORD"}]"#,
      #"{"id":"g","data":{"id":"other","status":"WORD"}}"#,
      #"{"status":"WORD","error":{"name":"N","message":"m"}}"#,
    ] {
      let body = body.replacingOccurrences(of: "WORD", with: word)
      #expect(read(body) == nil, "\(body)")
    }
    guard word != "not_found" else { return }
    for body in [
      #"{"id":"g","status":"WORD","message":"m"}"#, #"{"data":{"task_id":"g","status":"WORD"}}"#,
      #"{"status":"success","data":{"id":"g","status":"WORD"}}"#,
      #"[{"id":"g","status":"WORD"}]"#,
    ] {
      let body = body.replacingOccurrences(of: "WORD", with: word)
      let generation = try #require(read(body), "\(body)")
      #expect(generation.id == "g" && generation.status == .error, "\(body)")
    }
  }

  @Test(
    "an end around a submission's id is the call's: an id at the top is asked about, another is looked for in the log")
  func submissionEnds() throws {
    #expect(read(#"{"status":"failed","message":"rate limited","data":{"id":"g1"}}"#, asked: nil) == nil)
    let generation = try #require(read(#"{"id":"g1","data":{"status":"failed"}}"#, asked: nil))
    #expect(generation.id == "g1" && generation.status == .queued)
    #expect(read(#"{"id":"g1","status":"failed"}"#, asked: nil)?.status == .error)
  }

  @Test("what has expired beside a result is the result's address, which is tried; other ends are ends")
  func expiredAddress() throws {
    for word in ["expired", "EXPIRED", "task_expired"] {
      let generation = try #require(read(#"{"status":"\#(word)","id":"g",\#(Self.file)}"#))
      #expect(generation.status == .completed && generation.audioFile?.url == Self.url)
      #expect(read(#"{"status":"\#(word)","id":"g"}"#)?.status == .error)
    }
    for word in ["failed", "cancelled", "rejected", "timeout"] {
      #expect(read(#"{"status":"\#(word)","id":"g",\#(Self.file)}"#)?.status == .error, "\(word)")
    }
  }

  @Test(
    "of several documents the last that tells of the generation counts",
    arguments: [
      "$G\n$C", "$G\n$C\n", "$G\r\n$C\r\n", "$G$C", "$G\n$G\n$C", "$G,$C", "$G\u{1E}$C", "$C\n$G", "$O\n$G\n$C",
      "$G\n$C\n$O", "$G\n$C\n$E", "$F\n$C", "$G\n$C\n{\"id\":\"g\",\"sta",
      "data: $G\n\ndata: $C\n\n", "data:$G\ndata:$C\n", "data: $G\n\ndata: $C",
      "event: status\ndata: $G\n\nevent: end\ndata: $C\n\ndata: [DONE]\n\n",
      ": ping\n\nid: 7\ndata: $G\n\nid: 8\ndata: $C\n", "retry: 100\r\ndata: $G\r\n\r\ndata: $C\r\n\r\n",
      "event: end\ndata: {\"id\":\"g\",\ndata: $R\n\n",
    ])
  func streams(body: String) throws {
    let marks = [
      "$G": #"{"id":"g","status":"generating"}"#, "$O": #"{"id":"other","status":"failed"}"#,
      "$E": #"{"status":"error","message":"x"}"#, "$F": #"{"id":"g","status":"failed"}"#,
      "$C": #"{"id":"g","status":"completed",\#(Self.file)}"#, "$R": #""status":"completed",\#(Self.file)}"#,
    ]
    let text = marks.reduce(body) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
    let generation = try #require(read(text), "\(text)")
    #expect(generation.id == "g" && generation.status == .completed && generation.audioFile?.url == Self.url, "\(text)")
  }

  @Test("a failure that a later document takes back is none, and one without our id is none")
  func takenBack() {
    let goesOn = #"{"id":"g","status":"generating"}"#
    #expect(read(#"{"id":"g","status":"failed"}"# + "\n" + goesOn)?.status == .generating)
    #expect(read(goesOn + "\n" + #"{"id":"g","status":"failed"}"#)?.status == .error)
    #expect(read(goesOn + "\n" + #"{"status":"failed","message":"rate limited"}"#)?.status == .generating)
    #expect(read(goesOn + "\n" + #"{"status":"queued","id":"g"}"#, asked: nil)?.status == .queued)
  }

  @Test(
    "an id is taken by its digits, and without blanks at its ends",
    arguments: [
      ("12345678901234567890", "12345678901234567890"), ("9223372036854775807", "9223372036854775807"),
      ("18446744073709551615", "18446744073709551615"),
      ("123456789012345678901234567890", "123456789012345678901234567890"),
      ("7", "7"), (#""g1\n""#, "g1"), (#"" g1\t ""#, "g1"), (#""a b""#, "a b"),
    ])
  func ids(json: String, id: String) throws {
    let generation = try #require(read(#"{"id":\#(json),"status":"queued"}"#, asked: nil))
    #expect(generation.id == id)
    #expect(read(#"{"id":\#(json),"status":"failed"}"#, asked: id)?.status == .error)
  }

  @Test("a submission's answer that was cut is an acceptance only with its id and its status")
  func cutSubmission() {
    #expect(read(#"{"id":"g1","sta"#, asked: nil) == nil)
    #expect(read(#"{"id":"g1","err"#, asked: nil) == nil)
    #expect(read(#"{"id":"g1","status":"que"#, asked: nil) == nil)
    #expect(read(#"{"id":"g1","status":"queued""#, asked: nil)?.id == "g1")
    #expect(read(#"{"data":{"id":"g1","status":"queued"}"#, asked: nil)?.id == "g1")
    #expect(read(#"{"code":200,"data":{"taskId":"g1","state":"pending"}}"#, asked: nil)?.id == "g1")
    #expect(read(#"{"code":200,"data":{"id":"g1"}}"#, asked: nil) == nil)
    #expect(read(#"{"id":"g1","status":"queued","job":{"id":"j","status":"queued"}}"#, asked: nil)?.id == "g1")
  }

  @Test("depth and length are bounded")
  func bounded() {
    let deep = String(repeating: #"{"data":"#, count: 5000) + "1" + String(repeating: "}", count: 5000)
    #expect(read(deep) == nil)
    #expect(read(String(repeating: "[", count: 100_000)) == nil)
  }
}

@Suite("Answers that come compressed")
struct InflateTests {
  private static let text = #"{"id":"g","status":"completed","audio_file":{"url":"https://x.example/a%2Fb.mp3?s=1"}}"#
  /// Made by zlib: fixed codes, stored, with a name, as zlib's own stream, with dynamic codes.
  static let small = [
    "H4sIAAAAAAACA6tWykxRslJKV9JRKi5JLCktBnKS83MLclJLUlOAgomlKZn58WmZOalKVtVKpUU5QPmMkpKCYit9/Qq91IpEkFL9RFUjtyS93AJj+2JbQ6XaWgA7+Q5bVgAAAA==",
    "H4sIAAAAAAAEAwFWAKn/eyJpZCI6ImciLCJzdGF0dXMiOiJjb21wbGV0ZWQiLCJhdWRpb19maWxlIjp7InVybCI6Imh0dHBzOi8veC5leGFtcGxlL2ElMkZiLm1wMz9zPTEifX07+Q5bVgAAAA==",
    "H4sICAAAAAAC/25hbWUuanNvbgCrVspMUbJSSlfSUSouSSwpLQZykvNzC3JSS1JTgIKJpSmZ+fFpmTmpSlbVSqVFOUD5jJKSgmIrff0KvdSKRJBS/URVI7ckvdwCY/tiW0Ol2loAO/kOW1YAAAA=",
    "eNqrVspMUbJSSlfSUSouSSwpLQZykvNzC3JSS1JTgIKJpSmZ+fFpmTmpSlbVSqVFOUD5jJKSgmIrff0KvdSKRJBS/URVI7ckvdwCY/tiW0Ol2loAyd0cUA==",
  ].map { [UInt8](Data(base64Encoded: $0) ?? Data()) }
  private static let dynamic = [UInt8](
    Data(
      base64Encoded:
        "H4sIAAAAAAACA6tWykxRslJKV9JRKi5JLCktBnKS83MLclJLUlOAgomlKZn58WmZOalKVtVKpUU5QPmMkpKCYit9/Qq91IpEkFL9RFUjtyS93AJj+2JbQ6XaWq7qIWUsAyMTMwsrGzsHJxc3Dy8fv4CgkLCIqJi4hKSUtIysnLyCopKyiqqauoamlraOrp6+gaGRsYmpmbmFpZW1ja2dvYOjk7OLq5u7h6eXt4+vn39AYFBwSGhYeERkVHRMbFx8QmJSckpqWnpGZlZ2Tm5efkFhUXFJaVl5RWVVdU1tXX1DY1NzS2tbe0dnV3dPb1//hImTJk+ZOm36jJmzZs+ZO2/+goWLFi9Zumz5ipWrVq9Zu279ho2bNm/Zum37jp27du/Zu2//gYOHDh85euz4iZOnTp85e+78hYuXLl+5eu36jZu3bt+5e+/+g4ePHj95+uz5i5evXr95++79h4+fPn/5+u37j5+/fv/5++//qP9H/T+S/U+bYmXU1FFTR00dNXXU1FFTR00dNXXU1KFkKgDVFaV3GQ8AAA=="
    ) ?? Data())

  @Test("gzip and zlib of every kind of block", arguments: small.indices)
  func blocks(index: Int) {
    #expect(Inflate.plain(Self.small[index], limit: 1000) == Array(Self.text.utf8))
  }

  @Test("dynamic codes, matches and several members")
  func dynamicCodes() {
    let line = Array(Self.text.utf8) + [0x0A]
    let whole =
      line + line + line + (0..<1024).map { UInt8($0 % 256) } + (0..<30).flatMap { _ in Array(Self.text.utf8) }
    #expect(Inflate.plain(Self.dynamic, limit: 10_000) == whole)
    #expect(Inflate.plain(Self.dynamic + Self.small[0], limit: 10_000) == whole + Array(Self.text.utf8))
  }

  /// `text` as raw deflate data (RFC 1951): the zlib stream without its head and check sum.
  private static let raw = Array(small[3].dropFirst(2).dropLast(4))

  @Test("raw deflate data is decompressed where the headers say deflate, and text is left alone")
  func rawDeflate() {
    for encoding in ["deflate", "Deflate", "deflate, identity"] {
      #expect(Inflate.plain(Self.raw, limit: 1000, encoding: encoding) == Array(Self.text.utf8))
      for bytes in Self.small {
        #expect(Inflate.plain(bytes, limit: 1000, encoding: encoding) == Array(Self.text.utf8))
      }
    }
    for encoding in [nil, "identity", "br"] {
      #expect(Inflate.plain(Self.raw, limit: 1000, encoding: encoding) == Self.raw)
    }
    for text in [Self.text, "{}", "[]", "OK", "<html>busy</html>", "", "upstream connect error"] {
      #expect(Inflate.plain(Array(text.utf8), limit: 1000, encoding: "deflate") == Array(text.utf8), "\(text)")
    }
    #expect(Inflate.plain(Self.raw, limit: 10, encoding: "deflate").count == 10)
    for count in 0..<Self.raw.count {
      #expect(Inflate.plain(Array(Self.raw.prefix(count)), limit: 1000, encoding: "deflate").count <= 1000)
    }
  }

  @Test("what is cut, broken or too long gives what could be read, and never traps")
  func broken() {
    for count in stride(from: 0, to: Self.dynamic.count, by: 7) {
      _ = Inflate.plain(Array(Self.dynamic.prefix(count)), limit: 1000)
    }
    for index in stride(from: 0, to: Self.dynamic.count, by: 5) {
      var bytes = Self.dynamic
      bytes[index] ^= 0x55
      #expect(Inflate.plain(bytes, limit: 1000).count <= 1000)
    }
    #expect(Inflate.plain(Self.dynamic, limit: 100).count == 100)
    #expect(Inflate.plain(Array("xylophone".utf8), limit: 100) == Array("xylophone".utf8))
    #expect(Inflate.plain([], limit: 100).isEmpty)
  }
}
