import Platform

/// A client of one cover service: submits, asks, fetches. It keeps nothing: what must not be lost is the caller's to
/// put on the disk between the calls.
public struct CoverClient: Sendable {
  /// The service.
  public let service: ServiceDescription
  private let key: APIKey?
  private let adapter: GenerationsAdapter

  /// JSON answers are a few hundred bytes; this is beyond any of them.
  private static let largestAnswer = 1_000_000

  /// A client.
  ///
  /// - Parameters:
  ///   - service: whom to ask.
  ///   - key: sent to the service's own host alone; nil if there is none.
  /// - Throws: `ServiceError`: `unauthorized` if the service wants a key and there is none, `refused` if the base URL is
  ///   not usable or the key would travel in clear text.
  public init(service: ServiceDescription, key: APIKey?) throws(ServiceError) {
    adapter = try GenerationsAdapter(service)
    self.service = service
    self.key = service.keyUse == .never ? nil : key
    if service.keyUse == .required && key == nil {
      let variables = service.keyVariables.joined(separator: ", ")
      let file = APIKey.filePath(environment: ["HOME": "~"]) ?? "the key file"
      throw ServiceError(
        .unauthorized,
        "the service '\(service.name)' wants a key: set one of \(variables), or put it into \(file) (chmod 600); "
          + "--service local needs none")
    }
    if self.key != nil, adapter.address.isClearText {
      throw ServiceError(
        .refused,
        "\(adapter.address.text) is not encrypted, so the key would travel in clear text; use https, "
          + "or unset \(service.keyVariables.joined(separator: ", ")) if that service needs none")
    }
  }

  /// Checks a request and makes it ready to be sent once.
  ///
  /// - Throws: `ServiceError`: `validation` or `io`; nothing is sent.
  public func prepare(
    _ request: CoverRequest, requestID: ClientRequestID = .random()
  ) throws(ServiceError) -> PaidRequest {
    PaidRequest(body: try RequestBody(request, for: service), requestID: requestID)
  }

  /// Sends a request, once. Nothing is retried here, and redirects are not followed.
  ///
  /// - Throws: `ServiceError`; `mayHaveBeenAccepted` says whether the submission may cost money all the same.
  public func submit(
    _ request: consuming PaidRequest, progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Submitted {
    let body = request.body
    let requestID = request.requestID
    var sent = headers()
    sent.append(("X-Client-Request-Id", requestID.text))
    let asked = HTTPRequest(
      address: try adapter.submission(), body: body, headers: sent, timeouts: service.timeouts)
    let total = body.byteCount
    let answer: HTTPAnswer
    switch await exchange(asked, progress: { progress(.uploading(sent: $0.sent, total: total)) }) {
    case .success(let value): answer = value
    case .failure(let failure):
      // An answer may carry its id whole and still break: a wrong Content-Length, no last chunk. The id is what was paid for.
      if let partial = failure.answer, let submitted = submitted(partial, requestID) { return submitted }
      throw FailureMeaning(place: place).error(forSubmission: failure, total: total, requestID: requestID)
    }
    if let submitted = submitted(answer, requestID) { return submitted }
    throw AnswerMeaning(service: service, key: key, asked: .submission(bytes: total, requestID: requestID))
      .error(for: answer)
  }

  /// What an answer to a submission accepts; nil if it accepts nothing that can be asked for later.
  private func submitted(_ answer: HTTPAnswer, _ requestID: ClientRequestID) -> Submitted? {
    guard (200...299).contains(answer.status), let generation = GenerationsAdapter.generation(answer.body, key: key)
    else { return nil }
    let usage = generation.meta?.usage
    return Submitted(
      generation: generation, requestID: requestID,
      inferenceID: answer.headers["x-inference-id"].map { printable($0, limit: 200) },
      credits: usage?.creditsUsed ?? JSONFields.amount(answer.headers["x-aimlapi-credits-used"]),
      usd: usage?.usdSpent ?? JSONFields.amount(answer.headers["x-aimlapi-usd-spent"]))
  }

  /// Asks once how far a generation is.
  ///
  /// - Throws: `ServiceError`, with the generation's id in it.
  public func generation(id: String) async throws(ServiceError) -> Contract.Generation {
    let asked = HTTPRequest(address: try adapter.question(id: id), headers: headers(), timeouts: service.timeouts)
    switch await exchange(asked) {
    case .success(let answer):
      if (200...299).contains(answer.status),
        let generation = GenerationsAdapter.generation(answer.body, asked: id, key: key)
      {
        return generation
      }
      throw AnswerMeaning(service: service, key: key, asked: .poll(id: id)).error(for: answer)
    case .failure(let failure):
      var error = FailureMeaning(place: place).error(for: failure)
      error.generationID = id
      throw error
    }
  }

  /// Where the messages say a request went.
  private var place: String { "the service '\(printable(service.name, limit: 80))'" }

  private func headers() -> [(name: String, value: String)] {
    var headers = [(name: "Accept", value: "application/json")]
    if let key { headers.append(("Authorization", "Bearer \(key.secret)")) }
    return headers
  }

  private func exchange(
    _ request: HTTPRequest, progress: @escaping @Sendable (HTTPProgress) -> Void = { _ in }
  ) async -> Result<HTTPAnswer, HTTPFailure> {
    do {
      return .success(
        try await offPool("reprise.http") { cancellation in
          try HTTPClient.perform(
            request, into: .memory(limit: Self.largestAnswer), cancellation: cancellation, progress: progress)
        })
    } catch let failure as HTTPFailure {
      return .failure(failure)
    } catch {
      return .failure(HTTPFailure(kind: .broken, words: "\(error)", requestLeft: true, bodySent: 0))
    }
  }
}
