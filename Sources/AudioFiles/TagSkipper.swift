import Platform

/// Tells tags and padding from damage in the stretches between and behind mp3 frames.
enum TagSkipper {
  /// What a stretch of bytes is.
  struct Finding: Equatable {
    /// Names of what was recognised, the first ten: "ID3v2", "APE", "ID3v1", "Lyrics3", "zeros".
    private(set) var names: [String] = []
    /// How many there are.
    private(set) var count = 0
    /// Whether anything but zeros was recognised.
    private(set) var hasTags = false
    /// Bytes that nothing explains.
    var unexplained = 0
    /// Where the first of them stands.
    var firstUnexplained = 0
    /// Whether the unexplained bytes begin like a frame that the end of the file cuts off.
    var isCutFrame = false

    /// The names, and how many more there are.
    var summary: String { listing(names, of: count) }

    fileprivate mutating func add(_ name: String) {
      // A long stretch of zeros is read in parts.
      if name == "zeros", names.last == name, count == names.count { return }
      count += 1
      hasTags = hasTags || name != "zeros"
      if names.count < listedAtMost { names.append(name) }
    }
  }

  /// Looks at the bytes from `start` to `end`; at most the first 64 KiB of what is not a tag are read.
  static func explain(
    _ file: borrowing InputFile, from start: Int, to end: Int, cancellation: Cancellation?
  ) throws(AudioFileError) -> Finding {
    var finding = Finding()
    var offset = start
    while offset < end {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      // Every tag but one tells its length in its first 32 bytes.
      var head = try file.bytes(at: offset, count: min(32, end - offset))
      if head.first == 0 || head.has("LYRICSBEGIN") {
        head = try file.bytes(at: offset, count: min(65536, end - offset))
      }
      guard !head.isEmpty else { break }
      guard let (name, length) = tag(head, remaining: end - offset) else {
        let zeros = head.prefix { $0 == 0 }.count
        if zeros == head.count || zeros >= 16 {
          finding.add("zeros")
          offset += zeros
          continue
        }
        finding.unexplained = end - offset
        finding.firstUnexplained = offset
        let header = MPEGFrameHeader(head, at: 0)
        finding.isCutFrame = end == file.byteCount && (header?.byteCount).map { $0 > end - offset } ?? false
        break
      }
      finding.add(name)
      offset += min(length, end - offset)
    }
    return finding
  }

  private static func tag(_ head: [UInt8], remaining: Int) -> (name: String, length: Int)? {
    if let length = ID3v2.byteCount(head) { return ("ID3v2", length) }
    if head.has("TAG+") { return ("ID3v1", 227) }
    if head.has("TAG"), remaining <= 128 || remaining - 128 < 4096 { return ("ID3v1", 128) }
    if head.has("APETAGEX"), let size = head.little(at: 12, width: 4), let flags = head.little(at: 20, width: 4) {
      // Bit 29: this is the header, and the size counts all but it. A footer without a header ends its tag.
      return ("APE", flags >> 29 & 1 == 1 ? size + 32 : 32)
    }
    if head.has("LYRICSBEGIN"), let end = find("LYRICS200", in: head) ?? find("LYRICSEND", in: head) {
      return ("Lyrics3", end + 9)
    }
    return nil
  }

  private static func find(_ text: String, in bytes: [UInt8]) -> Int? {
    guard let first = text.utf8.first else { return nil }
    return bytes.indices.first { bytes[$0] == first && bytes.has(text, at: $0) }
  }
}

/// How many of many things are named in a message.
let listedAtMost = 10

/// The first of many names, and how many more there are.
func listing(_ first: [String], of count: Int) -> String {
  first.joined(separator: ", ") + (count > first.count ? " and \(count - first.count) more" : "")
}
