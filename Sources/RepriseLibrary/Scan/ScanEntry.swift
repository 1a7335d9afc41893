internal import RepriseAudio
package import RepriseSystem

/// A file of a scan before it is checked.
package struct CheckRequest: Sendable {
  /// Zero-based position of the file in scan order.
  let position: Int
  /// The file's path as it was named or found.
  let path: RawPath
  /// `true` if the file itself was named, `false` if it was found in a directory.
  let isNamed: Bool
  /// The file's stamp before it was checked; `nil` if the file could not be examined.
  let stamp: FileStamp?
  /// Time at which the stamp was read, in nanoseconds since 1970.
  let seen: Int64
  /// A response that holds if the file's content is unchanged.
  var known: CheckResponse?

  /// Creates a request for a file that was found.
  package init(
    position: Int, path: RawPath, isNamed: Bool, stamp: FileStamp?, seen: Int64, known: CheckResponse? = nil
  ) {
    self.position = position
    self.path = path
    self.isNamed = isNamed
    self.stamp = stamp
    self.seen = seen
    self.known = known
  }
}

/// A file of a scan that was checked, or whose check ended its worker.
struct ScanEntry: Sendable {
  /// The file's path as it was named or found.
  let path: RawPath
  /// `true` if the file itself was named, `false` if it was found in a directory.
  let isNamed: Bool
  /// `true` if the response comes from the cache.
  let isCached: Bool
  /// The file's stamp before it was checked.
  let stamp: FileStamp?
  /// The response to the check.
  let response: CheckResponse

  /// `true` if the file was found in a directory and is neither named nor shaped like audio.
  var isOther: Bool { !isNamed && Inspection.isOtherFile(named: path.bytes, failure: response.failure) }

  /// Creates an entry of a checked file.
  init(_ request: CheckRequest, _ response: CheckResponse, isCached: Bool) {
    path = request.path
    isNamed = request.isNamed
    self.isCached = isCached
    stamp = request.stamp
    self.response = response
  }
}

extension ScanEntry: WireValue {
  init?(from reader: inout ByteReader) {
    guard let path = reader.bytes(), let isNamed = reader.flag(), let isCached = reader.flag(),
      let hasStamp = reader.flag()
    else { return nil }
    let numbers = (0..<5).compactMap { _ in reader.number() }
    guard numbers.count == 5, let response = CheckResponse(from: &reader) else { return nil }
    self.path = RawPath(path)
    self.isNamed = isNamed
    self.isCached = isCached
    stamp =
      hasStamp
      ? FileStamp(device: numbers[0], number: numbers[1], size: numbers[2], modified: numbers[3], changed: numbers[4])
      : nil
    self.response = response
  }

  func write(to writer: inout ByteWriter) {
    writer.put(path.bytes)
    writer.put(isNamed)
    writer.put(isCached)
    writer.put(stamp != nil)
    for number in [stamp?.device, stamp?.number, stamp?.size, stamp?.modified, stamp?.changed] {
      writer.put(number ?? Int64(0))
    }
    response.write(to: &writer)
  }
}
