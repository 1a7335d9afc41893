public import ArgumentParser
public import CoverService

/// How the result should be encoded: the request's `audio_setting`.
struct SettingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The result's format: mp3, wav or pcm. (default: mp3)", valueName: "format"))
  var format: Contract.AudioSetting.Format?

  @Option(
    help: ArgumentHelp("The result's sample rate: 16000, 24000, 32000 or 44100. (default: 44100)", valueName: "Hz"))
  var sampleRate: Int?

  @Option(
    help: ArgumentHelp("The mp3's bit rate: 32000, 64000, 128000 or 256000. (default: 256000)", valueName: "bit/s"))
  var bitrate: Int?

  func validate() throws {
    try check(sampleRate, among: Contract.AudioSetting.sampleRates, "--sample-rate")
    try check(bitrate, among: Contract.AudioSetting.bitrates, "--bitrate")
  }

  private func check(_ value: Int?, among allowed: [Int], _ option: String) throws {
    if let value, !allowed.contains(value) {
      let list = allowed.map(String.init).joined(separator: ", ")
      throw ValidationError("\(option) takes \(list), not \(value)")
    }
  }

  /// Whether the person asked for anything.
  var wasAsked: Bool { format != nil || sampleRate != nil || bitrate != nil }

  /// What to ask for; the service's defaults fill what was left open.
  var setting: Contract.AudioSetting {
    var setting = Contract.AudioSetting()
    if let format { setting.format = format }
    if let sampleRate { setting.sampleRate = sampleRate }
    if let bitrate { setting.bitrate = bitrate }
    return setting
  }
}

extension Contract.AudioSetting.Format: ExpressibleByArgument {}
