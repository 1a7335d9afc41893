import RepriseSystem

/// The layout of an mp3: the header of the whole in its first frame, its frames, and the range of the recording.
package struct MP3Layout: Sendable {
  /// Header of the first frame.
  let first: MPEGFrameHeader
  /// Header of the whole in the first frame; `nil` if that frame holds audio.
  let header: MP3Header?
  /// Range of the frame with the header of the whole, which holds no audio; empty if there is none.
  let headerFrame: Range<Int>
  /// Frames that hold audio.
  let walk: MP3Walk
  /// Offset of the tags at the very end.
  let tagsStart: Int
  /// Decoded samples that are dropped.
  let trim: MP3Trim

  /// Offset of the first frame, even if it is a header.
  var start: Int { headerFrame.isEmpty ? walk.start ?? headerFrame.lowerBound : headerFrame.lowerBound }
  /// Offset of the end of the last frame.
  var end: Int { walk.end ?? headerFrame.upperBound }
  /// Number of samples per channel of the recording; at the rate of the first frame only if the rate is constant.
  var playedSamples: Int { walk.samples - trim.count }

  /// Reads the file whose first frame is at `offset`.
  ///
  /// - Throws: `AudioFileError` `corrupt` if there is no layer III frame, `io`, `cancelled`.
  init(_ file: borrowing InputFile, offset: Int, cancellation: Cancellation? = nil) throws(AudioFileError) {
    let mapped = try file.map()
    let path = file.path
    let layout = try mapped.withBytes { bytes throws(AudioFileError) in
      do throws(CancellationError) {
        return try MP3Layout(bytes, offset: offset, cancellation: cancellation) { mapped.forget(before: $0) }
      } catch {
        throw AudioFileError.cancelled(path)
      }
    }
    guard !mapped.isCut, !file.hasShrunk else { throw AudioFileError.changed(path) }
    guard let layout else {
      throw AudioFileError(path: path, .firstMP3Frame)
    }
    self = layout
  }

  /// Reads the bytes whose first frame is at `offset`; `nil` if there is none.
  init?(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation? = nil, passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    guard let word = bytes.big32(at: offset), let first = MPEGFrameHeader(word: Int(word)), first.layer == 3 else {
      return nil
    }
    let head = bytes.copy(at: offset, count: 18_016)
    let free = first.bitrate > 0 ? nil : MPEGSync.freeFormatLength(head, from: 0, header: first)
    guard let kind = MP3FrameKind(word: word, freeFormatLength: free) else { return nil }
    let length = kind.length(word)
    let found = MP3Header(head, frameAt: 0, frame: first)
    let holdsAudio = found?.isBehindChecksum ?? true
    let headerFrame = offset..<(holdsAudio ? offset : min(offset + length, bytes.byteCount))
    let tagsStart = MP3Tags.audioEnd(bytes, from: headerFrame.upperBound)
    self.first = first
    header = found
    self.headerFrame = headerFrame
    self.tagsStart = tagsStart
    walk = try MP3Walk(
      bytes, from: headerFrame.upperBound, to: tagsStart, kind: kind, cancellation: cancellation,
      passed: passed)
    trim =
      found?.trim(walk.samples, samplesPerFrame: first.samples) ?? MP3Trim(front: 0, back: 0..<0)
  }
}

extension InputFile {
  /// Returns the whole file mapped into memory.
  ///
  /// - Throws: `AudioFileError` `io`.
  func map() throws(AudioFileError) -> MappedBytes {
    do { return try MappedBytes(borrowed, count: byteCount) } catch { throw AudioFileError(error) }
  }
}
