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
  package static func sentence(_ error: EngineError) -> String {
    switch error {
    case .noSoundFont: "\(error); name an .sf2 or .sf3 file"
    case .noSoundFontInstalled:
      "\(error); install one (apt install musescore-general-soundfont-small), or name any .sf2 or .sf3 file in "
        + SoundFont.variable
    case .badSoundFont: "\(error); name another in \(SoundFont.variable)"
    case .noSynthesizer: "\(error); install it: apt install libfluidsynth3, or brew install fluid-synth"
    case .tooLong, .silent, .synthesizerFailed: "\(error)"
    }
  }
}
