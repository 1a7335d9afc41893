import RepriseSystem

/// What a stretch of an mp3 is that belongs to no frame: tags and padding, or damage.
struct MP3Stretch: Equatable {
  /// The bytes.
  let range: Range<Int>
  /// Names of what was recognised, the first ten: "ID3v2", "APE", "ID3v1", "Lyrics3", "zeros".
  private(set) var names: [String] = []
  /// How many there are.
  private(set) var count = 0
  /// Whether anything but zeros was recognised.
  private(set) var hasTags = false
  /// Bytes that nothing explains.
  private(set) var unexplained = 0
  /// Where the first of them stands.
  private(set) var firstUnexplained = 0

  /// The names, and how many more there are.
  var summary: String {
    let known = listing(names, of: count)
    guard unexplained > 0 else { return known }
    return known.isEmpty ? "no audio" : known + ", no audio"
  }

  /// Looks at a stretch: tags are named; what stands behind the first byte of anything else is not looked at.
  init(
    _ bytes: RawSpan, _ range: Range<Int>, cancellation: Cancellation?, passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    self.range = range
    var tags = MP3Tags()
    var offset = range.lowerBound
    while offset < range.upperBound {
      if let cancellation { try cancellation.check() }
      if let tag = tags.tag(bytes, at: offset, to: range.upperBound) {
        add(tag.name)
        offset += tag.length
        continue
      }
      var zeros = 0
      while offset + zeros < range.upperBound {
        let end = min(offset + zeros + MappedBytes.forgotten, range.upperBound)
        let more = bytes.zeros(from: offset + zeros, to: end)
        guard more > 0 else { break }
        if let cancellation { try cancellation.check() }
        zeros += more
        passed(offset + zeros)
      }
      guard zeros >= 16 || zeros == range.upperBound - offset else {
        unexplained = range.upperBound - offset
        firstUnexplained = offset
        return
      }
      add("zeros")
      offset += zeros
    }
  }

  private mutating func add(_ name: String) {
    count += 1
    hasTags = hasTags || name != "zeros"
    if names.count < listedAtMost { names.append(name) }
  }
}

/// How many of many things are named in a message.
let listedAtMost = 10

/// The first of many names, and how many more there are.
func listing(_ first: [String], of count: Int) -> String {
  first.joined(separator: ", ") + (count > first.count ? " and \(count - first.count) more" : "")
}
