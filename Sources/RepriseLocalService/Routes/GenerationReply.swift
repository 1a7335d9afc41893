internal import RepriseService

/// Serializes a generation for the client.
enum GenerationReply {
  /// Returns the response to a submission or a poll.
  ///
  /// - Parameters:
  ///   - record: The generation.
  ///   - resultURL: URL of a completed generation's result.
  ///   - progress: Fraction of a running generation that is done, 0…1.
  /// - Returns: The response.
  static func make(_ record: GenerationRecord, resultURL: String?, progress: Double? = nil) -> Reply {
    var generation = Contract.Generation(
      id: record.id, status: status(record.state), meta: .init(usage: .init(creditsUsed: 0, usdSpent: 0)))
    switch record.state {
    case .queued: break
    case .generating: generation.progress = progress.map { ($0 * 100).rounded(.down) / 100 }
    case .completed(let bytes):
      generation.audioFile = resultURL.map {
        .init(url: $0, contentType: record.submission.setting.format.mediaType, fileSize: bytes)
      }
    case .failed(let failure): generation.error = .init(name: failure.name, message: failure.message)
    }
    return .json(
      200, JSONBody.data(generation),
      headers: [
        ("x-inference-id", record.id), ("x-aimlapi-credits-used", "0"), ("x-aimlapi-usd-spent", "0"),
      ])
  }

  private static func status(_ state: GenerationRecord.State) -> Contract.Status {
    switch state {
    case .queued: .queued
    case .generating: .generating
    case .completed: .completed
    case .failed: .error
    }
  }
}

extension Contract.AudioSetting.Format {
  /// Media type of a result; headerless samples have none of their own.
  var mediaType: String {
    switch self {
    case .mp3: "audio/mpeg"
    case .wav: "audio/wav"
    case .pcm: "application/octet-stream"
    }
  }
}
