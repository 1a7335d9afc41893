import RepriseSystem

/// Takes the whole frames out of a damaged mp3, without encoding.
///
/// A frame is decoded with bytes of those before it, its bit reservoir. Where silence takes the place of a damaged frame,
/// the bytes of that frame stay as the reservoir of the next; where frames are left out, the next one is packed anew, at
/// a higher bit rate, with the bytes that it needs.
enum MP3Salvage {
  /// Writes the whole frames of an mp3 to a temporary file, as mp3 with a header that is true of them.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset of the first frame.
  ///   - mode: The way to go on at losses.
  ///   - zerosBehind: The number of zeros behind the last frame in place of audio; `nil` if there are none.
  ///   - cancellation: Interrupts the search.
  /// - Returns: What is left; `nil` if nothing is whole, if nothing is lost, or if the frames have several forms.
  /// - Throws: `AudioFileError` if the file cannot be read, or the result cannot be written.
  static func salvage(
    _ file: InputFile, offset: Int, mode: SalvageMode, zerosBehind: Int?, cancellation: Cancellation?
  ) throws(AudioFileError) -> SalvagedAudio? {
    let mapped = try file.map()
    let path = file.path
    let found = try mapped.withBytes { bytes throws(AudioFileError) -> MP3SalvagePlan? in
      do throws(CancellationError) {
        guard
          let layout = try MP3Layout(
            bytes, offset: offset, cancellation: cancellation, passed: { mapped.forget(before: $0) })
        else { return nil }
        return try layout.withStream(bytes) { stream throws(CancellationError) in
          try MP3SalvagePlan(
            stream, layout, mode: mode, zerosBehind: zerosBehind, cancellation: cancellation,
            passed: { mapped.forget(before: $0) })
        }
      } catch {
        throw AudioFileError.cancelled(path)
      }
    }
    guard !mapped.isCut, !file.hasShrunk else { throw AudioFileError.changed(path) }
    guard let found else { return nil }
    // The header tells of all frames, so that they are put together first.
    let frames = try InputFile.copy(of: found.frames, from: file, cancellation: cancellation)
    guard let head = try head(of: frames, found, cancellation) else { return nil }
    var splice = ByteSplice()
    for range in found.tags { splice.append(range) }
    splice.append(head)
    for piece in found.frames.pieces {
      switch piece {
      case .bytes(let bytes): splice.append(bytes)
      case .source(let range): splice.append(range)
      }
    }
    return SalvagedAudio(
      file: try InputFile.copy(of: splice, from: file, cancellation: cancellation), facts: found.facts)
  }

  /// Returns the frame of the header, and the frames of silence that it needs behind it; `nil` if what was put together
  /// is not one stream of frames.
  private static func head(
    of frames: InputFile, _ found: MP3SalvagePlan, _ cancellation: Cancellation?
  ) throws(AudioFileError) -> [UInt8]? {
    let mapped = try frames.map()
    let path = frames.path
    return try mapped.withBytes { bytes throws(AudioFileError) -> [UInt8]? in
      do throws(CancellationError) {
        guard let own = try MP3Layout(bytes, offset: 0, cancellation: cancellation), own.headerFrame.isEmpty,
          own.walk.gapCount == 0, own.walk.changeCount == 0, own.walk.headerCount == 0,
          own.walk.frames == found.frameCount, own.end == bytes.byteCount
        else { return nil }
        let total = own.walk.samples
        let back = max(total - found.trim.back, found.trim.front)..<max(total, found.trim.front)
        let layout = MP3Layout(
          first: own.first, header: found.header, headerFrame: 0..<0, walk: own.walk, tagsStart: own.tagsStart,
          trim: MP3Trim(front: found.trim.front, back: back), streamMetadata: nil)
        return MP3Mender.head(bytes, layout) { mapped.forget(before: $0) }?.bytes
      } catch {
        throw AudioFileError.cancelled(path)
      }
    }
  }
}
