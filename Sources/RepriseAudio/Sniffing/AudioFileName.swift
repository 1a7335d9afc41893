/// What the name of a file promises. What a file is its content alone decides; its name tells what people expect of it.
public enum AudioFileName {
  private static let extensions: Set<String> = [
    "mp3", "mp2", "mp1", "mpa", "mpga", "m2a", "wav", "wave", "bwf", "rf64", "w64", "flac", "fla", "ogg", "oga", "ogx",
    "opus", "spx", "m4a", "m4b", "m4p", "m4r", "mp4", "aac", "adts", "alac", "aif", "aiff", "aifc", "caf", "wma", "asf",
    "ape", "wv", "tta", "tak", "mpc", "mpp", "ac3", "eac3", "dts", "amr", "3gp", "au", "snd", "dsf", "dff", "mka",
    "webm", "weba", "ra", "rm", "voc", "gsm", "oma", "aa", "aax",
  ]

  /// Whether a path's last part has the extension of an audio format, whatever its case.
  public static func isAudio(_ path: String) -> Bool { isAudio(Array(path.utf8)) }

  /// Likewise for a path that need not be a text.
  public static func isAudio(_ path: [UInt8]) -> Bool {
    guard let dot = path.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return extensions.contains(String(decoding: path[(dot + 1)...], as: UTF8.self).lowercased())
  }
}

extension Inspection {
  /// Whether the file is neither named nor shaped like audio: a text beside the music, a picture, a playlist.
  public var isOtherFile: Bool { Self.isOtherFile(named: Array(path.utf8), failure: failure?.code) }

  /// The same by a file's path and why it could not be used.
  package static func isOtherFile(named path: [UInt8], failure: AudioFileError.Code?) -> Bool {
    (failure == .notAudio || failure == .empty) && !AudioFileName.isAudio(path)
  }
}
