import Foundation
package import RepriseSystem

/// A client of one cover service: submits, asks, fetches. It keeps nothing: what must not be lost is the caller's to
/// put on the disk between the calls.
public struct CoverClient: Sendable {
  /// The service.
  public let service: ServiceDescription
  let key: APIKey?
  let adapter: any ServiceAdapter
  /// The longest that a search of the service's log may take.
  package var logTimeout = Duration.seconds(90)
  /// The time that its pauses and time limits go by.
  package var waiting = Waiting.machine

  /// JSON answers are a few hundred bytes; this is beyond any of them.
  static let largestAnswer = 1_000_000

  /// A client.
  ///
  /// - Parameters:
  ///   - service: whom to ask.
  ///   - key: sent to the service's own host alone; nil if there is none.
  /// - Throws: `ServiceError`: `unauthorized` if the service wants a key and there is none, `refused` if the base URL is
  ///   not usable or the key would travel in clear text.
  public init(service: ServiceDescription, key: APIKey?) throws(ServiceError) {
    adapter = try service.adapter()
    self.service = service
    self.key = service.keyUse == .never ? nil : key
    if service.keyUse == .required && key == nil { throw APIKey.missing(for: service) }
    if let origin = self.key?.origin, let error = adapter.address.clearTextError(keyFrom: origin) { throw error }
  }

  /// Whether the service can be asked again what has become of a submission; one that answers with the result can't.
  public var canBeAsked: Bool { !adapter.answersWithResult }

  /// What tells this client's account from another, and from which no key can be read back; nil without a key.
  ///
  /// - Parameter salt: different for each use.
  public func accountMark(salt: String) -> String? { key.flatMap { try? SHA256.hex(of: salt + ":" + $0.secret) } }

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
  /// - Parameters:
  ///   - request: used up, whatever becomes of it.
  ///   - path: where an answer is kept as it comes, if the service answers with the result itself; such an answer is paid
  ///     for and comes once. The file is made with mode 0600, must not hold anything yet, and stays unless the service
  ///     refused. Other services' answers are not kept.
  ///   - beforeLastBytes: called once, on a thread that may block, when all but the body's last bytes has been handed to
  ///     the network: the place to note on the disk that the service may be about to have a whole request. If it throws,
  ///     the last bytes are never sent, so surely nothing is accepted.
  ///   - progress: called as the body leaves.
  /// - Throws: `ServiceError`; `mayHaveBeenAccepted` says whether the submission may cost money all the same.
  public func submit(
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
      // An answer may carry its id whole and still break: a wrong Content-Length, no last chunk. The id is what was paid for.
      let partial = kept == nil ? failure.usableAnswer : failure.answer
      if let partial, let submitted = adapter.submitted(await read(partial)) { return submitted }
      let isKept = kept.map { $0.bytes > 0 } ?? false
      if !isKept { kept?.discard() }
      throw FailureMeaning(place: place).error(
        forSubmission: failure, total: total, keptAt: isKept ? path : nil, trace: service.trace(of: requestID))
    }
  }

  private func answerFile(_ path: String?) throws(ServiceError) -> AnswerFile? {
    guard adapter.answersWithResult else { return nil }
    guard let path else {
      if service.resultForm == .url { return nil }
      throw ServiceError(
        .io, .detail("\(place) answers with the cover itself, and no file was named for the answer; nothing was sent"))
    }
    return try AnswerFile(path: path)
  }

  private func sink(_ kept: AnswerFile?) -> HTTPSink {
    guard let kept else { return .memory(limit: Self.largestAnswer) }
    let (double, isTooMuch) = service.limits.maximumResultBytes.multipliedReportingOverflow(by: 2)
    let limit = isTooMuch ? Int.max : double.addingReportingOverflow(Self.largestAnswer).partialValue
    return .answer(descriptor: kept.descriptor, path: kept.path, limit: limit < 0 ? .max : limit)
  }

  /// Asks once how far a generation is.
  ///
  /// - Parameters:
  ///   - id: as the service told it.
  ///   - limit: how long all of it may take; as long as the service's time limits for its parts allow unless given.
  /// - Throws: `ServiceError`, with the generation's id in it.
  public func generation(id: String, within limit: Duration? = nil) async throws(ServiceError) -> Contract.Generation {
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
      // What its head tells of costs is this question's, not the cover's.
      var told = generation
      told.answer = UnrecognizedAnswer.kept(answer)
      return told
    case .failure(let failure):
      // A result that came whole in a broken frame can be had.
      if let partial = failure.usableAnswer, (200...299).contains(partial.status),
        let generation = adapter.generation(partial.body, asked: id), generation.status == .completed,
        generation.audioFile != nil, Contract.Generation.isSame(generation.id, as: id)
      {
        return generation
      }
      var error = FailureMeaning(place: place).error(for: failure)
      error.generationID = id
      if error.code == .badAnswer { error.unusable = .unrecognized }
      throw error
    }
  }

  /// A cache, or a gateway that mixed two answers up: the next answer may be ours.
  private func foreign(id: String, answered: String, _ answer: HTTPAnswer) -> ServiceError {
    var error = ServiceError(
      .badAnswer,
      .generation(.foreign(place: place, id: printable(id, limit: 100), told: printable(answered, limit: 100))),
      status: 200, generationID: id)
    error.unusable = .unrecognized
    error.unrecognizedAnswer = UnrecognizedAnswer.kept(answer)
    return error
  }

  /// An id as the service told it, of one that was kept without the key that was in it.
  package func knownID(_ kept: String) -> String {
    key.map { kept.replacingOccurrences(of: KeyRedaction.mark, with: $0.secret) } ?? kept
  }

  /// Where the messages say a request went.
  var place: String { service.spokenName }

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
      return .failure(HTTPFailure(kind: .broken, words: "\(error)", requestLeft: true, bodySent: 0))
    }
  }
}

extension HTTPFailure {
  /// What came of an answer, unless there was no end to it: such a one is nobody's answer.
  fileprivate var usableAnswer: HTTPAnswer? {
    if case .answerTooLarge = kind { nil } else { answer }
  }
}

extension HTTPAnswer {
  /// The answer with its body in plain, should it have come compressed though nobody asked for it.
  var decompressed: HTTPAnswer {
    var answer = self
    answer.body = Inflate.plain(body, limit: CoverClient.largestAnswer, encoding: headers["content-encoding"])
    return answer
  }
}
