internal import RepriseAudio
package import RepriseSystem

/// A file on its way through a scan.
package struct CheckTask: Sendable {
  /// Its place in the order of paths.
  let place: Int
  let path: RawPath
  /// Whether it was named, and not come upon in a folder.
  let isNamed: Bool
  /// What was seen of it before it was looked at.
  let stamp: FileStamp?
  /// When that was, in nanoseconds since 1970.
  let seen: Int64
  /// An answer that holds if the file's content is what it was.
  var known: CheckAnswer?
  /// How many workers it has ended.
  var crashes = 0

  /// A file that was found.
  package init(
    place: Int, path: RawPath, isNamed: Bool, stamp: FileStamp?, seen: Int64, known: CheckAnswer? = nil
  ) {
    self.place = place
    self.path = path
    self.isNamed = isNamed
    self.stamp = stamp
    self.seen = seen
    self.known = known
  }
}

/// A file that was checked, on its way to whoever asked.
struct CheckResult: Sendable {
  let path: RawPath
  let isNamed: Bool
  let isCached: Bool
  let stamp: FileStamp?
  let answer: CheckAnswer

  /// Whether it was come upon and is neither named nor shaped like audio.
  var isOther: Bool { !isNamed && Inspection.isOtherFile(named: path.bytes, failure: answer.failure) }

  init(path: RawPath, isNamed: Bool, isCached: Bool, stamp: FileStamp?, answer: CheckAnswer) {
    self.path = path
    self.isNamed = isNamed
    self.isCached = isCached
    self.stamp = stamp
    self.answer = answer
  }

  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    guard let path = reader.bytes(), let flags = reader.number(), let numbers = Self.numbers(&reader),
      let answer = reader.bytes().flatMap({ CheckAnswer($0[...]) })
    else { return nil }
    self.path = RawPath(path)
    isNamed = flags & 1 != 0
    isCached = flags & 2 != 0
    stamp =
      flags & 4 == 0
      ? nil
      : FileStamp(
        device: numbers[0], number: numbers[1], size: numbers[2], modified: numbers[3], changed: numbers[4])
    self.answer = answer
  }

  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.put(path.bytes)
    writer.put(Int64((isNamed ? 1 : 0) + (isCached ? 2 : 0) + (stamp == nil ? 0 : 4)))
    for number in [stamp?.device, stamp?.number, stamp?.size, stamp?.modified, stamp?.changed] {
      writer.put(number ?? 0)
    }
    writer.put(answer.encoded)
    return writer.bytes
  }

  private static func numbers(_ reader: inout ByteReader) -> [Int64]? {
    let found = (0..<5).compactMap { _ in reader.number() }
    return found.count == 5 ? found : nil
  }
}
