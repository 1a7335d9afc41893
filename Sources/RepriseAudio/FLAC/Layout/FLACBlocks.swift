/// The contents of metadata blocks, as far as other programs reject a file for them.
enum FLACBlocks {
  /// Largest number of Vorbis comments that are followed.
  private static let mostComments = 100_000

  /// Returns `true` if a block is one for which ffmpeg, libsndfile or libFLAC rejects a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - type: The type of the block (RFC 9639 §8.1).
  ///   - body: The range of its body.
  /// - Returns: `true` if a program rejects it.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func isBroken(_ file: borrowing InputFile, type: Int, body: Range<Int>) throws(AudioFileError) -> Bool {
    switch type {
    // §8.5: points of 18 bytes each.
    case 3: body.count % 18 != 0
    case 4: try !hasComments(file, body)
    // §8.7: 396 bytes and at least one track of 36 bytes, the lead-out.
    case 5: body.count < 432
    case 6: try pictureBytes(file, body: body.lowerBound).map { $0 > body.count } ?? true
    default: false
    }
  }

  /// Returns `true` if the comments of a block end within it (§8.6): a vendor string preceded by its length, the number
  /// of fields, and the fields, each preceded by its length.
  private static func hasComments(_ file: borrowing InputFile, _ body: Range<Int>) throws(AudioFileError) -> Bool {
    // Comments of more than a megabyte hold a picture; their lengths are read one by one.
    let bytes = body.count <= 1 << 20 ? try file.bytes(at: body.lowerBound, count: body.count) : []
    func number(_ place: Int) throws(AudioFileError) -> Int? {
      guard place >= 0, place <= body.count - 4 else { return nil }
      if !bytes.isEmpty { return bytes.little(at: place, width: 4) }
      return try file.bytes(at: body.lowerBound + place, count: 4).little(at: 0, width: 4)
    }
    guard let vendor = try number(0), let count = try number(4 + vendor) else { return false }
    var place = 8 + vendor
    for _ in 0..<min(count, mostComments) {
      guard let length = try number(place), place + 4 + length <= body.count else { return false }
      place += 4 + length
    }
    return true
  }

  /// Returns the size of a picture block by its own fields (§8.8), of which the last is the length of the data; `nil` if
  /// they do not end within the file.
  static func pictureBytes(_ file: borrowing InputFile, body: Int) throws(AudioFileError) -> Int? {
    guard let type = try file.bytes(at: body, count: 8).big(at: 4, width: 4), type < 1 << 16,
      let words = try file.bytes(at: body + 8 + type, count: 4).big(at: 0, width: 4), words < 1 << 24,
      let data = try file.bytes(at: body + 8 + type + 4 + words + 16, count: 4).big(at: 0, width: 4)
    else { return nil }
    return 32 + type + words + data
  }
}
