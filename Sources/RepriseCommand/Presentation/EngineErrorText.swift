import Foundation
package import RepriseAnalysis
package import RepriseEngine

/// The text of analysis and engine errors: cause, values and advice.
package enum EngineErrorText {
  /// Returns the sentence for an error of the analysis.
  package static func sentence(_ error: AnalysisError) -> String {
    switch error {
    case .tooShort(_, let minimum): "\(error); give at least \(String(format: "%.0f", minimum)) s"
    case .tooLong: "\(error); cut the recording"
    case .silent: "\(error); there is nothing to cover"
    case .unsupportedAudio: "\(error)"
    }
  }

  /// Returns the sentence for an error of the engine.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - option: The option by which the command names a SoundFont; `nil` if it has none.
  /// - Returns: The sentence.
  package static func sentence(_ error: EngineError, named option: String? = nil) -> String {
    switch error {
    case .noSoundFont(let path, let source):
      "\(path): no such SoundFont (named by \(name(source, option))); name an .sf2 or .sf3 file"
    case .noSoundFontInstalled:
      "\(error); install one (apt install musescore-general-soundfont-small), or name any .sf2 or .sf3 file \(way(option))"
    case .badSoundFont(_, .installation): "\(error); name another \(way(option))"
    case .badSoundFont(_, let source): "\(error) (named by \(name(source, option))); name another"
    case .noSynthesizer: "\(error); install it: apt install libfluidsynth3, or brew install fluid-synth"
    case .tooLong, .silent, .synthesizerFailed: "\(error)"
    }
  }

  private static func name(_ source: SoundFont.Source, _ option: String?) -> String {
    switch source {
    case .setting: option ?? "\(source)"
    case .environment, .installation: "\(source)"
    }
  }

  private static func way(_ option: String?) -> String {
    option.map { "by \($0) or in \(SoundFont.variable)" } ?? "in \(SoundFont.variable)"
  }
}
