import RepriseService
import Foundation
import TestSupport
import Testing
import RepriseLocalService
import RepriseSystem
import Synchronization

let generatePath = "/v2/generate/audio"

/// A maker whose cover is the reference itself, made when the gate opens.
struct CopyingMaker: CoverMaker {
  var gate: Gate?
  var failure: CoverFailure?

  func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws {
    progress(0.5)
    try await gate?.pass()
    if let failure { throw failure }
    try FileManager.default.copyItem(atPath: reference, toPath: output)
    progress(1)
  }
}

/// Holds generations back until it is opened.
final class Gate: Sendable {
  private let isOpen = Mutex(false)
  func open() { isOpen.withLock { $0 = true } }
  func pass() async throws {
    try await eventually(within: .seconds(600)) { isOpen.withLock { $0 } }
  }
}

/// Judges a WAV by its header, as little as these tests want: "RIFF", and a length by the data's size.
struct WAVInspector: ReferenceInspecting {
  func problems(of path: String) async -> [String] {
    guard let data = FileManager.default.contents(atPath: path), data.count > 44,
      data.prefix(4) == Data("RIFF".utf8)
    else { return ["is not audio"] }
    let seconds = Double(data.count - 44) / 16000
    if seconds < 6 { return ["is \(seconds) s long; 6 to 360 s are wanted"] }
    if seconds > 360 { return ["is \(seconds) s long; 6 to 360 s are wanted"] }
    return []
  }
}

/// Fetches from the local disk's directory of links: enough to follow the fetch's place in a generation.
struct NoFetcher: ReferenceFetcher {
  struct Unreachable: Error, CustomStringConvertible {
    let description = "the host cannot be reached"
  }
  func fetch(_ url: String, to path: String, maximumBytes: Int, timeout: Duration) async throws { throw Unreachable() }
}

/// An 8 kHz 16-bit mono WAV of a sawtooth.
func wav(seconds: Double) -> Data {
  let count = Int(seconds * 8000) * 2
  var data = Data("RIFF".utf8)
  func append(_ value: some FixedWidthInteger) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe data.append(contentsOf: $0) }
  }
  append(UInt32(36 + count))
  data.append(contentsOf: Data("WAVEfmt ".utf8))
  append(UInt32(16))
  append(UInt16(1))
  append(UInt16(1))
  append(UInt32(8000))
  append(UInt32(16000))
  append(UInt16(2))
  append(UInt16(16))
  data.append(contentsOf: Data("data".utf8))
  append(UInt32(count))
  for index in 0..<count / 2 { append(Int16(truncatingIfNeeded: index * 331)) }
  return data
}

/// A submission's JSON with a data: URI unless said otherwise.
func submission(
  audio: Data = wav(seconds: 7), raw: Bool = false, changing changes: [String: Any] = [:], leavingOut: Set<String> = []
) throws -> Data {
  let base64 = audio.base64EncodedString()
  var fields: [String: Any] = [
    "model": "minimax/music-cover", "prompt": "a slow bossa nova with flute",
    "reference_audio_url": raw ? base64 : "data:audio/wav;base64," + base64,
  ]
  fields.merge(changes) { $1 }
  for name in leavingOut { fields[name] = nil }
  return try JSONSerialization.data(withJSONObject: fields)
}

/// Serves with a copying maker while `body` runs.
@discardableResult
func withService<Value: Sendable>(
  _ configuration: LocalServerConfiguration = .init(), maker: any CoverMaker = CopyingMaker(),
  fetcher: any ReferenceFetcher = NoFetcher(), _ body: @escaping @Sendable (String) async throws -> Value
) async throws -> Value {
  try await withLocalServer(
    LocalServer(configuration, maker: maker, inspector: WAVInspector(), fetcher: fetcher), body)
}

/// Polls until the generation has ended.
func finished(_ id: String, at baseURL: String) async throws -> HTTPConnection.Response {
  let escaped = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  var ended: HTTPConnection.Response?
  try await eventually {
    let response = try await exchange(baseURL, "GET", generatePath + "?generation_id=" + escaped)
    let status = response.json["status"] as? String
    if status != "queued", status != "generating" { ended = response }
    return ended != nil
  }
  return try #require(ended)
}

/// The target of a completed generation's link.
func resultTarget(_ response: HTTPConnection.Response, at baseURL: String) throws -> String {
  guard let file = response.json["audio_file"] as? [String: Any], let url = file["url"] as? String,
    url.hasPrefix(baseURL)
  else { throw HTTPConnection.Failure(message: "no result in \(String(decoding: response.body, as: UTF8.self))") }
  return String(url.dropFirst(baseURL.count))
}

/// The files the one service in `directory` keeps, its lock aside.
func keptFiles(in directory: String) throws -> [String] {
  let own = try FileManager.default.contentsOfDirectory(atPath: directory)
  return try own.flatMap { try FileManager.default.contentsOfDirectory(atPath: directory + "/" + $0) }.filter {
    $0 != "lock"
  }
}

/// A directory of its own for a test, removed afterwards.
func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let scratch = try Scratch()
  defer { scratch.remove() }
  return try await body(scratch.root)
}
