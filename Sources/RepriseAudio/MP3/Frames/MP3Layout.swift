import RepriseSystem

/// Where things are in an mp3: its first frame's header of the whole, its frames, and what of them is the recording.
package struct MP3Layout: Sendable {
  /// The first frame's header.
  let first: MPEGFrameHeader
  /// What the first frame says of the whole; `nil` if it holds audio.
  let header: MP3Header?
  /// The bytes of the frame that says so, which holds no audio; empty where there is none.
  let headerFrame: Range<Int>
  /// The frames that hold audio.
  let walk: MP3Walk
  /// Where the tags at the very end begin.
  let tagsStart: Int
  /// What is taken off the decoded samples.
  let trim: MP3Trim

  /// Where the first frame begins, be it a header.
  var start: Int { headerFrame.isEmpty ? walk.start ?? headerFrame.lowerBound : headerFrame.lowerBound }
  /// Where the last frame ends.
  var end: Int { walk.end ?? headerFrame.upperBound }
  /// Samples a channel of the recording; at the first frame's rate only where that stays.
  var playedSamples: Int { walk.samples - trim.count }

  /// Walks the file whose first frame stands at `offset`.
  ///
  /// - Throws: `AudioFileError` `corrupt` if no layer III frame stands there, `io`, `cancelled`.
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

  /// Walks bytes whose first frame stands at `offset`; `nil` if none does.
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
  /// The whole file mapped into memory.
  ///
  /// - Throws: `AudioFileError` `io`.
  func map() throws(AudioFileError) -> MappedBytes {
    do { return try MappedBytes(borrowed, count: byteCount) } catch { throw AudioFileError(error) }
  }
}
