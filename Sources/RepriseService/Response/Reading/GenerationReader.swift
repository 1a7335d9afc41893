import Foundation

/// A lenient parser of generations, which tolerates everything but a missing id and an error in place of a generation.
///
/// Services put the generation into wrappers (`data`, `result`, a list of one), which may have an id and a status of
/// their own: those of the request, or of the call. The parser takes the object with the requested id, or with both an
/// id and a status.
package struct GenerationReader {
  /// Id of the request, which the response to a poll may omit; `nil` for a submission's response.
  var asked: String?
  /// Locator of the result.
  var locator: ResultLocator

  /// Creates a parser of responses about one generation, or to a submission.
  ///
  /// - Parameters:
  ///   - asked: The id of the request; `nil` for a submission's response.
  ///   - inputs: The names of fields that hold the audio sent to the service.
  package init(asked: String? = nil, inputs: Set<String> = []) {
    self.asked = asked
    locator = ResultLocator(inputs: inputs)
  }

  private static let deepest = 5
  private static let wrappers = [
    "data", "result", "results", "response", "payload", "body", "generation", "generations", "prediction", "task",
    "tasks", "job",
    "jobs", "item", "items", "record", "output",
  ]
  private static let idNames = [
    "id", "generation_id", "generationId", "task_id", "taskId", "job_id", "jobId", "prediction_id", "predictionId",
    "_id",
  ]

  /// Maximum number of documents that are parsed in one body.
  private static let mostDocuments = 1000

  /// A nested object, with its own status and ids.
  private struct Layer {
    let fields: [String: Any]
    let word: String?
    let ids: [String]

    init(_ fields: [String: Any]) {
      self.fields = fields
      word = JSONFields.statusWord(fields)
      ids = GenerationReader.idNames.compactMap { JSONFields.id(fields[$0]) }
    }

    /// Meaning of the object's status word; `nil` without one.
    var meaning: StatusWord.Meaning? { word.map { StatusWord($0).meaning } }

    /// `true` if the object's status word denies a cover.
    var isDenial: Bool { word.map { StatusWord($0).isDenial } ?? false }

    /// `true` if one of the object's ids is that of a generation.
    func names(_ id: String) -> Bool { ids.contains { Contract.Generation.isSame($0, as: id) } }

    /// `true` if the object is an error and no generation.
    var isError: Bool {
      word == nil && JSONFields.claimedError(fields) != nil || JSONFields.isErrorOnly(fields)
        || JSONFields.isFalse(fields["success"]) || JSONFields.isFalse(fields["ok"])
    }
  }

  /// Parses a body: one JSON document, or several of a stream (one per line, server-sent events).
  ///
  /// Of several the last that reports the generation counts, but a reported result stays.
  ///
  /// - Parameter body: The body.
  /// - Returns: The generation; `nil` if the body is none.
  package func generation(_ body: [UInt8]) -> Contract.Generation? {
    var last: Contract.Generation?
    for json in AnswerJSON.documents(body).suffix(Self.mostDocuments) {
      guard let next = generation(json) else { continue }
      if let asked, let last, Contract.Generation.isSame(last.id, as: asked),
        !Contract.Generation.isSame(next.id, as: asked)
      {
        continue
      }
      if asked == nil, let last, !Contract.Generation.isSame(next.id, as: last.id) { continue }
      let isSettled = last.map { $0.status == .completed && $0.audioFile != nil } ?? false
      let isOurs = last.map { Contract.Generation.isSame($0.id, as: next.id) } ?? true
      if isSettled, isOurs, !next.status.isFinal || next.audioFile == nil { continue }
      last = next
    }
    return last
  }

  /// `true` if the response to a poll states, with the requested id, that the service does not know the generation.
  func isNotFound(_ body: [UInt8]) -> Bool {
    guard let asked, let json = AnswerJSON.documents(body).last, let first = one(of: json.value) else { return false }
    return layers(from: first).contains { $0.names(asked) && $0.meaning == .notFound }
  }

  /// `true` if a response has an unusable value as the id: neither a text of plausible length nor an integer.
  func holdsUnusableID(_ body: [UInt8]) -> Bool {
    guard let json = AnswerJSON(body), let first = one(of: json.value) else { return false }
    return layers(from: first).contains { layer in
      layer.ids.isEmpty && Self.idNames.contains { JSONFields.isSaid(layer.fields[$0]) }
    }
  }

  private func generation(_ json: AnswerJSON) -> Contract.Generation? {
    guard let first = one(of: json.value) else { return nil }
    let layers = layers(from: first)
    guard !layers.contains(where: \.isError) else { return nil }
    let reported = subject(of: layers)
    let own = asked.flatMap { asked in layers.flatMap(\.ids).first { Contract.Generation.isSame($0, as: asked) } }
    var word = reported.word
    // An end that is not told with the id itself may be that of the query ("failed: too many requests"): a paid
    // generation is not given up for it.
    if let asked, let said = word, StatusWord(said).isDenial, own != nil || reported.ids.isEmpty {
      guard layers.contains(where: { $0.names(asked) && $0.word == said }) else { return nil }
      // Treated like HTTP's 404, which is temporary while the generation is new.
      if StatusWord(said).meaning == .notFound { return nil }
    }
    // A submission's response may tell the end of the call, too. An id at the top is the generation's all the same, and
    // can be queried.
    if asked == nil, let said = word, StatusWord(said).isDenial,
      !layers.contains(where: { $0.word == said && !$0.ids.isEmpty })
    {
      guard layers.first?.ids.isEmpty == false else { return nil }
      word = nil
    }
    // The error body of a poll has neither a status nor an id of its own.
    guard let id = own ?? reported.ids.first ?? (word == nil ? nil : asked) else { return nil }
    var generation = Contract.Generation(id: id, status: Contract.Status(word: word ?? "queued"))
    generation.statusWord = word ?? generation.statusWord
    // If the end of a text is missing, only explicit statements count.
    if json.isCut, word == nil { return nil }
    // In a submission's response an id inside of a wrapper counts only with a status: it may be the id of anything.
    if asked == nil, word == nil, layers.first?.ids.isEmpty != false { return nil }
    generation.audioFile = reported.order.lazy.compactMap { locator.result(in: $0.fields) }.first
    generation.progress = reported.order.lazy.compactMap { ReportedProgress.share(in: $0.fields) }.first
    if json.isCut, generation.status == .completed, generation.audioFile == nil, asked != nil { return nil }
    // An outer word that tells of a failure, and an inner one of a success: neither is reliable.
    if layers.contains(where: \.isDenial), generation.status == .completed { return nil }
    // "Expired" beside a result refers to the URL of the result; a download will tell.
    if StatusWord(generation.statusWord).meaning == .over(.expired), generation.audioFile != nil {
      generation.statusWord = Contract.Status.completed.word
    }
    generation.error = failure(in: reported.order, of: generation)
    generation.meta = reported.order.lazy.compactMap { Self.meta($0.fields) }.first
    return generation
  }

  /// Returns the object that a value is, or the list element with the requested id.
  private func one(of value: Any?) -> [String: Any]? {
    if let only = AnswerJSON.object(value) { return only }
    guard let list = value as? [Any], let asked else { return nil }
    return list.lazy.compactMap { AnswerJSON.object($0) }.first { fields in
      Layer(fields).ids.contains { Contract.Generation.isSame($0, as: asked) }
    }
  }

  /// Returns the response's nested objects from the outermost in.
  private func layers(from first: [String: Any]) -> [Layer] {
    var layers = [Layer(first)]
    while layers.count < Self.deepest, let last = layers.last {
      let inner = Self.wrappers.lazy.compactMap { name in
        locator.inputs.contains(name) ? nil : one(of: last.fields[name]).map(Layer.init)
      }.first { !$0.fields.isEmpty && !locator.isOther($0.fields) }
      guard let inner else { break }
      layers.append(inner)
    }
    return layers
  }

  /// Returns the subject of the response: a status and ids that belong together, and the objects in the order of
  /// reading.
  private func subject(of layers: [Layer]) -> (word: String?, ids: [String], order: [Layer]) {
    func ordered(_ index: Int) -> [Layer] { [layers[index]] + layers[(index + 1)...] + layers[..<index].reversed() }
    func names(_ layer: Layer) -> Bool {
      asked.map { asked in layer.ids.contains { Contract.Generation.isSame($0, as: asked) } } ?? false
    }
    // The object with the requested id, if it tells a status.
    if let index = layers.lastIndex(where: { names($0) && $0.word != nil }) {
      // "success" of a call tells nothing about the generation in it.
      let inner = layers[(index + 1)...].first { $0.word != nil && $0.ids.isEmpty }
      let isCall = layers[index].word.map { StatusWord($0).meaning == .completed } ?? false
      let word = isCall ? inner?.word.flatMap { StatusWord($0).meaning == .completed ? nil : $0 } : nil
      return (word ?? layers[index].word, layers[index].ids, ordered(index))
    }
    let both = layers.indices.filter { layers[$0].word != nil && !layers[$0].ids.isEmpty }
    if let first = both.first {
      // An outer "success" is the call's.
      let isCall = layers[first].word.map { StatusWord($0).meaning == .completed } ?? false
      let index = isCall ? both.last ?? first : first
      return (layers[index].word, layers[index].ids, ordered(index))
    }
    // Told separately: the innermost status, and the id beside or around it.
    let word = layers.last { $0.word != nil }?.word
    let index = layers.lastIndex { !$0.ids.isEmpty } ?? layers.lastIndex { $0.word != nil } ?? 0
    return (word, layers[index].ids, ordered(index))
  }

  /// Names of fields that describe the generation, or repeat the request, and hold no reason.
  private static let noReasons: Set<String> = [
    "id", "status", "state", "code", "type", "name", "error", "title", "description", "input", "output", "data",
    "result",
    "response", "body", "meta", "metadata",
  ]

  /// Returns the error that the response reports, or the message beside an unknown status word.
  private func failure(in order: [Layer], of generation: Contract.Generation) -> Contract.Generation.Failure? {
    let isOver = generation.status == .error
    for fields in order.map(\.fields) {
      let name = (fields["error"] as? [String: Any]).flatMap { JSONFields.text($0["name"]) }
      let error = fields["error"] as? [String: Any]
      let text = error.map { AnswerReason.of($0.filter { $0.key != "name" }) } ?? AnswerReason.of(fields["error"])
      if JSONFields.isSaid(fields["error"]), name != nil || text != nil {
        return Contract.Generation.Failure(name: name.map { printable($0) }, message: text.map { printable($0) })
      }
      let mayReport = isOver || StatusWord(generation.statusWord).meaning == .unknown
      let rest = fields.filter { !Self.noReasons.contains($0.key) }
      if mayReport, let text = AnswerReason.of(rest) {
        return Contract.Generation.Failure(name: nil, message: printable(text))
      }
    }
    return nil
  }

  private static func meta(_ fields: [String: Any]) -> Contract.Generation.Meta? {
    guard let usage = (fields["meta"] as? [String: Any])?["usage"] as? [String: Any] else { return nil }
    return Contract.Generation.Meta(
      usage: Contract.Generation.Meta.Usage(
        creditsUsed: JSONFields.amount(usage["credits_used"]), usdSpent: JSONFields.number(usage["usd_spent"])))
  }
}
