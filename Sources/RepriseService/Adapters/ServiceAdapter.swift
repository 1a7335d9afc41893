import RepriseSystem

/// What is particular to one shape of service: how it is asked and how its answers are read. Pure: no file, no socket.
///
/// `CoverClient` and `RequestBody` know services through this alone; another shape is another adapter and a case below.
protocol ServiceAdapter: Sendable {
  /// Where the service is, found usable.
  var address: ServiceAddress { get }
  /// Whether the answer to a submission is the result itself: it takes minutes, may be large, and can't be asked for again.
  var answersWithResult: Bool { get }
  /// Where a submission goes.
  func submission() throws(ServiceError) -> WebAddress
  /// Where to ask how far a generation is.
  ///
  /// - Throws: `ServiceError` (`notFound`) where nothing can be asked.
  func question(id: String) throws(ServiceError) -> WebAddress
  /// A submission's body, in the service's names.
  func layout(of request: CoverRequest) -> BodyLayout
  /// What an answer to a submission accepts; nil if it accepts nothing that can be had later.
  func submitted(_ answer: SubmissionAnswer) -> Submitted?
  /// What an answer means that accepts nothing.
  func refusal(_ answer: SubmissionAnswer) -> ServiceError
  /// What a 2xx answer to a question says; nil if it is no generation.
  func generation(_ body: [UInt8], asked: String) -> Contract.Generation?
}

extension ServiceDescription {
  /// The adapter of the service's shape.
  ///
  /// - Throws: `ServiceError` (`refused`) if the base URL is not usable.
  func adapter() throws(ServiceError) -> any ServiceAdapter {
    switch shape {
    case .generations: try GenerationsAdapter(self)
    case .minimax: try MiniMaxAdapter(self)
    }
  }

  /// Whether the service answers a submission with its result, after minutes of work in which it may break anywhere.
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
  /// The audio a cover is made of.
  enum Reference: Sendable {
    /// The service fetches it.
    case url(String)
    /// Its bytes travel in Base64, with some text before them.
    case file(path: String, before: String)
  }

  /// Names, and values as JSON, in order.
  var fields: [(name: String, json: String)]
  /// The name under which the reference travels.
  var referenceField: String
  /// The reference.
  var reference: Reference

  /// What all shapes have in common: the model, the words, the setting and the reference, by the service's names.
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

/// What came back on a submission, for an adapter to read.
struct SubmissionAnswer: Sendable {
  /// Status, headers and body; of a body that is kept in a file the outline: long strings are left out.
  var http: HTTPAnswer
  /// The file that holds the whole body, if it was kept.
  var keptAt: String?
  /// How many bytes were sent.
  var bodyBytes: Int
  /// What the submission is known by.
  var requestID: ClientRequestID
  /// What it was sent with.
  var key: APIKey?
}

extension SubmissionAnswer {
  /// Puts a kept answer on the disk and reads its outline; one that can't be read has none, and so accepts nothing.
  init(
    http: HTTPAnswer, keeping file: AnswerFile?, bodyBytes: Int, requestID: ClientRequestID, key: APIKey?
  ) async {
    self.init(http: http, keptAt: nil, bodyBytes: bodyBytes, requestID: requestID, key: key)
    guard let file, (200...299).contains(http.status) else { return }
    keptAt = file.path
    let outline = try? await offPool("reprise.answer") { cancellation in
      try file.settle()
      try? InlineAnswer.decompress(file.path, limit: InlineAnswer.largestPlain)
      // A cancelled caller has its answer all the same: it is there.
      return try InlineAnswer.outline(of: file.path, cancellation: Cancellation()).text
    }
    self.http.body = outline ?? []
  }
}
