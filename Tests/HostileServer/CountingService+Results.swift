internal import Foundation
internal import Synchronization

extension CountingService {
  /// A presigned URL, with a `%2F` that must stay one.
  func resultURL(_ generation: Generation) -> String {
    let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    let name = generation.id.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    return "\(url)/results/covers%2F\(name).mp3?X-Expires=86400&X-Signature=\(signature(generation.id))%3D"
  }

  /// Returns a signature that only the service can have put into a URL.
  func signature(_ id: String) -> String {
    String(id.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
  }

  /// The result's strong entity tag.
  var entityTag: String { "\"\(signature(String(cover.count)))\"" }

  /// Hands out the result as a presigned object store does: no key, the right signature, ranges.
  func serveResult(_ connection: RawConnection, _ request: ReceivedRequest, _ path: String, _ query: [String: String]) {
    let prefix = "/results/covers%2F"
    let name = path.hasPrefix(prefix) && path.hasSuffix(".mp3") ? path.dropFirst(prefix.count).dropLast(4) : ""
    let id = String(name).removingPercentEncoding ?? ""
    let generation = generations.last { $0.id == id }
    happened(.downloadBegun, generation?.requestID, id)
    if request["Authorization"] != nil {
      leaked()
      return connection.answer("400 Bad Request", Self.storeError("InvalidArgument"), type: "application/xml")
    }
    if let answers = settings.answersResult, answers(connection, request, turn("result script")) { return }
    if let misbehaviour, let generation, misbehaviour.answersResult(connection, request, generation, self) { return }
    guard let generation, query["X-Signature"] == signature(id) + "=" else {
      return connection.answer("403 Forbidden", Self.storeError("SignatureDoesNotMatch"), type: "application/xml")
    }
    sendCover(connection, request, generation)
  }

  /// Sends the cover, or the part of it that was asked for.
  func sendCover(_ connection: RawConnection, _ request: ReceivedRequest, _ generation: Generation) {
    var lines = ["Content-Type: audio/mpeg", "ETag: \(entityTag)", "Accept-Ranges: bytes"]
    var part = 0..<cover.count
    var status = "200 OK"
    let isWanted = settings.servesRanges && [nil, entityTag].contains(request["If-Range"])
    if isWanted, let asked = Self.firstByte(request["Range"]) {
      guard asked < cover.count else {
        return connection.answer(
          "416 Range Not Satisfiable", "", headers: ["Content-Range: bytes */\(cover.count)"], type: "application/xml")
      }
      part = asked..<cover.count
      status = "206 Partial Content"
      lines.append("Content-Range: bytes \(asked)-\(cover.count - 1)/\(cover.count)")
      state.withLock { $0.tally.parts += 1 }
    }
    lines += ["Content-Length: \(part.count)", "Connection: close"]
    connection.send((["HTTP/1.1 \(status)"] + lines).joined(separator: "\r\n") + "\r\n\r\n")
    send(Array(cover[part]), connection, generation)
  }

  /// Sends bytes in pieces and tells when half of them and all of them have left.
  func send(_ bytes: [UInt8], _ connection: RawConnection, _ generation: Generation) {
    var sent = 0
    while sent < bytes.count {
      let next = min(sent + settings.downloadPiece, bytes.count)
      connection.send(Array(bytes[sent..<next]))
      if sent * 2 < bytes.count, next * 2 >= bytes.count {
        happened(.downloadHalf, generation.requestID, generation.id)
      }
      sent = next
      pause(settings.downloadPause)
    }
    happened(.downloadWhole, generation.requestID, generation.id)
  }

  /// The first byte that `bytes=N-` asks for.
  private static func firstByte(_ range: String?) -> Int? {
    guard let range, range.hasPrefix("bytes="), range.hasSuffix("-") else { return nil }
    return Int(range.dropFirst("bytes=".count).dropLast())
  }

  /// An error as object stores tell it.
  static func storeError(_ code: String) -> String {
    #"<?xml version="1.0" encoding="UTF-8"?><Error><Code>\#(code)</Code><Message>Request has expired</Message></Error>"#
  }
}
