import Foundation

/// The one place that knows how a service of the `generations` shape is asked and how its answers are read.
struct GenerationsAdapter: ServiceAdapter {
  let service: ServiceDescription
  let address: ServiceAddress
  let answersWithResult = false

  /// - Throws: `ServiceError` (`refused`) if the base URL is not usable.
  init(_ service: ServiceDescription) throws(ServiceError) {
    self.service = service
    address = try ServiceAddress(service.baseURL)
  }

  /// Where a submission goes.
  func submission() throws(ServiceError) -> WebAddress {
    try WebAddress(address.text + service.paths.generate, what: "the service")
  }

  /// Where to ask how far a generation is.
  func question(id: String) throws(ServiceError) -> WebAddress {
    let query = "?\(service.fields.generationID)=\(PercentEncoding.of(id))"
    return try WebAddress(address.text + service.paths.generate + query, what: "the service")
  }

  func layout(of request: CoverRequest) -> BodyLayout { BodyLayout(request, for: service) }

  func submitted(_ answer: SubmissionAnswer) -> Submitted? {
    let http = answer.http
    guard let generation = Self.generation(http.body, key: answer.key),
      (200...299).contains(http.status) || Self.isTaken(http.body)
    else { return nil }
    let usage = generation.meta?.usage
    return Submitted(
      generation: generation, requestID: answer.requestID,
      inferenceID: http.headers["x-inference-id"].map { printable($0, limit: 200) },
      credits: usage?.creditsUsed ?? http.headers.creditsUsed, usd: usage?.usdSpent ?? http.headers.usdSpent)
  }

  /// Whether a body tells of a generation whatever the status above it: it names one and how far it is, and no error. An
  /// id is what was paid for, and gateways put their own statuses over others' bodies.
  private static func isTaken(_ body: [UInt8]) -> Bool {
    guard let fields = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
      let word = JSONFields.statusWord(fields)
    else { return false }
    return Contract.Status(word: word) != .error && !JSONFields.isSaid(fields["error"])
      && JSONFields.claimedError(fields) == nil
  }

  func refusal(_ answer: SubmissionAnswer) -> ServiceError {
    let asked = AnswerMeaning.Asked.submission(bytes: answer.bodyBytes, requestID: answer.requestID)
    return AnswerMeaning(service: service, key: answer.key, asked: asked).error(for: answer.http)
  }

  func generation(_ body: [UInt8], asked: String, key: APIKey?) -> Contract.Generation? {
    Self.generation(body, asked: asked, key: key)
  }

  /// Reads a 2xx answer's body, forgiving everything but a missing id.
  ///
  /// - Parameter asked: the id that was asked for; an answer to a poll may leave it out.
  /// - Returns: nil if this is no generation.
  static func generation(_ body: [UInt8], asked: String? = nil, key: APIKey?) -> Contract.Generation? {
    guard let fields = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else { return nil }
    let word = JSONFields.statusWord(fields)
    // An error body may have an id too: the request's, not a generation's.
    if word == nil && JSONFields.claimedError(fields) != nil || JSONFields.isErrorOnly(fields) { return nil }
    let given = ["id", "generation_id"].lazy.compactMap { name -> String? in
      let text = (fields[name] as? String) ?? JSONFields.integer(fields[name]).map(String.init)
      return text.flatMap { $0.isEmpty ? nil : $0 }
    }
    // Of two ids the one that was asked for counts.
    let own = asked.flatMap { asked in given.first { Contract.Generation.isSame($0, as: asked) } }
    guard let id = own ?? given.first ?? (word == nil ? nil : asked) else { return nil }
    // Ids travel in URLs and messages: one that long or with control characters is none.
    guard id.utf8.count <= 1024, !id.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      return nil
    }
    // A poll's error body has neither a status nor an id of its own.
    var generation = Contract.Generation(id: id, status: Contract.Status(word: word ?? "queued"))
    generation.progress = ToldProgress.share(in: fields)
    if let file = fields["audio_file"] as? [String: Any], let url = file["url"] as? String {
      generation.audioFile = Contract.Generation.AudioFile(
        url: url, contentType: file["content_type"] as? String, fileSize: JSONFields.integer(file["file_size"]))
    }
    func clean(_ text: String) -> String { printable(key?.redacting(text) ?? text) }
    if let failure = fields["error"] as? [String: Any] {
      generation.error = Contract.Generation.Failure(
        name: JSONFields.words(failure["name"]).map(clean), message: JSONFields.words(failure["message"]).map(clean))
    } else if let words = JSONFields.words(fields["error"]) {
      generation.error = Contract.Generation.Failure(name: nil, message: clean(words))
    }
    if let usage = (fields["meta"] as? [String: Any])?["usage"] as? [String: Any] {
      generation.meta = Contract.Generation.Meta(
        usage: Contract.Generation.Meta.Usage(
          creditsUsed: JSONFields.amount(usage["credits_used"]), usdSpent: JSONFields.amount(usage["usd_spent"])))
    }
    return generation
  }
}

extension HTTPHeaders {
  /// What a request cost in the service's own unit, where the head says so.
  var creditsUsed: Double? { JSONFields.amount(self["x-aimlapi-credits-used"]) }
  /// What it cost in US dollars.
  var usdSpent: Double? { JSONFields.amount(self["x-aimlapi-usd-spent"]) }
}

extension Contract.Generation {
  /// The generation with the cost that an answer's head tells, where its body does not.
  func withCost(from headers: HTTPHeaders) -> Contract.Generation {
    var generation = self
    var usage = meta?.usage ?? Meta.Usage()
    usage.creditsUsed = usage.creditsUsed ?? headers.creditsUsed
    usage.usdSpent = usage.usdSpent ?? headers.usdSpent
    if usage.creditsUsed != nil || usage.usdSpent != nil { generation.meta = Meta(usage: usage) }
    return generation
  }
}
