package import RepriseService
package import RepriseSystem

/// Hashes (SHA-256) that identify equal requests, from which nothing can be read back.
package enum Fingerprint {
  /// Returns the fingerprint of a purchase: of the audio's content, the prompt and lyrics, the setting, the model and
  /// the service.
  ///
  /// - Parameters:
  ///   - audio: SHA-256 of the audio to send.
  ///   - brief: The brief of the cover.
  ///   - service: The service.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `DigestError` if the system's cryptographic library is missing.
  package static func purchase(audio: String, _ brief: CoverBrief, at service: ServiceDescription)
    throws(DigestError) -> String
  {
    try hash([audio] + texts(brief) + [service.model, service.baseURL])
  }

  /// Returns the fingerprint of a manifest row, without reading the recording: of its path and state, the prompt and
  /// lyrics, the output, the setting and everything else that changes the audio sent.
  ///
  /// - Parameters:
  ///   - recording: Absolute path of the recording; the file's size and modification time count too.
  ///   - brief: The brief of the cover.
  ///   - output: Absolute path of the output.
  ///   - changes: A text that differs if the cut or conversion of the recording differs.
  ///   - service: The service.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `DigestError` if the system's cryptographic library is missing.
  package static func row(
    recording: String, _ brief: CoverBrief, output: String, changes: String, at service: ServiceDescription
  ) throws(DigestError) -> String {
    try hash(
      [recording, FileIdentity.stamp(at: recording) ?? "missing", output, changes] + texts(brief) + [
        service.model, service.baseURL,
      ])
  }

  private static func texts(_ brief: CoverBrief) -> [String] {
    // A setting that is not requested is the service's default, and equal to a request for that default.
    let setting = brief.setting ?? Contract.AudioSetting()
    return [
      brief.prompt, brief.lyrics.map { "lyrics " + $0 } ?? "none",
      "\(setting.format.rawValue) \(setting.sampleRate) \(setting.bitrate)",
    ]
  }

  /// Returns the hash of a list of texts, each preceded by its length, so that no two lists give the same sequence of
  /// bytes.
  ///
  /// - Throws: `DigestError` if the system's cryptographic library is missing.
  package static func hash(_ texts: [String]) throws(DigestError) -> String {
    try SHA256.hex(of: texts.map { "\($0.utf8.count):\($0)" }.joined())
  }
}
