import Foundation

/// The requests and responses of MiniMax's own interface; no other code knows their form.
///
/// The interface is synchronous: one `POST`, whose response is the cover, as a URL or as hexadecimal digits. Nothing
/// can be queried again, and there is no log. Source: MiniMax's API reference, read in November 2026; not tested
/// against the live service.
struct MiniMaxAdapter: ServiceAdapter {
  let service: ServiceDescription
  let address: ServiceAddress
  let answersWithResult = true
  /// Body field that selects the form in which the result is returned.
  static let formatField = "output_format"

  /// Creates an adapter for a service.
  ///
  /// - Parameter service: The service.
  /// - Throws: `ServiceError` (`refused`) if the base URL is not usable.
  init(_ service: ServiceDescription) throws(ServiceError) {
    self.service = service
    address = try ServiceAddress(service.baseURL)
  }

  func submission() throws(ServiceError) -> WebAddress {
    try WebAddress(address.text + service.paths.generate, what: "the service")
  }

  func question(id: String) throws(ServiceError) -> WebAddress {
    throw ServiceError(.notFound, .generation(.answersOnce(peer: service.spokenName)), generationID: id)
  }

  func layout(of request: CoverRequest) -> BodyLayout {
    var layout = BodyLayout(request, for: service)
    layout.fields.append((Self.formatField, JSONText.of(service.resultForm.rawValue)))
    return layout
  }

  func generation(_ body: [UInt8], asked: String) -> Contract.Generation? { nil }

  func submitted(_ answer: SubmissionAnswer) -> Submitted? {
    guard (200...299).contains(answer.http.status), let said = MiniMaxAnswer(answer.http.body),
      said.code == 0 || said.isCut && said.code == nil, !said.isInProgress, let audio = said.audio
    else { return nil }
    var generation = Contract.Generation(id: said.traceID ?? "request:\(answer.requestID)", status: .completed)
    switch audio {
    case .url(let url): generation.audioFile = Contract.Generation.AudioFile(url: url)
    case .inline where answer.keptAt == nil: return nil
    case .inline: break
    }
    var submitted = Submitted(generation: generation, requestID: answer.requestID, inferenceID: said.traceID)
    if case .inline = audio { submitted.inlineAnswer = answer.keptAt }
    return submitted
  }

  func refusal(_ answer: SubmissionAnswer) -> ServiceError {
    let asked = AnswerMeaning.Asked.submission(bytes: answer.bodyBytes, requestID: answer.requestID)
    guard (200...299).contains(answer.http.status) else {
      return AnswerMeaning(service: service, key: answer.key, asked: asked).error(for: answer.http)
    }
    let said = MiniMaxAnswer(answer.http.body)
    var error = meaning(of: said, answer)
    error.status = answer.http.status
    if let value = answer.http.headers["retry-after"] {
      error.retryAfter = RetryAfter.duration(value, date: answer.http.headers["date"])
    }
    return error
  }

  private func meaning(of said: MiniMaxAnswer?, _ answer: SubmissionAnswer) -> ServiceError {
    let status = answer.http.status
    if said?.isInProgress == true { return ambiguous(.inProgress, status, nil, answer) }
    guard let said, !said.isCut, let code = said.code else { return ambiguous(.noVerdict, status, nil, answer) }
    func error(
      _ kind: ServiceError.Code, _ meaning: ServiceError.AnswerProblem.Meaning
    ) -> ServiceError { self.error(kind, code, said.message, meaning) }
    switch code {
    case 1002: return error(.rateLimited, .busy)
    case 1004, 2049:
      return error(
        .unauthorized, .unauthorized(keyOrigin: answer.key?.origin, variable: service.keyVariables.first))
    case 1008: return error(.noCredit, .noCredit)
    case 1026, 1027: return error(.validation, .content)
    case 2013: return error(.validation, .invalid)
    case 1024, 1033: return error(.generationFailed, .failed)
    case 0: return ambiguous(.noAudio, code, said.message, answer)
    case 1000: return ambiguous(.unnamed, code, said.message, answer)
    case 1001: return ambiguous(.gaveUp, code, said.message, answer)
    default: return ambiguous(.undocumented, code, said.message, answer)
    }
  }

