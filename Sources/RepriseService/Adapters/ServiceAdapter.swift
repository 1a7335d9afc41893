import RepriseSystem

/// The requests and responses particular to one shape of service.
///
/// Adapters are pure: they use no file and no socket. `CoverClient` and `RequestBody` know services through this
/// protocol alone; another shape needs another adapter and a case below.
protocol ServiceAdapter: Sendable {
  /// Base URL of the service, found usable.
  var address: ServiceAddress { get }
  /// `true` if the response to a submission is the result itself.
  ///
  /// Such a response takes minutes, may be large, and cannot be requested again.
  var answersWithResult: Bool { get }
  /// Returns the address to which a submission is posted.
  func submission() throws(ServiceError) -> WebAddress
  /// Returns the address that reports the status of a generation.
  ///
  /// - Parameter id: The generation's id.
  /// - Returns: The address.
  /// - Throws: `ServiceError` (`notFound`) if the service cannot be queried.
  func question(id: String) throws(ServiceError) -> WebAddress
  /// Returns a submission's body, with the service's field names.
  func layout(of request: CoverRequest) -> BodyLayout
  /// Returns the accepted submission that a response reports, or `nil` if nothing that can be had later was accepted.
  func submitted(_ answer: SubmissionAnswer) -> Submitted?
  /// Returns the error for a response that accepts nothing.
  func refusal(_ answer: SubmissionAnswer) -> ServiceError
  /// Returns the generation in a 2xx response to a status query, or `nil` if the body is no generation.
  func generation(_ body: [UInt8], asked: String) -> Contract.Generation?
}

extension ServiceDescription {
  /// Returns the adapter for the service's shape.
  ///
  /// - Returns: The adapter.
  /// - Throws: `ServiceError` (`refused`) if the base URL is not usable.
  func adapter() throws(ServiceError) -> any ServiceAdapter {
    switch shape {
    case .generations: try GenerationsAdapter(self)
    case .minimax: try MiniMaxAdapter(self)
    }
  }

  /// `true` if the response to a submission is the result, after minutes of work during which it may fail at any point.
  var answersWithResult: Bool {
    switch shape {
    case .generations: false
    case .minimax: true
    }
  }

  /// Names that the shape itself gives to fields of a body.
  var reservedFields: [String] {
    switch shape {
    case .generations: []
    case .minimax: [MiniMaxAdapter.formatField]
    }
  }
}

/// A body as its parts; the reference comes last, since it may be the audio itself.
struct BodyLayout: Sendable {
  /// The audio from which a cover is made.
  enum Reference: Sendable {
    /// A URL from which the service fetches the audio.
    case url(String)
    /// A file whose bytes are sent in Base64, after some text.
    case file(path: String, before: String)
  }

  /// Names of fields with their values as JSON, in order.
  var fields: [(name: String, json: String)]
  /// Name of the field that holds the reference.
  var referenceField: String
  /// The audio from which the cover is made.
  var reference: Reference

  /// Creates the layout common to all shapes: model, texts, setting and reference, by the service's field names.
  init(_ request: CoverRequest, for service: ServiceDescription) {
    let names = service.fields
    fields = [(names.model, JSONText.of(service.model)), (names.prompt, JSONText.of(request.prompt))]
    if let lyrics = request.lyrics { fields.append((names.lyrics, JSONText.of(lyrics))) }
    if let setting = request.setting { fields.append((names.setting, JSONText.of(setting))) }
    switch request.reference {
    case .url(let url):
      referenceField = names.referenceURL ?? names.reference
      reference = .url(url)
    case .file(let path, let format):
      referenceField = names.reference
      let label = service.mediaTypes[format] ?? "audio/\(format)"
      reference = .file(path: path, before: service.base64Form == .dataURI ? "data:\(label);base64," : "")
    }
  }
}

/// The response to a submission, to be read by an adapter.
struct SubmissionAnswer: Sendable {
  /// Status, header fields and body; the outline, without long strings, of a body that is kept in a file.
  var http: HTTPAnswer
  /// File that holds the whole body, if that was kept.
  var keptAt: String?
  /// Number of body bytes that were sent.
  var bodyBytes: Int
  /// Client request id of the submission.
  var requestID: ClientRequestID
  /// Key with which the submission was sent.
  var key: APIKey?
}

extension SubmissionAnswer {
  /// Flushes a kept response to disk and reads its outline.
  ///
  /// A response that cannot be read has no outline, and so accepts nothing.
  init(
    http: HTTPAnswer, keeping file: AnswerFile?, bodyBytes: Int, requestID: ClientRequestID, key: APIKey?
  ) async {
    self.init(http: http, keptAt: nil, bodyBytes: bodyBytes, requestID: requestID, key: key)
    guard let file, (200...299).contains(http.status) else { return }
    keptAt = file.path
    let outline = try? await offPool("reprise.answer") { cancellation in
      try file.settle()
      try? InlineAnswer.decompress(file.path, limit: InlineAnswer.largestPlain)
      // A cancelled caller gets the response all the same, since it has been received.
      return try InlineAnswer.outline(of: file.path, cancellation: Cancellation()).text
    }
    self.http.body = outline ?? []
  }
}
