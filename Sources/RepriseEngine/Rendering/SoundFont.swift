import Foundation
import RepriseSystem

/// The source of the instruments: a file of sampled instruments in SoundFont 2 format, or its compressed form sf3.
public struct SoundFont: Sendable, Equatable {
  /// The setting that named a SoundFont.
  public enum Source: Sendable, Equatable, CustomStringConvertible {
    /// The caller that creates the engine.
    case setting
    /// The environment variable `SoundFont.variable`.
    case environment

    /// A word or two for messages.
    public var description: String {
      switch self {
      case .setting: "the setting"
      case .environment: SoundFont.variable
      }
    }
  }

  /// The environment variable that names a SoundFont.
  package static let variable = "REPRISE_SOUNDFONT"

  /// Path of the file.
  package let path: String

  /// Finds the SoundFont: the one named by `setting`, else by `REPRISE_SOUNDFONT`, else the first one installed where
  /// Debian and Homebrew put them.
  ///
  /// `environment` is the process's own unless given.
  ///
  /// - Throws: `EngineError` with `noSoundFont` if there is none, or if the one named does not exist.
  package init(
    setting: String?, environment: [String: String]? = nil
  ) throws(EngineError) {
    let files = FileManager.default
    let environment = environment ?? Environment.current
    let named = [(setting, Source.setting), (environment[Self.variable], .environment)]
    for (path, source) in named {
      guard let path, !path.isEmpty else { continue }
      var isDirectory: ObjCBool = false
      guard unsafe files.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
        throw .noSoundFont(path: path, namedBy: source)
      }
      self.path = path
      return
    }
    guard let found = Self.installed(in: Self.directories, files: files) else {
      throw .noSoundFontInstalled
    }
    path = found
  }

  static let directories = [
    "/usr/share/sounds/sf3", "/usr/share/sounds/sf2", "/usr/share/soundfonts", "/opt/homebrew/share/soundfonts",
    "/opt/homebrew/share/fluid-synth/sf2", "/usr/local/share/soundfonts", "/usr/local/share/fluid-synth/sf2",
  ]

  // The SoundFont used to balance the arrangements comes first, then the system's default, then any.
  private static func installed(in directories: [String], files: FileManager) -> String? {
    let candidates = directories.flatMap { directory in
      ((try? files.contentsOfDirectory(atPath: directory)) ?? []).sorted()
        .filter { [".sf3", ".sf2"].contains(where: $0.lowercased().hasSuffix) }
        .map { (name: $0, path: directory + "/" + $0) }
        // An alternatives link may dangle.
        .filter { files.fileExists(atPath: $0.path) }
    }
    let preferred =
      candidates.first { $0.name == "MuseScore_General_Lite.sf3" } ?? candidates.first { $0.name.hasPrefix("default") }
      ?? candidates.first { $0.name.hasPrefix("MuseScore_General") } ?? candidates.first
    return preferred?.path
  }
}
