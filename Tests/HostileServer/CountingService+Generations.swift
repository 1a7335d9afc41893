internal import Foundation
internal import RepriseSystem
internal import Synchronization

extension CountingService {
  /// Takes a submission: reads its body in pieces, accepts it once it is whole, answers with an id.
  func serveSubmission(_ connection: RawConnection, _ request: ReceivedRequest) {
    let requestID = request["X-Client-Request-Id"] ?? ""
    happened(.submissionBegun, requestID)
    if let misbehaviour, misbehaviour.refusesSubmission(connection, request, self) { return }
    let total = Int(request["Content-Length"] ?? "") ?? 0
    guard let body = readBody(connection, total, requestID) else { return }
    if settings.keepsBodies {
      var whole = request
      whole.body = body
      state.withLock { [whole] in $0.bodies.append(whole) }
    }
    let generation = accept(requestID)
    if let misbehaviour, misbehaviour.answersSubmission(connection, generation, self) { return }
    if let script = state.withLock({ $0.submissionScript }), script(connection, generation) { return }
    pause(settings.beforeAnswer)
    connection.answer(
      "200 OK", pending(generation, "queued", cost: .submitted), headers: headers(generation, cost: .submitted))
    happened(.answered, requestID, generation.id)
  }

  /// Reads a body and tells when half of it was there; nil if the client went away before its end, and empty where
  /// bodies are not kept.
  func readBody(_ connection: RawConnection, _ total: Int, _ requestID: String) -> [UInt8]? {
    var kept: [UInt8] = []
    var got = 0
    var isHalf = false
    while got < total {
      let part = connection.readBody(min(settings.uploadPiece, total - got))
      if part.isEmpty { return nil }
      got += part.count
      if settings.keepsBodies { kept += part }
      if !isHalf, got * 2 >= total {
        isHalf = true
        happened(.bodyHalf, requestID)
      }
      pause(settings.uploadPause)
    }
    return kept
  }

  /// Counts a whole submission: from here on it is billed.
  func accept(_ requestID: String) -> Generation {
    let generation = state.withLock { state in
      let number = state.generations.count + 1
      let id = state.misbehaviour?.generationID(number) ?? "V1St-\(number)_x:music-cover"
      let generation = Generation(id: id, requestID: requestID, accepted: Date())
      state.generations.append(generation)
      state.tally.accepted[requestID, default: 0] += 1
      return generation
    }
    happened(.bodyWhole, requestID, generation.id)
    return generation
  }

  /// Tells how far a generation is.
  func servePoll(_ connection: RawConnection, _ id: String) {
    guard let generation = generations.last(where: { $0.id == id }) else {
      return connection.answer("404 Not Found", Self.refusal(404, "No such generation"))
    }
    happened(.polled, generation.requestID, id)
    if let misbehaviour, misbehaviour.answersPoll(connection, generation, self) { return }
    if let script = state.withLock({ $0.pollScript }),
      script(connection, turn("script"), generation, resultURL(generation))
    {
      return
    }
    // A client that is slow to ask finds it pending once all the same.
    let isFirst = settings.making > 0 && turn("polls of \(id)") == 0
    if isFirst || Date().timeIntervalSince(generation.accepted) < settings.making {
      connection.answer(
        "200 OK", pending(generation, "generating", cost: .pending), headers: headers(generation, cost: .pending))
      return happened(.reportedPending, generation.requestID, id)
    }
    reportCompleted(connection, generation)
  }

  /// Answers with the result's URL.
  func reportCompleted(_ connection: RawConnection, _ generation: Generation, word: String = "completed") {
    let reported = settings.reportsURL.map { $0(resultURL(generation), turn("url")) }
    connection.answer(
      "200 OK", completed(generation, word, at: reported), headers: headers(generation, cost: .completed))
    happened(.reportedCompleted, generation.requestID, generation.id)
  }

  /// `{id, status}`.
  func pending(_ generation: Generation, _ word: String, cost: CostMoment? = nil) -> String {
    let reported = cost.flatMap { settings.reportsCost?($0) }.map { #","meta":{"usage":{"usd_spent":\#($0)}}"# } ?? ""
    return #"{"id":\#(quoted(generation.id)),"status":"\#(word)"\#(reported)}"#
  }

  /// `{id, status, audio_file, meta}`; `at` is the result's URL, the right one unless given.
  func completed(_ generation: Generation, _ word: String, at url: String? = nil) -> String {
    let size = settings.reportsSize ? #","file_size":\#(cover.count)"# : ""
    let file = #"{"url":\#(quoted(url ?? resultURL(generation)))\#(size)}"#
    let usual = #"{"usage":{"credits_used":\#(Int(settings.usd * 2_000_000)),"usd_spent":\#(settings.usd)}}"#
    let usage =
      settings.reportsCost.map { $0(.completed).map { #"{"usage":{"usd_spent":\#($0)}}"# } ?? "null" } ?? usual
    return #"{"id":\#(quoted(generation.id)),"status":"\#(word)","audio_file":\#(file),"meta":\#(usage)}"#
  }

  /// Headers of the service's own answers.
  func headers(_ generation: Generation, cost: CostMoment? = nil) -> [String] {
    let reported = cost.flatMap { settings.reportsCostInHead?($0) }.map { ["x-aimlapi-usd-spent: \($0)"] } ?? []
    let id = generation.id.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
    return ["x-inference-id: \(generation.id.allSatisfy { $0.isASCII } ? generation.id : id)"] + reported
  }

  /// The log: what was accepted, newest first, once it is old enough to be listed.
  func serveLog(_ connection: RawConnection, _ query: [String: String]) {
    happened(.logAsked, nil)
    guard settings.hasLog else { return connection.answer("404 Not Found", Self.refusal(404, "No log here")) }
    let now = Date()
    let listed = (misbehaviour?.listsLate == true ? [] : generations).filter {
      now.timeIntervalSince($0.accepted) >= settings.logDelay
    }.reversed()
    let limit = min(max(Int(query["limit"] ?? "") ?? 100, 1), 100)
    let offset = max(Int(query["offset"] ?? "") ?? 0, 0)
    let page = listed.dropFirst(offset).prefix(limit)
    let rows = page.map { generation in
      let named = generation.requestID.isEmpty ? "null" : quoted(generation.requestID)
      return """
        {"created":"\(generation.accepted.ISO8601Format())","status":"\(settings.logStatus)","model":"minimax/music-cover",\
        "cost":{"usd":\(settings.usd),"credits":\(Int(settings.usd * 2_000_000))},"request_id":"r-0",\
        "inference_id":\(settings.logReportsIDs ? quoted(generation.id) : "null"),"client_request_id":\(named)}
        """
    }
    let more = offset + page.count < listed.count
    let pagination = #"{"limit":\#(limit),"offset":\#(offset),"total":\#(listed.count),"has_more":\#(more)}"#
    connection.answer(
      "200 OK", #"{"data":[\#(rows.joined(separator: ","))],"pagination":\#(pagination)}"#,
      headers: ["Date: " + HTTPDate.text(now)])
  }

  /// A text as JSON.
  func quoted(_ text: String) -> String {
    let data = try? JSONSerialization.data(withJSONObject: [text])
    return String(String(decoding: data ?? Data("[\"\"]".utf8), as: UTF8.self).dropFirst().dropLast())
  }
}
