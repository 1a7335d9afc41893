internal import Foundation
package import RepriseAnalysis
package import RepriseEngine

// The `error` of a poll for each error of the engine; the messages are part of this service's own contract.
extension CoverFailure {
  /// Creates the failure for a reference that cannot be analysed.
  package init(_ error: AnalysisError) {
    let advice: String? =
      switch error {
      case .tooShort(_, let minimum): String(format: "give at least %.0f s", minimum)
      case .tooLong: "cut the recording"
      case .silent: "there is nothing to cover"
      case .unsupportedAudio: nil
      }
    self.init("\(error)", advice: advice)
  }

  /// Creates the failure for a cover that cannot be made.
  package init(_ error: EngineError) {
    let advice: String? =
      switch error {
      case .noSoundFont: "name an .sf2 or .sf3 file"
      case .noSoundFontInstalled:
        "install one (apt install musescore-general-soundfont-small), or name any .sf2 or .sf3 file in "
          + SoundFont.variable
      case .badSoundFont(_, .setting): "name another"
      case .badSoundFont: "name another in \(SoundFont.variable)"
      case .noSynthesizer: "install it: apt install libfluidsynth3, or brew install fluid-synth"
      case .tooLong, .silent, .synthesizerFailed: nil
      }
    self.init("\(error)", advice: advice)
  }

  private init(_ fact: String, advice: String?) {
    self.init(name: "EngineError", message: advice.map { "\(fact); \($0)" } ?? fact)
  }
}
