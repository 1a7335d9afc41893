public import RepriseService
public import RepriseSystem

/// What makes two requests the same: hashes (SHA-256) from which nothing can be read back.
public enum Fingerprint {
  /// What makes two requests one purchase: the audio's content, the words, the setting, the model, the service.
  ///
  /// - Parameters:
  ///   - audio: the SHA-256 of what is sent.
  ///   - brief: What the cover should be like.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `DigestError` where the system's cryptographic library is missing.
  public static func purchase(audio: String, _ brief: CoverBrief, at service: ServiceDescription)
    throws(DigestError) -> String
  {
    try hash([audio] + words(brief) + [service.model, service.baseURL])
  }

  /// What makes two rows of manifests one request, without reading the recording: its path and state, the words, the
  /// output, the setting and whatever else changes what is sent.
  ///
  /// - Parameters:
  ///   - recording: an absolute path; the file's size and time of change count too.
  ///   - changes: how the recording is cut and converted, in any words that differ where that does.
  /// - Throws: `DigestError` where the system's cryptographic library is missing.
  public static func row(
    recording: String, _ brief: CoverBrief, output: String, changes: String, at service: ServiceDescription
  ) throws(DigestError) -> String {
    try hash(
      [recording, FileIdentity.stamp(at: recording) ?? "missing", output, changes] + words(brief) + [
        service.model, service.baseURL,
      ])
  }

  private static func words(_ brief: CoverBrief) -> [String] {
    // What is not asked for is what the service makes by itself: the same as asking for that.
    let setting = brief.setting ?? Contract.AudioSetting()
    return [
      brief.prompt, brief.lyrics.map { "lyrics " + $0 } ?? "none",
      "\(setting.format.rawValue) \(setting.sampleRate) \(setting.bitrate)",
    ]
  }

  /// Each text with its length before it, so that no two lists of texts are one sequence of bytes.
  ///
  /// - Throws: `DigestError` where the system's cryptographic library is missing.
  public static func hash(_ texts: [String]) throws(DigestError) -> String {
    try SHA256.hex(of: texts.map { "\($0.utf8.count):\($0)" }.joined())
  }
}
