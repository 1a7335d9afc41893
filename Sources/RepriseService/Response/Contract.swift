import Foundation

/// The wire types of `POST` and `GET /v2/generate/audio`, shared by the client and by the local service.
///
/// Source: the service's public documentation and OpenAPI description, read in November 2026.
public enum Contract {
  /// How far a generation is.
  public enum Status: Sendable, Equatable {
    /// Accepted, not begun.
    case queued
    /// Being made.
    case generating
    /// Done; the result has a URL.
    case completed
    /// Failed for good.
    case error
    /// A word this client does not know, which means that the job is still pending.
    case unknown(String)

    /// Reads the service's word, whatever its case and separators: the contract's own, and those that others have for
    /// the same (`succeeded`, `done`; `failed`, `canceled`, `timed_out`).
    public init(word: String) {
      switch StatusWord(word).meaning {
      case .queued: self = .queued
      case .generating: self = .generating
      case .completed: self = .completed
      case .over: self = .error
      case .notFound, .pending, .unknown: self = .unknown(word)
      }
    }

    /// The service's word.
    public var word: String {
      switch self {
      case .queued: "queued"
      case .generating: "generating"
      case .completed: "completed"
      case .error: "error"
      case .unknown(let word): word
      }
    }

    /// Whether nothing more will happen to the generation.
    public var isFinal: Bool { self == .completed || self == .error }
  }

  /// How the result should be encoded: the request's `audio_setting`.
  public struct AudioSetting: Sendable, Equatable, Codable {
    /// The result's container.
    public enum Format: String, Sendable, Codable, CaseIterable {
      /// MPEG layer III.
      case mp3
      /// RIFF WAVE, 16-bit.
      case wav
      /// Headerless 16-bit little-endian samples.
      case pcm
    }

    /// Hz the service takes.
    public static let sampleRates = [16000, 24000, 32000, 44100]
    /// Bits a second the service takes; they matter to mp3 only.
    public static let bitrates = [32000, 64000, 128_000, 256_000]

    /// One of `sampleRates`.
    public var sampleRate: Int
    /// One of `bitrates`.
    public var bitrate: Int
    /// The container.
    public var format: Format

    /// The service's defaults unless said otherwise.
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
  public struct Generation: Sendable, Codable {
    /// Where the result is.
    public struct AudioFile: Sendable, Codable {
      /// A presigned URL, to be used byte for byte.
      public var url: String
      /// The media type, where the service says it.
      public var contentType: String?
      /// The length in bytes, where the service says it.
      public var fileSize: Int?

      /// A result at `url`.
      public init(url: String, contentType: String? = nil, fileSize: Int? = nil) {
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

    /// Why a generation failed.
    public struct Failure: Sendable, Codable {
      /// The error's class.
      public var name: String?
      /// The service's words.
      public var message: String?

      /// A failure in words.
      public init(name: String?, message: String?) {
        self.name = name
        self.message = message
      }
    }

    /// What it cost.
    public struct Meta: Sendable, Codable {
      /// Credits and dollars.
      public struct Usage: Sendable, Codable {
        /// The service's own unit.
        public var creditsUsed: Double?
        /// US dollars, as they were told: services have said what no cover costs.
        public var usdSpent: Double?

        enum CodingKeys: String, CodingKey {
          case creditsUsed = "credits_used"
          case usdSpent = "usd_spent"
        }

        /// Credits and dollars, where known.
        public init(creditsUsed: Double? = nil, usdSpent: Double? = nil) {
          self.creditsUsed = creditsUsed
          self.usdSpent = usdSpent
        }
      }
      /// Credits and dollars.
      public var usage: Usage?

      /// A cost.
      public init(usage: Usage?) { self.usage = usage }
    }

    /// The generation's id; may hold `:`, `_`, `/`, `%` and begin with `-`.
    public var id: String
    /// The service's word for how far it is.
    public var statusWord: String
    /// The result, once completed.
    public var audioFile: AudioFile?
    /// The reason, once failed.
    public var error: Failure?
    /// The cost, where the service says it.
    public var meta: Meta?
    /// How much of the work is done, 0…1, where the service says it.
    public var progress: Double?

    /// The response that told it, where that lacks something that a person may look for there; no key is in it.
    package var answer: [UInt8]?

    /// How far the generation is.
    public var status: Status { Status(word: statusWord) }

    /// Whether two ids name one generation: they are equal, or one leaves out the model after a colon.
    static func isSame(_ id: String, as asked: String) -> Bool {
      id == asked || id.hasPrefix(asked + ":") || asked.hasPrefix(id + ":")
    }

    /// A response.
    public init(
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
  public struct ErrorBody: Sendable, Codable {
    /// What was wrong, in words.
    public var message: String
    /// The path that was asked for.
    public var path: String?
    /// The request's id, echoed or made up.
    public var requestId: String?
    /// The HTTP status; the service sends a string or an integer.
    public var statusCode: Int?
    /// ISO 8601, UTC.
    public var timestamp: String?

    /// An error body.
    public init(message: String, path: String?, requestId: String?, statusCode: Int?, timestamp: String?) {
      self.message = message
      self.path = path
      self.requestId = requestId
      self.statusCode = statusCode
      self.timestamp = timestamp
    }

    /// Takes `statusCode` as a string or as an integer, and `message` as a string or as a list of them.
    public init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      if let words = try? fields.decode(String.self, forKey: .message) {
        message = words
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
