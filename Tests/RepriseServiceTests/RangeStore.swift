import RepriseService
import HostileServer

/// Responds to a request for `object` as a store that supports ranges does, with at most `cut` bytes of the body.
func serveRanges(
  _ connection: RawConnection, _ request: ReceivedRequest, _ object: [UInt8], _ validators: [String], cut: Int? = nil
) {
  let own = validators.map { $0.split(separator: ": ", maxSplits: 1)[1] }
  let mayJoin = request["If-Range"].map { own.contains(Substring($0)) } ?? true
  var lines = validators
  var first = 0
  if mayJoin, let range = request["Range"], let number = Int(range.dropFirst("bytes=".count).dropLast()) {
    if number >= object.count {
      return connection.answer("416 Range Not Satisfiable", "", headers: ["Content-Range: bytes */\(object.count)"])
    }
    first = number
    lines.insert("HTTP/1.1 206 Partial Content", at: 0)
    lines.append("Content-Range: bytes \(first)-\(object.count - 1)/\(object.count)")
  } else {
    lines.insert("HTTP/1.1 200 OK", at: 0)
  }
  lines.append("Content-Length: \(object.count - first)")
  connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  connection.send(Array(object[first...].prefix(cut ?? .max)))
}

/// A client of quick patience that takes a result of a megabyte at most.
func rangeClient(_ url: String) throws -> CoverClient {
  var service = try quickService(url)
  service.limits.maximumResultBytes = 1_000_000
  return try CoverClient(service: service, key: try key())
}
