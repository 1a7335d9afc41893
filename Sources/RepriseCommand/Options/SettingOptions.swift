public import ArgumentParser
internal import RepriseService

/// The requested encoding of the result: the request's `audio_setting`.
struct SettingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The result's format: mp3, wav or pcm. (default: mp3)", valueName: "format"))
  var format: Contract.AudioSetting.Format?

  @Option(
    help: ArgumentHelp(
      "The result's sample rate: 16k, 24k, 32k or 44.1k, also in full (44100). (default: 44100)", valueName: "Hz"),
    transform: { try UnitArguments.sampleRate($0, among: Contract.AudioSetting.sampleRates) })
  var sampleRate: Int?

  @Option(
    help: ArgumentHelp(
      "The mp3's bit rate: 32k, 64k, 128k or 256k, also in full (256000). (default: 256000)", valueName: "bit/s"),
    transform: { try UnitArguments.bitRate($0, among: Contract.AudioSetting.bitrates) })
  var bitrate: Int?

  /// `true` if the user requested any of these settings.
  var wasAsked: Bool { format != nil || sampleRate != nil || bitrate != nil }

  /// Returns a remark on a bit rate that has no effect, since the result is not mp3; `nil` if there is none.
  ///
  /// - Parameter named: The format named by the output's extension.
  /// - Returns: The remark.
  func idleBitRate(_ named: String? = nil) -> String? {
    let format = named ?? setting.format.rawValue
    guard bitrate != nil, format != Contract.AudioSetting.Format.mp3.rawValue else { return nil }
    return "--bitrate has no effect: it is that of an mp3, and the result is \(format)"
  }

  /// Requested settings, with the service's defaults for the others.
  var setting: Contract.AudioSetting {
    var setting = Contract.AudioSetting()
    if let format { setting.format = format }
    if let sampleRate { setting.sampleRate = sampleRate }
    if let bitrate { setting.bitrate = bitrate }
    return setting
  }
}

extension Contract.AudioSetting.Format: ExpressibleByArgument {}
