package import RepriseSystem

/// The audio of a file as the inspectors and decoders of mp3, wav and flac read it.
///
/// That is the file itself or, if it wraps an mp3 or flac stream, a copy of the stream in a temporary file without a
/// name, which ends with this instance.
package struct AudioContent {
  /// File with the audio; its path is that of the original.
  package let file: InputFile
  /// Content of `file`.
  let content: SniffedContent
  /// Container that was taken off; `nil` if there is none.
  package let unwrapping: Unwrapping?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file; its format is determined by its content, not by its name.
  ///   - cancellation: Interrupts the search for a stream and its copying.
  /// - Returns: The audio; a file that is neither audio nor a container of it is returned as it is.
  /// - Throws: `AudioFileError` if the file cannot be read, or the stream cannot be copied.
  package static func open(_ path: String, cancellation: Cancellation? = nil) throws(AudioFileError) -> AudioContent {
    let file = try InputFile(path: path)
    return try AudioContent(file, try FileSniffer.sniff(file), cancellation: cancellation)
  }

  /// Takes the container off an open file whose content is known, if it has one.
  init(_ source: InputFile, _ sniffed: SniffedContent, cancellation: Cancellation?) throws(AudioFileError) {
    if let unwrapping = try Unwrapper.find(source, sniffed, cancellation: cancellation) {
      let stream = try InputFile.copy(of: unwrapping.content, from: source, cancellation: cancellation)
      let inner = try FileSniffer.sniff(stream)
      // What claims to be mp3 may be of another layer.
      if inner.format == unwrapping.codec {
        (file, content, self.unwrapping) = (stream, inner, unwrapping)
        return
      }
    }
    (file, content, unwrapping) = (source, sniffed, nil)
  }
}

/// Finds the stream inside a container.
enum Unwrapper {
  /// Returns the stream that a file wraps; `nil` if the file has another format, or holds no mp3 or flac stream that
  /// can be taken out.
  static func find(
    _ file: InputFile, _ sniffed: SniffedContent, cancellation: Cancellation?
  ) throws(AudioFileError) -> Unwrapping? {
    switch sniffed.format {
    case .mp3, .flac, .unknown: return nil
    case .wav: return try WaveUnwrapper.find(file, offset: sniffed.offset)
    case .other:
      guard sniffed.isAudio, try isKnown(file, at: sniffed.offset) else { return nil }
      let mapped = try file.map()
      let path = file.path
      let found = try mapped.withBytes { bytes throws(AudioFileError) in
        do throws(CancellationError) {
          return try find(bytes, offset: sniffed.offset, cancellation: cancellation) { mapped.forget(before: $0) }
        } catch {
          throw AudioFileError.cancelled(path)
        }
      }
      guard !mapped.isCut, !file.hasShrunk else { throw AudioFileError.changed(path) }
      return found
    }
  }

  /// Returns `true` if a container that can be taken off begins at the offset.
  private static func isKnown(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    let head = try file.bytes(at: offset, count: 8)
    return head.has("OggS") || head.has("ftyp", at: 4) || head.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
  }

  /// Returns the stream inside the mp4, Matroska or Ogg file that begins at the offset.
  static func find(
    _ bytes: RawSpan, offset: Int, cancellation: Cancellation? = nil, passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) -> Unwrapping? {
    let found: Unwrapping? =
      if bytes.has("OggS", at: offset) {
        try OggUnwrapper.find(bytes, offset: offset, cancellation: cancellation, passed: passed)
      } else if bytes.has("ftyp", at: offset + 4) {
        try MP4Unwrapper.find(bytes, offset: offset, cancellation: cancellation, passed: passed)
      } else {
        try MatroskaUnwrapper.find(bytes, offset: offset, cancellation: cancellation, passed: passed)
      }
    guard let found, found.content.byteCount > 0 else { return nil }
    return found
  }
}

extension InputFile {
  /// Number of bytes that are copied at once.
  private static let blockBytes = 1 << 17

  /// Returns a copy of a splice of a file, in a temporary file without a name; its path is that of the source.
  ///
  /// - Throws: `AudioFileError` with the path of the source if it cannot be read any more, or the temporary file cannot
  ///   be written.
  static func copy(
    of splice: ByteSplice, from source: InputFile, cancellation: Cancellation?
  ) throws(AudioFileError) -> InputFile {
    let directory = Directories.temporary()
    let file = try nameless(in: directory, path: source.path)
    // Errors of writing name the directory of temporary files.
    let output = BorrowedFile(descriptor: file.descriptor, path: directory)
    for piece in splice.pieces {
      switch piece {
      case .bytes(let bytes): try write(bytes, to: output, path: source.path)
      case .source(let range):
        var offset = range.lowerBound
        while offset < range.upperBound {
          if cancellation?.isCancelled == true { throw AudioFileError.cancelled(source.path) }
          let bytes = try source.bytes(at: offset, count: min(blockBytes, range.upperBound - offset))
          guard !bytes.isEmpty else { throw AudioFileError.changed(source.path) }
          try write(bytes, to: output, path: source.path)
          offset += bytes.count
        }
      }
    }
    return try InputFile(file)
  }

  private static func nameless(in directory: String, path: String) throws(AudioFileError) -> OwnedFile {
    do { return try OwnedFile(namelessIn: directory, path: path) } catch {
      throw AudioFileError(path: path, .file(error))
    }
  }

  private static func write(_ bytes: [UInt8], to file: BorrowedFile, path: String) throws(AudioFileError) {
    do { try file.write(bytes) } catch { throw AudioFileError(path: path, .file(error)) }
  }
}
