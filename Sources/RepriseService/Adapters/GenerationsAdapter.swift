/// The requests and responses of services of the `generations` shape; no other code knows their form.
struct GenerationsAdapter: ServiceAdapter {
  let service: ServiceDescription
  let address: ServiceAddress
  let answersWithResult = false

  /// Creates an adapter for a service.
  ///
  /// - Parameter service: The service.
  /// - Throws: `ServiceError` (`refused`) if the base URL is not usable.
  init(_ service: ServiceDescription) throws(ServiceError) {
    self.service = service
    address = try ServiceAddress(service.baseURL)
  }

  /// Returns the address to which a submission is posted.
  func submission() throws(ServiceError) -> WebAddress {
    try WebAddress(address.text + service.paths.generate, what: "the service")
  }

  /// Returns the address that reports the status of a generation.
  func question(id: String) throws(ServiceError) -> WebAddress {
    let query = "?\(service.fields.generationID)=\(PercentEncoding.of(id))"
    return try WebAddress(address.text + service.paths.generate + query, what: "the service")
  }

  func layout(of request: CoverRequest) -> BodyLayout { BodyLayout(request, for: service) }

  func submitted(_ answer: SubmissionAnswer) -> Submitted? {
    let http = answer.http
    guard let generation = reader().generation(http.body),
      (200...299).contains(http.status) || Self.isTaken(http.body)
    else { return nil }
    let usage = generation.meta?.usage
    return Submitted(
      generation: generation, requestID: answer.requestID,
      inferenceID: http.headers["x-inference-id"].map { printable($0, limit: 200) },
      credits: JSONFields.cost(usage?.creditsUsed, or: http.headers.creditsUsed),
      usd: JSONFields.cost(usage?.usdSpent, or: http.headers.usdSpent))
  }

  /// `true` if a body reports a generation whatever the HTTP status: it has an id and a status, and no error.
  ///
  /// The id is what was paid for, and gateways put their own statuses over others' bodies.
  private static func isTaken(_ body: [UInt8]) -> Bool {
    guard let fields = JSONFields.object(body), let word = JSONFields.statusWord(fields) else { return false }
    return Contract.Status(word: word) != .error && !JSONFields.isSaid(fields["error"])
      && JSONFields.claimedError(fields) == nil
  }

  func refusal(_ answer: SubmissionAnswer) -> ServiceError {
    let asked = AnswerMeaning.Asked.submission(bytes: answer.bodyBytes, requestID: answer.requestID)
    return AnswerMeaning(service: service, key: answer.key, asked: asked).error(for: answer.http)
  }

  func generation(_ body: [UInt8], asked: String) -> Contract.Generation? { reader(asked: asked).generation(body) }

  private func reader(asked: String? = nil) -> GenerationReader {
    let inputs = [service.fields.reference, service.fields.referenceURL].compactMap(\.self)
    return GenerationReader(asked: asked, inputs: Set(inputs))
  }
}

extension HTTPHeaders {
  /// Cost of a request in the service's own unit, if the header fields report it.
  var creditsUsed: Double? { JSONFields.amount(self["x-aimlapi-credits-used"]) }
  /// Cost of a request in US dollars, if the header fields report it.
  var usdSpent: Double? { JSONFields.number(self["x-aimlapi-usd-spent"]) }
}
