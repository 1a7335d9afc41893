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
  /// Decoded samples that are dropped, counted at the rate of the first frame.
  let trim: MP3Trim
  /// Metadata of a radio stream inside the frames, without which all offsets are counted; `nil` if there are none.
  let streamMetadata: StreamMetadata?

  /// Sample rate in Hz; the highest one if it changes.
  var sampleRate: Int { walk.runs.reduce(walk.runs.isEmpty ? first.sampleRate : 0) { max($0, $1.kind.sampleRate) } }
  /// Number of channels; the larger one if it changes.
  var channels: Int {
    guard walk.strays == 0, !walk.runs.isEmpty else { return first.channels }
    return walk.runs.contains { !$0.isMono } ? 2 : 1
  }

  /// Offset of the first frame, even if it is a header.
  var start: Int { headerFrame.isEmpty ? walk.start ?? headerFrame.lowerBound : headerFrame.lowerBound }
  /// Offset of the end of the last frame.
  var end: Int { walk.end ?? headerFrame.upperBound }
  /// Number of samples per channel of the recording, each frame at its own rate.
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
  ///
  /// If frames are broken by the metadata of a radio stream, those are taken out, and the rest is read again.
  init?(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation? = nil, passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    guard
      let plain = try MP3Layout(
        bytes, offset: offset, without: nil, cancellation: cancellation, passed: passed)
    else { return nil }
    self = try plain.withoutMetadata(bytes, offset: offset, cancellation: cancellation) ?? plain
  }

  /// Returns the layout of the same bytes without the metadata of a radio stream; `nil` if there are none.
  private func withoutMetadata(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation?
  ) throws(CancellationError) -> MP3Layout? {
    guard walk.gapCount > 0, bytes.byteCount <= MP3Layout.mostCopied,
      let metadata = StreamMetadata.find(bytes, walk, to: tagsStart)
    else { return nil }
    let clean = metadata.removed(from: bytes)
    let before = metadata.blocks.reduce(0) { $0 + ($1.upperBound <= offset ? $1.count : 0) }
    let found = try MP3Layout(
      unsafe clean.span.bytes, offset: offset - before, without: metadata, cancellation: cancellation, passed: { _ in })
    guard let found, found.walk.gapCount < walk.gapCount, found.walk.frames >= walk.frames else { return nil }
    return found
  }

  /// Largest file in bytes that is copied to take the metadata of a radio stream out.
  private static let mostCopied = 1 << 30

  private init?(
    _ bytes: RawSpan, offset: Int, without metadata: StreamMetadata?, cancellation: Cancellation?,
    passed: (Int) -> Void
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
    let walk = try MP3Walk(
      bytes, from: headerFrame.upperBound, to: tagsStart, kind: kind, cancellation: cancellation,
      passed: passed)
    self.first = first
    header = found
    self.headerFrame = headerFrame
    self.tagsStart = tagsStart
    self.walk = walk
    streamMetadata = metadata
    let end = walk.end ?? headerFrame.upperBound
    trim =
      found?.trim(
        frames: walk.frames, bytes: end - headerFrame.lowerBound, samplesPerFrame: first.samples,
        isInterrupted: walk.headerCount > 0 || walk.gapCount > 0) ?? MP3Trim(front: 0, back: 0..<0)
  }

  /// Lengths in seconds of the parts of a joined file, from header to header, encoder delay and padding included.
  var partSeconds: [Double] {
    let starts = [0] + walk.headers.map(\.seconds)
    return zip(starts, starts.dropFirst() + [walk.seconds]).map { $1 - $0 }
  }

  /// Creates a layout from its parts.
  init(
    first: MPEGFrameHeader, header: MP3Header?, headerFrame: Range<Int>, walk: MP3Walk, tagsStart: Int, trim: MP3Trim,
    streamMetadata: StreamMetadata?
  ) {
    self.first = first
    self.header = header
    self.headerFrame = headerFrame
    self.walk = walk
    self.tagsStart = tagsStart
    self.trim = trim
    self.streamMetadata = streamMetadata
  }

  /// Returns the ranges of the file that hold a range of the stream.
  func fileRanges(_ range: Range<Int>) -> [Range<Int>] { streamMetadata?.fileRanges(range) ?? [range] }

  /// Calls `body` with the bytes to which the offsets refer: those of the file, without the metadata of a radio stream.
  func withStream<Result, Failure: Error>(
    _ bytes: RawSpan, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let streamMetadata else { return try body(bytes) }
    let clean = streamMetadata.removed(from: bytes)
    return try body(unsafe clean.span.bytes)
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
