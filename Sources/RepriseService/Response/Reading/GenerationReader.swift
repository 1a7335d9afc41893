import Foundation

/// Reads a generation out of a response, forgiving everything but a missing id and an error in its place.
///
/// Services put the generation into wrappers (`data`, `result`, a list of one), which may have an id and a status of
/// their own: those of the request, or of the call. What is read is the object that was asked for, or that tells both.
package struct GenerationReader {
  /// The id that was asked for; a response to a poll may leave it out. `nil` for a submission's response.
  var asked: String?
  /// How results are found.
  var locator: ResultLocator

  /// A reader of responses about one generation, or of a submission's.
  ///
  /// - Parameters:
  ///   - asked: the id that was asked for; `nil` for a submission's response.
  ///   - inputs: names of fields that hold the audio the service was sent.
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

  /// More documents of one body than these are not read.
  private static let mostDocuments = 1000

  /// An object on the way in, with what it says itself.
  private struct Layer {
    let fields: [String: Any]
    let word: String?
    let ids: [String]

    init(_ fields: [String: Any]) {
      self.fields = fields
      word = JSONFields.statusWord(fields)
      ids = GenerationReader.idNames.compactMap { JSONFields.id(fields[$0]) }
    }

    /// What its word means; `nil` without one.
    var meaning: StatusWord.Meaning? { word.map { StatusWord($0).meaning } }

    /// Whether its word says that there is no cover.
    var isDenial: Bool { word.map { StatusWord($0).isDenial } ?? false }

    /// Whether one of its ids is a generation's.
    func names(_ id: String) -> Bool { ids.contains { Contract.Generation.isSame($0, as: id) } }

    /// Whether it is an error and no generation.
    var isError: Bool {
      word == nil && JSONFields.claimedError(fields) != nil || JSONFields.isErrorOnly(fields)
        || JSONFields.isFalse(fields["success"]) || JSONFields.isFalse(fields["ok"])
    }
  }

  /// Reads a body: one JSON document, or several of a stream (a document a line, server-sent events).
  ///
  /// Of several the last that tells of the generation counts, but nothing takes back a result that was told.
  ///
  /// - Returns: `nil` if the body is no generation.
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

  /// Whether a response to a poll says, beside the id that was asked for, that the service does not know it.
  func isNotFound(_ body: [UInt8]) -> Bool {
    guard let asked, let json = AnswerJSON.documents(body).last, let first = one(of: json.value) else { return false }
    return layers(from: first).contains { $0.names(asked) && $0.meaning == .notFound }
  }

  /// Whether a response has something where an id should be that is none: neither a text of a sane length nor an
  /// integer.
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
    let told = subject(of: layers)
    let own = asked.flatMap { asked in layers.flatMap(\.ids).first { Contract.Generation.isSame($0, as: asked) } }
    var word = told.word
    // An end that is not told of the id itself may be the question's ("failed: too many requests"): what is paid for is
    // not given up for it.
    if let asked, let said = word, StatusWord(said).isDenial, own != nil || told.ids.isEmpty {
      guard layers.contains(where: { $0.names(asked) && $0.word == said }) else { return nil }
      // Told as HTTP tells it by 404, which passes while the generation is new.
      if StatusWord(said).meaning == .notFound { return nil }
    }
    // Of a submission it is the call's, too. An id at the top is the generation's all the same, and can be asked about.
    if asked == nil, let said = word, StatusWord(said).isDenial,
      !layers.contains(where: { $0.word == said && !$0.ids.isEmpty })
    {
      guard layers.first?.ids.isEmpty == false else { return nil }
      word = nil
    }
    // A poll's error body has neither a status nor an id of its own.
    guard let id = own ?? told.ids.first ?? (word == nil ? nil : asked) else { return nil }
    var generation = Contract.Generation(id: id, status: Contract.Status(word: word ?? "queued"))
    generation.statusWord = word ?? generation.statusWord
    // Of a text whose end is missing only what it says in full counts.
    if json.isCut, word == nil { return nil }
    // Of a submission an id inside of a wrapper says nothing unless a status comes with it: it may be anything's.
    if asked == nil, word == nil, layers.first?.ids.isEmpty != false { return nil }
    generation.audioFile = told.order.lazy.compactMap { locator.result(in: $0.fields) }.first
    generation.progress = told.order.lazy.compactMap { ToldProgress.share(in: $0.fields) }.first
    if json.isCut, generation.status == .completed, generation.audioFile == nil, asked != nil { return nil }
    // An outer word that tells of a failure, and an inner one of a success: neither can be believed.
    if layers.contains(where: \.isDenial), generation.status == .completed { return nil }
    // What has expired beside a result is the result's address: trying it tells.
    if StatusWord(generation.statusWord).meaning == .over(.expired), generation.audioFile != nil {
      generation.statusWord = Contract.Status.completed.word
    }
    generation.error = failure(in: told.order, of: generation)
    generation.meta = told.order.lazy.compactMap { Self.meta($0.fields) }.first
    return generation
  }

  /// The one object that a value is, or the one of a list that was asked for.
  private func one(of value: Any?) -> [String: Any]? {
    if let only = AnswerJSON.object(value) { return only }
    guard let list = value as? [Any], let asked else { return nil }
    return list.lazy.compactMap { AnswerJSON.object($0) }.first { fields in
      Layer(fields).ids.contains { Contract.Generation.isSame($0, as: asked) }
    }
  }

  /// The response's objects from the outermost in.
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

  /// Whose response it is: a status and ids that belong together, and the objects in the order in which they are to be
  /// read.
  private func subject(of layers: [Layer]) -> (word: String?, ids: [String], order: [Layer]) {
    func ordered(_ index: Int) -> [Layer] { [layers[index]] + layers[(index + 1)...] + layers[..<index].reversed() }
    func names(_ layer: Layer) -> Bool {
      asked.map { asked in layer.ids.contains { Contract.Generation.isSame($0, as: asked) } } ?? false
    }
    // The one that was asked for, where it tells a status.
    if let index = layers.lastIndex(where: { names($0) && $0.word != nil }) {
      // "success" about a call says nothing about the generation that it wraps.
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
    // Told apart: the innermost status, and the id beside or around it.
    let word = layers.last { $0.word != nil }?.word
    let index = layers.lastIndex { !$0.ids.isEmpty } ?? layers.lastIndex { $0.word != nil } ?? 0
    return (word, layers[index].ids, ordered(index))
  }

  /// Fields that tell of the generation, or repeat the request, and hold no reason.
  private static let noReasons: Set<String> = [
    "id", "status", "state", "code", "type", "name", "error", "title", "description", "input", "output", "data",
    "result",
    "response", "body", "meta", "metadata",
  ]

  /// What the response says that went wrong; also what it says beside a word that is not known.
  private func failure(in order: [Layer], of generation: Contract.Generation) -> Contract.Generation.Failure? {
    let isOver = generation.status == .error
    for fields in order.map(\.fields) {
      let name = (fields["error"] as? [String: Any]).flatMap { JSONFields.words($0["name"]) }
      let error = fields["error"] as? [String: Any]
      let words = error.map { AnswerReason.of($0.filter { $0.key != "name" }) } ?? AnswerReason.of(fields["error"])
      if JSONFields.isSaid(fields["error"]), name != nil || words != nil {
        return Contract.Generation.Failure(name: name.map { printable($0) }, message: words.map { printable($0) })
      }
      let mayTell = isOver || StatusWord(generation.statusWord).meaning == .unknown
      let rest = fields.filter { !Self.noReasons.contains($0.key) }
      if mayTell, let words = AnswerReason.of(rest) {
        return Contract.Generation.Failure(name: nil, message: printable(words))
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
