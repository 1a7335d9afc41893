package import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A proof that an exact part of an mp3 decodes to the very samples it was cut from.
///
/// The beginning, until the copied frames alone determine the state of the decoder, and the end are decoded; in between
/// the bytes are compared. That is sufficient, since the output of a decoder for a frame depends only on the frame, the
/// 511 bytes of main data before it, the granule before it and the last 15 time slots.
package struct MP3CutProof {
  /// `true` if all compared samples are identical to the bit.
  package private(set) var isIdentical = true
  /// Largest difference, as a fraction of full scale.
  package private(set) var difference: Float = 0

  /// Number of frames that are decoded and compared at either end.
  private static let compared = 6
  /// Largest difference due to the rounding of decoders if frames are shifted in their ring buffers: −126 dBFS.
  private static let tolerance: Float = 5e-7

  /// Compares a written part, which was not inspected yet, with its source.
  @discardableResult package static func check(
    _ cut: MP3Cut, of source: String, at path: String
  ) throws -> MP3CutProof {
    try check(cut, of: source, at: path, MP3FrameFacts(try MP3Layout(try InputFile(path: path))))
  }

  /// Compares a written part with its source.
  ///
  /// - Parameters:
  ///   - cut: The plan of the part.
  ///   - source: The path of the source.
  ///   - path: The path of the written part.
  ///   - front: The number of bytes of tags in front of the written part.
  ///   - facts: The facts from an inspection of the written part.
  ///   - cancellation: Interrupts the comparison.
  /// - Returns: The proof.
  /// - Throws: `MP3CutFailure` if they differ, `AudioFileError` if one of the files cannot be read.
  @discardableResult package static func check(
    _ cut: MP3Cut, of source: String, at path: String, front: Int = 0, _ facts: MP3FrameFacts?,
    cancellation: Cancellation? = nil
  ) throws -> MP3CutProof {
    guard let made = facts?.layout else { throw MP3CutFailure.noMP3 }
    guard made.playedSamples == cut.samples.count, made.walk.gapCount == 0, made.headerFrame.lowerBound == front else {
      throw MP3CutFailure.wrongLength
    }
    guard try sameBytes(cut, source, path, front: front) else {
      throw MP3CutFailure.otherFrames
    }
    let layout = cut.layout
    let spf = layout.first.samples
    guard let raw = layout.decoded(cut.samples) else { throw MP3CutFailure.acrossJoint }
    // Difference between the frame indices in the source and in the part.
    let shift = cut.frames.upperBound + 1 - made.walk.frames
    let lead = leadFrames(layout)
    let most = compared * spf
    var proof = MP3CutProof()
    let last = max(raw.upperBound - most, raw.lowerBound)..<raw.upperBound
    let lastLead = last.lowerBound / spf - lead
    let hasMiddle = lastLead > cut.frames.lowerBound && raw.count > most
    let first = raw.lowerBound..<(hasMiddle ? raw.lowerBound + most : raw.upperBound)
    // Both decoders are then at the same position of their ring buffers, which turn once in eight frames at most.
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

  /// Returns the number of frames after which the initial state of a decoder has no effect: the 511 bytes of the
  /// reservoir and the overlapping granules are past.
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

  /// Decodes a range of raw samples, beginning with the frame before it.
  private static func decode(
    _ path: String, _ layout: MP3Layout, _ samples: Range<Int>, from first: Int, _ cancellation: Cancellation?
  ) throws(AudioFileError) -> [Float] {
    let spf = layout.first.samples
    let file = try AudioContent.open(path).file
    let mapped = try file.map()
    let ranges = mapped.withBytes { bytes in
      layout.withStream(bytes) { stream in
        var cursor = MP3FrameCursor(layout.walk)
        cursor.skip(to: first, stream) { mapped.forget(before: $0) }
        var ranges: [Range<Int>] = []
        while let frame = cursor.next(stream), (frame.index - 1) * spf <= samples.upperBound {
          ranges.append(frame.offset..<frame.offset + frame.length)
        }
        return ranges
      }
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

  private static func sameBytes(
    _ cut: MP3Cut, _ source: String, _ path: String, front: Int
  ) throws(AudioFileError) -> Bool {
    let original = try AudioContent.open(source).file.map()
    let made = try InputFile(path: path).map()
    let isSame = original.withBytes { wanted in
      made.withBytes { got in
        var position = front + cut.head.count
        guard got.byteCount == front + cut.byteCount else { return false }
        for range in cut.ranges {
          guard range.upperBound <= wanted.byteCount else { return false }
          for start in stride(from: range.lowerBound, to: range.upperBound, by: MappedBytes.forgotten) {
            let part = start..<min(start + MappedBytes.forgotten, range.upperBound)
            guard wanted.extracting(part).isSame(as: got.extracting(position..<position + part.count)) else {
              return false
            }
            position += part.count
            original.forget(before: part.upperBound)
            made.forget(before: position)
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

/// The reasons for which a part that was cut is not delivered.
package enum MP3CutFailure: Error, Equatable, Sendable {
  /// The written file is not an mp3.
  case noMP3
  /// The header implies a length other than that of the part.
  case wrongLength
  /// The written frames are not those of the source.
  case otherFrames
  /// The part spans the joint of two files.
  case acrossJoint
  /// The part decodes to other samples, with the largest difference as a fraction of full scale.
  case otherSamples(difference: Float)
}

extension RawSpan {
  /// Returns `true` if two spans hold the same bytes.
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
