/// Rules for the names of audio files.
///
/// The format of a file is determined by its content alone; the name indicates the user's expectation.
package enum AudioFileName {
  private static let extensions: Set<String> = [
    "mp3", "mp2", "mp1", "mpa", "mpga", "m2a", "wav", "wave", "bwf", "rf64", "w64", "flac", "fla", "ogg", "oga", "ogx",
    "opus", "spx", "m4a", "m4b", "m4p", "m4r", "mp4", "aac", "adts", "alac", "aif", "aiff", "aifc", "caf", "wma", "asf",
    "ape", "wv", "tta", "tak", "mpc", "mpp", "ac3", "eac3", "dts", "amr", "3gp", "au", "snd", "dsf", "dff", "mka",
    "webm", "weba", "ra", "rm", "voc", "gsm", "oma", "aa", "aax",
  ]

  /// Returns `true` if the last component of a path has the extension of an audio format, in any case.
  package static func isAudio(_ path: String) -> Bool { isAudio(Array(path.utf8)) }

  /// Returns `true` if the last component of a path, which need not be valid UTF-8, has the extension of an audio
  /// format.
  package static func isAudio(_ path: [UInt8]) -> Bool {
    guard let dot = path.lastIndex(of: UInt8(ascii: ".")), !path[dot...].contains(UInt8(ascii: "/")) else {
      return false
    }
    return extensions.contains(String(decoding: path[(dot + 1)...], as: UTF8.self).lowercased())
  }
}

extension Inspection {
  /// `true` if the file has neither the name nor the content of audio, such as a text beside the music, a picture or a
  /// playlist.
  package var isOtherFile: Bool { Self.isOtherFile(named: Array(path.utf8), failure: failure?.code) }

  /// Returns `true` if the file has neither the name nor the content of audio, by its path and its error.
  package static func isOtherFile(named path: [UInt8], failure: AudioFileError.Code?) -> Bool {
    (failure == .notAudio || failure == .empty) && !AudioFileName.isAudio(path)
  }
}
