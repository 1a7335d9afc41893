package import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows that an exact part of an mp3 decodes to the very samples it was cut from.
///
/// What is decoded is the beginning, until the copied frames alone determine the decoder's state, and the end; in
/// between the bytes are compared. That is enough, since what a decoder gives for a frame depends on nothing but the
/// frame, the 511 bytes of main data before it, the granule before it and the last 15 time slots.
package struct MP3CutProof {
  /// Whether every compared sample is the same to the bit.
  package private(set) var isIdentical = true
  /// The largest difference met, full scale being 1.
  package private(set) var difference: Float = 0

  /// Frames that are decoded and compared at either end.
  private static let compared = 6
  /// What decoders' own rounding may amount to where frames are shifted in their ring buffers: −126 dBFS.
  private static let tolerance: Float = 5e-7

  /// The same for what was written and not inspected yet.
  @discardableResult package static func check(
    _ cut: MP3Cut, of source: String, at path: String
  ) throws -> MP3CutProof {
    try check(cut, of: source, at: path, MP3FrameFacts(try MP3Layout(try InputFile(path: path))))
  }

  /// Compares what was written with its source.
  ///
  /// - Parameter facts: what an inspection of what was written has found.
  /// - Throws: `MP3CutFailure` where they differ, `AudioFileError` where one of the files cannot be read.
  @discardableResult package static func check(
    _ cut: MP3Cut, of source: String, at path: String, _ facts: MP3FrameFacts?, cancellation: Cancellation? = nil
  ) throws -> MP3CutProof {
    guard let made = facts?.layout else { throw MP3CutFailure.noMP3 }
    guard made.playedSamples == cut.samples.count, made.walk.gapCount == 0, made.headerFrame.lowerBound == 0 else {
      throw MP3CutFailure.wrongLength
    }
    guard try sameBytes(cut, source, path) else {
      throw MP3CutFailure.otherFrames
    }
    let layout = cut.layout
    let spf = layout.first.samples
    guard let raw = layout.decoded(cut.samples) else { throw MP3CutFailure.acrossJoint }
    // So many frames are counted less in what was made than in the source.
    let shift = cut.frames.upperBound + 1 - made.walk.frames
    let lead = leadFrames(layout)
    let most = compared * spf
    var proof = MP3CutProof()
    let last = max(raw.upperBound - most, raw.lowerBound)..<raw.upperBound
    let lastLead = last.lowerBound / spf - lead
    let hasMiddle = lastLead > cut.frames.lowerBound && raw.count > most
    let first = raw.lowerBound..<(hasMiddle ? raw.lowerBound + most : raw.upperBound)
    // Both decoders then stand at the same place of their ring buffers, which turn once in eight frames at most.
    let ahead = raw.lowerBound / spf - shift
    let firstLead = max(shift - max(lead - ahead + 7, 0) / 8 * 8, 0)
    try proof.compare(
      decode(source, layout, first, from: firstLead, cancellation),
      decode(path, made, first.lowerBound - shift * spf..<first.upperBound - shift * spf, from: 0, cancellation))
    if hasMiddle {
      try proof.compare(
        decode(source, layout, last, from: lastLead, cancellation),
        decode(
          path, made, last.lowerBound - shift * spf..<last.upperBound - shift * spf, from: lastLead - shift,
          cancellation))
    }
    guard proof.difference <= tolerance else {
      throw MP3CutFailure.otherSamples(difference: proof.difference)
    }
    return proof
  }

  /// So many frames before a place it does not matter any more with what a decoder began: the reservoir's 511 bytes are
  /// past, and the granules that overlap.
  private static func leadFrames(_ layout: MP3Layout) -> Int {
    let least = max(layout.walk.shortestFrame - 6 - layout.first.sideInformation, 1)
    return min(511 / least, 64) + 4
  }

  private mutating func compare(_ wanted: [Float], _ got: [Float]) {
    guard wanted.count == got.count else {
      difference = .infinity
      isIdentical = false
      return
    }
    for (one, other) in zip(wanted, got) where one.bitPattern != other.bitPattern {
      isIdentical = false
      let apart = abs(one - other)
      difference = max(difference, apart.isNaN ? .infinity : apart)
    }
  }

  /// Decodes a stretch of raw samples, beginning with a frame before it.
  private static func decode(
    _ path: String, _ layout: MP3Layout, _ samples: Range<Int>, from first: Int, _ cancellation: Cancellation?
  ) throws(AudioFileError) -> [Float] {
    let spf = layout.first.samples
    let file = try InputFile(path: path)
    let mapped = try file.map()
    let ranges = mapped.withBytes { bytes in
      var cursor = MP3FrameCursor(layout.walk)
      cursor.skip(to: first, bytes) { mapped.forget(before: $0) }
      var ranges: [Range<Int>] = []
      while let frame = cursor.next(bytes), (frame.index - 1) * spf <= samples.upperBound {
        ranges.append(frame.offset..<frame.offset + frame.length)
      }
      return ranges
    }
    guard !mapped.isCut else { throw AudioFileError.changed(path) }
    let dropped = samples.lowerBound - first * spf
    let stream = try Mpg123Stream(
      file, layout, frames: ranges, trim: MP3Trim(front: dropped, back: 0..<0), cancellation: cancellation)
    var decoded = [Float](repeating: 0, count: samples.count * stream.channels)
    let got = try stream.read(into: &decoded)
    decoded.removeLast(decoded.count - got)
    return decoded
  }

  private static func sameBytes(_ cut: MP3Cut, _ source: String, _ path: String) throws(AudioFileError) -> Bool {
    let original = try InputFile(path: source).map()
    let made = try InputFile(path: path).map()
    let isSame = original.withBytes { wanted in
      made.withBytes { got in
        var place = cut.head.count
        guard got.byteCount == cut.byteCount else { return false }
        for range in cut.ranges {
          guard range.upperBound <= wanted.byteCount else { return false }
          for start in stride(from: range.lowerBound, to: range.upperBound, by: MappedBytes.forgotten) {
            let part = start..<min(start + MappedBytes.forgotten, range.upperBound)
            guard wanted.extracting(part).isSame(as: got.extracting(place..<place + part.count)) else { return false }
            place += part.count
            original.forget(before: part.upperBound)
            made.forget(before: place)
          }
        }
        return true
      }
    }
    guard !original.isCut else { throw AudioFileError.changed(source) }
    guard !made.isCut else { throw AudioFileError.changed(path) }
    return isSame
  }
}

/// Why a part that was cut is not handed on.
package enum MP3CutFailure: Error, Equatable, Sendable {
  /// What was written is no mp3.
  case noMP3
  /// Its header tells another length than was cut.
  case wrongLength
  /// The frames that were written are not those of the source.
  case otherFrames
  /// The part lies across the joint of two files.
  case acrossJoint
  /// It decodes to other samples, which differ by this much at most, 1 for full scale.
  case otherSamples(difference: Float)
}

extension RawSpan {
  /// Whether two spans hold the same bytes.
  func isSame(as other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    return unsafe withUnsafeBytes { one in
      unsafe other.withUnsafeBytes { two in
        guard let first = one.baseAddress, let second = two.baseAddress else { return true }
        return unsafe memcmp(first, second, one.count) == 0
      }
    }
  }
}
