package import RepriseSystem

/// What is left of a damaged recording, in a temporary file without a name, which ends with this instance.
package struct SalvagedAudio: Sendable {
  /// File with the audio that is whole.
  package let file: InputFile
  /// What is left, and what is not.
  package let facts: SalvageFacts

  /// Path by which the file is read as long as this instance lives.
  package var path: String { file.alias }
}

/// Takes the audio that is whole out of damaged recordings.
package enum Salvager {
  /// Returns what is left of a damaged recording.
  ///
  /// - Parameters:
  ///   - inspection: The inspection of the recording, which found the damage.
  ///   - mode: The way to go on at losses.
  ///   - cancellation: Interrupts the search and the copying.
  /// - Returns: What is left; `nil` if nothing is, or if it is not known what is damaged.
  /// - Throws: `AudioFileError` if the recording cannot be read, or the temporary file cannot be written.
  package static func salvage(
    _ inspection: Inspection, mode: SalvageMode, cancellation: Cancellation? = nil
  ) throws(AudioFileError) -> SalvagedAudio? {
    let audio = try AudioContent.open(inspection.path, cancellation: cancellation)
    let (file, offset) = (audio.file, audio.content.offset)
    let found: SalvagedAudio?
    switch audio.content.format {
    case .mp3:
      let end = inspection.reasons.lazy.compactMap { reason -> Int? in
        if case .mp3(.zerosBehind(let bytes, _)) = reason.finding { bytes } else { nil }
      }.first
      found = try MP3Salvage.salvage(file, offset: offset, mode: mode, zerosBehind: end, cancellation: cancellation)
    case .flac:
      found = try FLACSalvage.salvage(file, offset: offset, mode: mode, cancellation: cancellation)
    case .wav where !inspection.ofStream.notes.isForeign:
      found = try WaveSalvage.salvage(file, offset: offset, mode: mode, cancellation: cancellation)
    default: found = nil
    }
    if let found { return found }
    // Frames that change their form, and what other decoders decode.
    return try DecodedSalvage.salvage(inspection, mode: mode, cancellation: cancellation)
  }
}

extension InputFile {
  /// Returns a file that is written under the path given to `body`, in a temporary file without a name.
  ///
  /// - Parameters:
  ///   - path: The path that the file gets.
  ///   - body: Writes the file; returns `nil` to discard it.
  /// - Returns: The file, and the result of `body`; `nil` if it was discarded.
  /// - Throws: `AudioFileError`; that of writing names the directory of temporary files.
  static func written<Result>(
    for path: String, _ body: (_ name: String) throws(AudioFileError) -> Result?
  ) throws(AudioFileError) -> (file: InputFile, result: Result)? {
    let directory = Directories.temporary()
    let file: OwnedFile
    do { file = try OwnedFile(namelessIn: directory, path: path) } catch {
      throw AudioFileError(path: path, .file(error))
    }
    let name = file.alias
    let result: Result?
    do throws(AudioFileError) { result = try body(name) } catch {
      throw error.path == name ? error.at(directory) : error
    }
    guard let result else { return nil }
    return (try InputFile(file), result)
  }
}
