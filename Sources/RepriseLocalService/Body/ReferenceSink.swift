/// The form of a submission's `reference_audio_url`.
package enum Reference: Equatable, Sendable {
  /// Audio included in the submission, decoded into this file.
  case file(path: String, bytes: Int)
  /// A link to fetch.
  case link(String)
}

/// The reason for which `reference_audio_url` cannot be used, as a phrase that follows the member's name.
package struct ReferenceProblem: Error, Equatable, Sendable {
  /// A phrase such as "is not Base64: …".
  package let message: String
}

/// Receives the text of `reference_audio_url`: a `data:` URI, raw Base64 or an http(s) link, distinguished by the first
/// characters.
///
/// Audio goes to a file while it is decoded; after an error, the rest is only counted.
package struct ReferenceSink: TextSink, ~Copyable {
  private enum Form {
    /// Too few characters to distinguish the forms.
    case unknown
    /// The part of a `data:` URI before its comma.
    case dataHeader
    case base64
    case link
    case refused
  }

  private let path: String
  private let maximumBytes: Int
  private var form: Form = .unknown
  private var head: [UInt8] = []
  private var length = 0
  private var dataOffset = 0
  private var decoder = Base64Decoder()
  private var decoded: [UInt8] = []
  private var decodedBytes = 0
  private var file: ScratchFile?
  private var problem: ReferenceProblem?

  /// Maximum length of a link, in bytes.
  private static let longestLink = 8192
  /// Maximum length of the part of a `data:` URI before its comma, in bytes.
  private static let longestHeader = 256

  /// Creates a sink.
  ///
  /// - Parameters:
  ///   - path: Path of the file to create for audio.
  ///   - maximumBytes: Maximum number of bytes of audio.
  package init(path: String, maximumBytes: Int) {
    self.path = path
    self.maximumBytes = maximumBytes
  }

  package mutating func append(_ byte: UInt8) throws {
    // On the heap, as inline arrays want macOS 26; only escaped characters come this way.
    let one = [byte]
    try append(one.span)
  }

  package mutating func append(_ text: borrowing Span<UInt8>) throws {
    var index = 0
    while index < text.count {
      switch form {
      case .unknown, .dataHeader, .link:
        head.append(text[index])
        length += 1
        index += 1
        try readHead()
      case .base64:
        let rest = text.extracting(index..<text.count)
        length += rest.count
        index = text.count
        try decode(rest)
      case .refused:
        length += text.count - index
        index = text.count
      }
    }
  }

  /// Returns the complete value.
  ///
  /// - Throws: `ReferenceProblem` if the value cannot be used, or `FileError` if the audio could not be written.
  package mutating func finish() throws -> Reference {
    if case .unknown = form, !head.isEmpty { try beginBase64(withHead: true) }
    if case .dataHeader = form { refuse("is a data: URI without a comma") }
    if case .base64 = form {
      do { try decoder.finish() } catch { refuse(message(of: error)) }
    }
    if let problem { throw problem }
    if case .link = form { return .link(String(decoding: head, as: UTF8.self)) }
    if decodedBytes > maximumBytes {
      throw ReferenceProblem(
        message:
          "holds \(decodedBytes) bytes of audio, \(decodedBytes - maximumBytes) over the limit of \(maximumBytes)")
    }
    guard decodedBytes > 0, file != nil else { throw ReferenceProblem(message: "is empty") }
    try file?.keep()
    return .file(path: path, bytes: decodedBytes)
  }

  // MARK: - Telling the forms apart

  private mutating func readHead() throws {
    guard let last = head.last else { return }
    switch form {
    case .unknown:
      if last == UInt8(ascii: ":") {
        begin(scheme: String(decoding: head.dropLast(), as: UTF8.self).lowercased())
      } else if head.count > 16 || !Self.isSchemeCharacter(last) {
        try beginBase64(withHead: true)
      }
    case .dataHeader:
      if last == UInt8(ascii: ",") {
        try beginData()
      } else if head.count > Self.longestHeader {
        refuse("is a data: URI without a comma in its first \(Self.longestHeader) characters")
      }
    default:
      if head.count > Self.longestLink { refuse("is a link of more than \(Self.longestLink) characters") }
    }
  }

  private mutating func begin(scheme: String) {
    switch scheme {
    case "data": form = .dataHeader
    case "http", "https": form = .link
    default: refuse("has the scheme '\(scheme)'; send a data: URI, Base64, or an http(s) link")
    }
  }

  private mutating func beginData() throws {
    let mediaType = String(decoding: head.dropFirst("data:".utf8.count).dropLast(), as: UTF8.self).lowercased()
    let parts = mediaType.split(separator: ";", omittingEmptySubsequences: false)
    let media = parts.first.map(String.init) ?? ""
    guard media.hasPrefix("audio/") || media == "application/octet-stream" else {
      return refuse("is a data: URI of '\(media)'; audio is wanted, as in data:audio/mpeg;base64,…")
    }
    guard parts.dropFirst().last == "base64" else {
      return refuse("is a data: URI that does not say ';base64' before its comma")
    }
    dataOffset = length
    try beginBase64(withHead: false)
  }

  private mutating func beginBase64(withHead: Bool) throws {
    form = .base64
    let text = head
    head = []
    if withHead { try decode(text.span) }
  }

  private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  // MARK: - Decoding

  private mutating func decode(_ text: borrowing Span<UInt8>) throws {
    decoded.removeAll(keepingCapacity: true)
    do {
      try decoder.decode(text, into: &decoded)
    } catch {
      return refuse(message(of: error))
    }
    decodedBytes += decoded.count
    guard decodedBytes <= maximumBytes else {
      // The limit is passed: count on, so that the response can tell the excess, but keep nothing.
      file = nil
      return
    }
    if file == nil { file = try ScratchFile(path: path) }
    try file?.append(decoded)
  }

  private mutating func refuse(_ message: String) {
    problem = ReferenceProblem(message: message)
    form = .refused
    head = []
    file = nil
  }

  private func message(of failure: Base64Decoder.Failure) -> String {
    switch failure {
    case .character(let character, let offset):
      let shown =
        character > 0x20 && character < 0x7F
        ? "'\(Character(Unicode.Scalar(character)))'" : "byte 0x" + String(character, radix: 16, uppercase: true)
      return "is not Base64: \(shown) at character \(dataOffset + offset)"
    case .unfinished(let length):
      return "is not Base64: its \(length) characters are no multiple of four; padding is missing or it was cut off"
    case .leftoverBits(let offset):
      return "is not Base64: the character at \(dataOffset + offset) holds bits that belong to no byte"
    }
  }
}
