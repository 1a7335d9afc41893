import Foundation

/// The wire types of `POST` and `GET /v2/generate/audio`, shared by the client and by the local service.
///
/// Source: the service's public documentation and OpenAPI description, read in November 2026.
public enum Contract {
  /// The status of a generation.
  public enum Status: Sendable, Equatable {
    /// The generation is accepted and not begun.
    case queued
    /// The generation is being made.
    case generating
    /// The generation is done; the result has a URL.
    case completed
    /// The generation failed for good.
    case error
    /// A word unknown to this client, which means that the job is still pending.
    case unknown(String)

    /// Parses the service's status word, whatever its case and separators.
    ///
    /// The contract's own words are accepted, and those that other services use instead (`succeeded`, `done`; `failed`,
    /// `canceled`, `timed_out`).
    package init(word: String) {
      switch StatusWord(word).meaning {
      case .queued: self = .queued
      case .generating: self = .generating
      case .completed: self = .completed
      case .over: self = .error
      case .notFound, .pending, .unknown: self = .unknown(word)
      }
    }

    /// Status word of the service.
    package var word: String {
      switch self {
      case .queued: "queued"
      case .generating: "generating"
      case .completed: "completed"
      case .error: "error"
      case .unknown(let word): word
      }
    }

    /// `true` if the status of the generation cannot change any more.
    package var isFinal: Bool { self == .completed || self == .error }
  }

  /// The encoding of the result: the request's `audio_setting`.
  public struct AudioSetting: Sendable, Equatable, Codable {
    /// The container of the result.
    public enum Format: String, Sendable, Codable, CaseIterable {
      /// MPEG layer III.
      case mp3
      /// RIFF WAVE, 16-bit.
      case wav
      /// Headerless 16-bit little-endian samples.
      case pcm
    }

    /// Sample rates in hertz that the service accepts.
    package static let sampleRates = [16000, 24000, 32000, 44100]
    /// Bit rates in bits per second that the service accepts; they affect mp3 only.
    package static let bitrates = [32000, 64000, 128_000, 256_000]

    /// Sample rate in hertz, one of `sampleRates`.
    package var sampleRate: Int
    /// Bit rate in bits per second, one of `bitrates`.
    package var bitrate: Int
    /// Container of the result.
    package var format: Format

    /// Creates a setting, with the service's defaults unless given.
    public init(sampleRate: Int = 44100, bitrate: Int = 256_000, format: Format = .mp3) {
      self.sampleRate = sampleRate
      self.bitrate = bitrate
      self.format = format
    }

    enum CodingKeys: String, CodingKey {
      case sampleRate = "sample_rate"
      case bitrate, format
    }
  }

  /// The response to a submission and to a poll.
  package struct Generation: Sendable, Codable {
    /// The location and the properties of the result.
    package struct AudioFile: Sendable, Codable {
      /// Presigned URL, to be used byte for byte.
      package var url: String
      /// Media type, if the service reports it.
      package var contentType: String?
      /// Length in bytes, if the service reports it.
      package var fileSize: Int?

      /// Creates the description of a result at `url`.
      package init(url: String, contentType: String? = nil, fileSize: Int? = nil) {
        self.url = url
        self.contentType = contentType
        self.fileSize = fileSize
      }

      enum CodingKeys: String, CodingKey {
        case url
        case contentType = "content_type"
        case fileSize = "file_size"
      }
    }

    /// The reason why a generation failed.
    package struct Failure: Sendable, Codable {
      /// Class of the error.
      package var name: String?
      /// Message of the service.
      package var message: String?

      /// Creates a failure from its class and message.
      package init(name: String?, message: String?) {
        self.name = name
        self.message = message
      }
    }

    /// The cost of a generation.
    package struct Meta: Sendable, Codable {
      /// The cost in credits and dollars.
      package struct Usage: Sendable, Codable {
        /// Cost in the service's own unit.
        package var creditsUsed: Double?
        /// Cost in US dollars, as reported: services have reported implausible costs.
        package var usdSpent: Double?

        enum CodingKeys: String, CodingKey {
          case creditsUsed = "credits_used"
          case usdSpent = "usd_spent"
        }

        /// Creates a cost, in as far as it is known.
        package init(creditsUsed: Double? = nil, usdSpent: Double? = nil) {
          self.creditsUsed = creditsUsed
          self.usdSpent = usdSpent
        }
      }
      /// Cost in credits and dollars.
      package var usage: Usage?

      /// Creates the description of a cost.
      package init(usage: Usage?) { self.usage = usage }
    }

    /// Id of the generation; may hold `:`, `_`, `/`, `%` and begin with `-`.
    package var id: String
    /// Status word of the service.
    package var statusWord: String
    /// Result, once completed.
    package var audioFile: AudioFile?
    /// Reason, once failed.
    package var error: Failure?
    /// Cost, if the service reports it.
    package var meta: Meta?
    /// Share of the work that is done, 0…1, if the service reports it.
    package var progress: Double?

    /// Response that reported the generation, if that lacks something for which a user may look there; it holds no key.
    package var answer: [UInt8]?

    /// Status of the generation.
    package var status: Status { Status(word: statusWord) }

    /// `true` if two ids name the same generation: they are equal, or one omits the model after a colon.
    static func isSame(_ id: String, as asked: String) -> Bool {
      id == asked || id.hasPrefix(asked + ":") || asked.hasPrefix(id + ":")
    }

    /// Creates a response.
    package init(
      id: String, status: Status, audioFile: AudioFile? = nil, error: Failure? = nil, meta: Meta? = nil,
      progress: Double? = nil
    ) {
      self.id = id
      statusWord = status.word
      self.audioFile = audioFile
      self.error = error
      self.meta = meta
      self.progress = progress
    }

    enum CodingKeys: String, CodingKey {
      case id, error, meta, progress
      case statusWord = "status"
      case audioFile = "audio_file"
    }
  }

  /// The service's error body: `{message, path, requestId, statusCode, timestamp}`.
  package struct ErrorBody: Sendable, Codable {
    /// Message of the error.
    package var message: String
    /// Path of the request.
    package var path: String?
    /// Id of the request, echoed or generated.
    package var requestId: String?
    /// HTTP status; the service sends a string or an integer.
    package var statusCode: Int?
    /// Time in ISO 8601, UTC.
    package var timestamp: String?

    /// Creates an error body.
    package init(message: String, path: String?, requestId: String?, statusCode: Int?, timestamp: String?) {
      self.message = message
      self.path = path
      self.requestId = requestId
      self.statusCode = statusCode
      self.timestamp = timestamp
    }

    /// Decodes an error body, with `statusCode` as a string or as an integer, and `message` as a string or as a list of
    /// them.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: `DecodingError` if the body has another form.
    package init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      if let text = try? fields.decode(String.self, forKey: .message) {
        message = text
      } else {
        message = try fields.decode([String].self, forKey: .message).joined(separator: "; ")
      }
      path = try? fields.decode(String.self, forKey: .path)
      requestId = try? fields.decode(String.self, forKey: .requestId)
      statusCode =
        (try? fields.decode(Int.self, forKey: .statusCode))
        ?? (try? fields.decode(String.self, forKey: .statusCode)).flatMap { Int($0) }
      timestamp = try? fields.decode(String.self, forKey: .timestamp)
    }
  }
}