  private func error(
    _ kind: ServiceError.Code, _ status: Int, _ said: String?, _ meaning: ServiceError.AnswerProblem.Meaning
  ) -> ServiceError {
    let problem = ServiceError.AnswerProblem(
      who: service.spokenName, asked: .submission, status: status, said: said, meaning: meaning)
    return ServiceError(kind, .answer(problem), mayHaveBeenAccepted: kind == .ambiguous)
  }

  private func ambiguous(
    _ ambiguity: ServiceError.AnswerProblem.Ambiguity, _ status: Int, _ said: String?, _ answer: SubmissionAnswer
  ) -> ServiceError {
    let trace = service.trace(of: answer.requestID)
    return error(.ambiguous, status, said, .ambiguous(ambiguity, trace, keptAt: answer.keptAt))
  }
}

/// A parsed response of MiniMax's interface.
struct MiniMaxAnswer: Sendable {
  /// Location of the audio.
  enum Audio: Sendable, Equatable {
    /// The audio is at a presigned URL.
    case url(String)
    /// The audio is in the response, in hexadecimal digits.
    case inline
  }

  /// `base_resp.status_code`: 0 for success.
  let code: Int?
  /// `base_resp.status_msg`, made safe for a terminal.
  let message: String?
  /// `data.audio`, if it is there and not empty.
  let audio: Audio?
  /// `trace_id`, if it is valid in messages and ledgers.
  let traceID: String?
  /// `true` if `data.status` is 1: the audio is not the whole cover yet.
  ///
  /// [likely], from the reference's streaming responses; 2 means that the audio is whole.
  let isInProgress: Bool
  /// `true` if the end of the response is missing; everything that was parsed was received in full.
  let isCut: Bool

  /// Parses a body, or its outline; fails if that is no JSON object.
  ///
  /// A body whose end is missing is parsed as far as possible if the audio was received in full: it was paid for, and
  /// the audio is verified later.
  init?(_ body: [UInt8]) {
    guard let json = AnswerJSON(body), let fields = json.object else { return nil }
    isCut = json.isCut
    let said = Self.audio(in: fields)
    if isCut, said == nil { return nil }
    let verdict = fields["base_resp"] as? [String: Any]
    code = JSONFields.integer(verdict?["status_code"])
    message = JSONFields.text(verdict?["status_msg"]).map { printable($0) }
      .flatMap { $0.isEmpty ? nil : $0 }
    isInProgress = JSONFields.integer(Self.data(in: fields)?["status"]) == 1
    switch said {
    case let text as String where Self.isURL(text): audio = .url(text)
    case let text as String where !text.isEmpty: audio = .inline
    case is [String: Any]: audio = .inline
    default: audio = nil
    }
    traceID = (fields["trace_id"] as? String).flatMap { id in
      let isPlain = id.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
      return !id.isEmpty && id.utf8.count <= 1024 && isPlain ? id : nil
    }
  }

  /// Returns the object that holds the audio, also if that is the only element of a list.
  private static func data(in fields: [String: Any]) -> [String: Any]? { AnswerJSON.object(fields["data"]) }

  /// Returns the text of `data.audio` or the outline's placeholder, also from a list of one or an object with a `url`.
  static func audio(in fields: [String: Any]) -> Any? {
    var value = data(in: fields)?["audio"]
    if let list = value as? [Any], list.count == 1 { value = list[0] }
    if let inner = value as? [String: Any], let url = inner["url"] as? String { value = url }
    return value
  }

  /// Schemes may be in either case (RFC 3986, section 3.1).
  private static func isURL(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start == "https://"
  }
}
