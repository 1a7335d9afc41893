import Foundation
package import RepriseSystem

/// A client of one cover service, which submits requests, queries generations and downloads results.
///
/// The client keeps nothing: the caller persists between the calls whatever must not be lost.
package struct CoverClient: Sendable {
  /// The service that the client uses.
  package let service: ServiceDescription
  let key: APIKey?
  let adapter: any ServiceAdapter
  /// Time limit of a search of the service's log.
  package var logTimeout = Duration.seconds(90)
  /// Clock for pauses and time limits.
  package var waiting = Waiting.machine

  /// Largest JSON response in bytes; such responses are a few hundred bytes long.
  static let largestAnswer = 1_000_000

  /// Creates a client of a service.
  ///
  /// - Parameters:
  ///   - service: The service.
  ///   - key: The key, sent to the service's own host alone; `nil` if there is none.
  /// - Throws: `ServiceError`: `unauthorized` if the service requires a key and there is none, `refused` if the base
  ///   URL is not usable or the key would be sent in clear text.
  package init(service: ServiceDescription, key: APIKey?) throws(ServiceError) {
    adapter = try service.adapter()
    self.service = service
    self.key = service.keyUse == .never ? nil : key
    if service.keyUse == .required && key == nil { throw APIKey.missing(for: service) }
    if let origin = self.key?.origin, let error = adapter.address.clearTextError(keyFrom: origin) { throw error }
  }

  /// `true` if the service can be queried about a submission; a service whose response is the result cannot.
  package var canBeAsked: Bool { !adapter.answersWithResult }

  /// Returns a mark that distinguishes this client's account from others and from which no key can be recovered.
  ///
  /// - Parameter salt: A salt, different for each use.
  /// - Returns: The mark; `nil` without a key.
  package func accountMark(salt: String) -> String? { key.flatMap { try? SHA256.hex(of: salt + ":" + $0.secret) } }

  /// Validates a request and prepares it to be sent once; nothing is sent.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - requestID: The client request id to send it with.
  /// - Returns: The request, ready to be submitted.
  /// - Throws: `ServiceError`: `validation` or `io`.
  package func prepare(
    _ request: CoverRequest, requestID: ClientRequestID = .random()
  ) throws(ServiceError) -> PaidRequest {
    PaidRequest(body: try RequestBody(request, for: service), requestID: requestID)
  }

  /// Sends a request exactly once, without retries and without following redirects.
  ///
  /// - Parameters:
  ///   - request: The request, consumed whatever the outcome.
  ///   - path: The path at which a response is kept while it is received, if the service's response is the result
  ///     itself; such a response is paid for and comes once. The file is created with mode 0600, must be empty if it
  ///     exists, and stays unless the service refused the request. Other services' responses are not kept.
  ///   - beforeLastBytes: Called once, on a thread that may block, when all but the body's last bytes has been handed
  ///     to the network, so that the caller can record on disk that the service may be about to have a complete
  ///     request. If it throws, the last bytes are never sent, so surely nothing is accepted.
  ///   - progress: Called as the body is sent.
  /// - Returns: The accepted submission.
  /// - Throws: `ServiceError`; `mayHaveBeenAccepted` states whether the submission may be billed all the same.
  package func submit(
    _ request: consuming PaidRequest, keepingAnswerAt path: String? = nil,
    beforeLastBytes: @escaping @Sendable () throws -> Void,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Submitted {
    let body = request.body
    let requestID = request.requestID
    let asked = HTTPRequest(
      address: try adapter.submission(), body: body, headers: headers() + [("X-Client-Request-Id", requestID.text)],
      timeouts: service.timeouts, beforeLastBytes: beforeLastBytes)
    let kept = try answerFile(path)
    let total = body.byteCount
    let outcome = await exchange(
      asked, into: sink(kept), progress: { progress(.uploading(sent: $0.sent, total: total)) })
    func read(_ answer: HTTPAnswer) async -> SubmissionAnswer {
      await SubmissionAnswer(
        http: answer, keeping: kept, bodyBytes: total, requestID: requestID, key: key)
    }
    switch outcome {
    case .success(let answer):
      let answer = await read(answer)
      if let submitted = adapter.submitted(answer) { return submitted }
      var error = adapter.refusal(answer)
      if kept == nil, (200...299).contains(answer.http.status) {
        error.unrecognizedAnswer = UnrecognizedAnswer.kept(answer.http)
      }
      if let kept, !error.mayHaveBeenAccepted || kept.bytes == 0 { kept.discard() }
      throw error
    case .failure(let failure):
      // A response may hold the whole id and still be broken: a wrong Content-Length, no last chunk. The id is what was
      // paid for.
      let partial = kept == nil ? failure.usableAnswer : failure.answer
      if let partial, let submitted = adapter.submitted(await read(partial)) { return submitted }
      let isKept = kept.map { $0.bytes > 0 } ?? false
      if !isKept { kept?.discard() }
      throw FailureMeaning(peer: peer).error(
        forSubmission: failure, total: total, keptAt: isKept ? path : nil, trace: service.trace(of: requestID))
    }
  }

  private func answerFile(_ path: String?) throws(ServiceError) -> AnswerFile? {
    guard adapter.answersWithResult else { return nil }
    guard let path else {
      if service.resultForm == .url { return nil }
      throw ServiceError(
        .io, .detail("\(peer) answers with the cover itself, and no file was named for the answer; nothing was sent"))
    }
    return try AnswerFile(path: path)
  }

  private func sink(_ kept: AnswerFile?) -> HTTPSink {
    guard let kept else { return .memory(limit: Self.largestAnswer) }
    let (double, isTooMuch) = service.limits.maximumResultBytes.multipliedReportingOverflow(by: 2)
    let limit = isTooMuch ? Int.max : double.addingReportingOverflow(Self.largestAnswer).partialValue
    return .answer(descriptor: kept.descriptor, path: kept.path, limit: limit < 0 ? .max : limit)
  }

  /// Queries the status of a generation once.
  ///
  /// - Parameters:
  ///   - id: The id as the service reported it.
  ///   - limit: The time limit of the whole query; `nil` leaves the service's limits for its parts.
  /// - Returns: The generation.
  /// - Throws: `ServiceError`, with the generation's id in it.
  package func generation(id: String, within limit: Duration? = nil) async throws(ServiceError) -> Contract.Generation {
    let asked = HTTPRequest(
      address: try adapter.question(id: id), headers: headers(), timeouts: service.timeouts, within: limit?.inSeconds)
    switch await exchange(asked) {
    case .success(let answer):
      guard (200...299).contains(answer.status), let generation = adapter.generation(answer.body, asked: id) else {
        throw AnswerMeaning(service: service, key: key, asked: .poll(id: id)).error(for: answer)
      }
      guard Contract.Generation.isSame(generation.id, as: id) else {
        throw foreign(id: id, answered: generation.id, answer)
      }
      // The cost in the header fields is that of this query, not of the cover.
      var reported = generation
      reported.answer = UnrecognizedAnswer.kept(answer)
      return reported
    case .failure(let failure):
      // A complete result in a broken frame can be used.
      if let partial = failure.usableAnswer, (200...299).contains(partial.status),
        let generation = adapter.generation(partial.body, asked: id), generation.status == .completed,
        generation.audioFile != nil, Contract.Generation.isSame(generation.id, as: id)
      {
        return generation
      }
      var error = FailureMeaning(peer: peer).error(for: failure)
      error.generationID = id
      if error.code == .badAnswer { error.unusable = .unrecognized }
      throw error
    }
  }

  /// Returns the error for another generation's response, from a cache or a gateway that confused two responses.
  ///
  /// The next response may be the right one.
  private func foreign(id: String, answered: String, _ answer: HTTPAnswer) -> ServiceError {
    var error = ServiceError(
      .badAnswer,
      .generation(.foreign(peer: peer, id: printable(id, limit: 100), reported: printable(answered, limit: 100))),
      status: 200, generationID: id)
    error.unusable = .unrecognized
    error.unrecognizedAnswer = UnrecognizedAnswer.kept(answer)
    return error
  }

  /// Returns an id as the service reported it, from one that was kept without the key in it.
  package func knownID(_ kept: String) -> String {
    key.map { kept.replacingOccurrences(of: KeyRedaction.mark, with: $0.secret) } ?? kept
  }

  /// The service's name in messages.
  var peer: String { service.spokenName }

  func headers() -> [(name: String, value: String)] {
    var headers = [(name: "Accept", value: "application/json")]
    if let key { headers.append(("Authorization", "Bearer \(key.secret)")) }
    return headers
  }

  func exchange(
    _ request: HTTPRequest, into sink: HTTPSink = .memory(limit: largestAnswer),
    progress: @escaping @Sendable (HTTPProgress) -> Void = { _ in }
  ) async -> Result<HTTPAnswer, HTTPFailure> {
    var request = request
    request.waiting = waiting
    do {
      return .success(
        try await offPool("reprise.http") { [request] cancellation in
          try HTTPClient.perform(
            request, into: sink, cancellation: cancellation, progress: progress)
        }.decompressed)
    } catch var failure as HTTPFailure {
      failure.answer = failure.answer?.decompressed
      return .failure(failure)
    } catch {
      return .failure(HTTPFailure(kind: .broken, message: "\(error)", requestLeft: true, bodySent: 0))
    }
  }
}

extension HTTPFailure {
  /// The received response, unless it was too large to end, in which case it cannot be trusted.
  fileprivate var usableAnswer: HTTPAnswer? {
    if case .answerTooLarge = kind { nil } else { answer }
  }
}

extension HTTPAnswer {
  /// The response with its body decompressed, if that came compressed unrequested.
  var decompressed: HTTPAnswer {
    var answer = self
    answer.body = Inflate.plain(body, limit: CoverClient.largestAnswer, encoding: headers["content-encoding"])
    return answer
  }
}
