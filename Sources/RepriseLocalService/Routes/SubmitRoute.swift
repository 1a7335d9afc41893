internal import RepriseService
internal import Foundation
internal import RepriseSystem

/// The route of `POST /v2/generate/audio`.
struct SubmitRoute: Sendable {
  let store: GenerationStore
  let directory: WorkDirectory
  let configuration: LocalServerConfiguration
  let inspector: any ReferenceInspecting

  /// Reads and checks a submission and queues it.
  ///
  /// - Parameters:
  ///   - body: Body of the request.
  ///   - contentType: Value of the `Content-Type` header, or nil.
  ///   - clientRequestID: The client's `X-Client-Request-Id`, or nil; recorded for the log.
  /// - Returns: The response.
  /// - Throws: `HTTPError` if the submission is refused, `FileError`, or an error of the connection.
  func reply(to body: IncomingBody, contentType: String?, clientRequestID: String?) async throws -> Reply {
    try Self.checkJSON(contentType)
    let limit = configuration.maximumBodyBytes
    if let length = body.declaredLength, length > limit {
      throw HTTPError(413, "the body is \(length) bytes, \(length - limit) over the limit of \(limit)")
    }
    guard await store.reserve() else {
      let seconds = configuration.retryAfterSeconds
      throw HTTPError(
        429, "too many generations are waiting; try again in \(seconds) s", headers: [("Retry-After", "\(seconds)")])
    }
    let submission: Submission
    do {
      submission = try await read(body)
    } catch {
      await store.release()
      throw error
    }
    return GenerationReply.make(await store.accept(submission, clientRequestID: clientRequestID), resultURL: nil)
  }

  private static func checkJSON(_ contentType: String?) throws(HTTPError) {
    let media = contentType?.split(separator: ";", maxSplits: 1).first?.trimmingCharacters(in: .whitespaces)
      .lowercased()
    guard media == "application/json" else {
      let found = media.map { "not '\($0.prefix(60))'" } ?? "and is missing"
      throw HTTPError(415, "Content-Type must be application/json, \(found)")
    }
  }

  private func read(_ body: IncomingBody) async throws -> Submission {
    let path = directory.newReference()
    do {
      let result = try await withIdleTimeout(configuration.idleTimeout) { progress in
        try await scan(body, to: path, progress: progress)
      }
      return try await check(result)
    } catch {
      directory.remove(path)
      switch error {
      case let problem as JSONProblem: throw HTTPError(400, "\(problem)")
      case let error as FileError:
        throw HTTPError(
          503, "the reference could not be stored: \(error.isOutOfRoom ? "the disk is full" : "\(error.code)")")
      default: throw error
      }
    }
  }

  private func scan(_ body: IncomingBody, to path: String, progress: UploadProgress) async throws
    -> SubmissionScan.Result
  {
    let scan = SubmissionScan(referenceTo: path, maximumBytes: configuration.maximumReferenceBytes)
    // One hop to the disk's queue for many small reads.
    var batch: [UInt8] = []
    while let piece = try await next(of: body) {
      progress.note()
      guard body.byteCount <= configuration.maximumBodyBytes else {
        throw HTTPError(413, "the body is over the limit of \(configuration.maximumBodyBytes) bytes")
      }
      batch += piece
      if batch.count >= 65_536 {
        try await scan.scan(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    if let length = body.declaredLength, body.byteCount < length {
      throw HTTPError(400, "the body ended after \(body.byteCount) of \(length) bytes")
    }
    try await scan.scan(batch)
    return try await scan.finish()
  }

  private func next(of body: IncomingBody) async throws -> Data? {
    do {
      return try await body.next()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      let whole = body.declaredLength.map { " of \($0)" } ?? ""
      throw HTTPError(400, "the body ended after \(body.byteCount)\(whole) bytes")
    }
  }

  private func check(_ result: SubmissionScan.Result) async throws -> Submission {
    var fields = SubmissionFields(result.members, configuration: configuration)
    let (model, prompt, lyrics, setting) = fields.read()
    var problems = fields.problems
    let name = SubmissionFields.reference
    var reference: Reference?
    switch result.reference {
    case .failure(let problem): problems.append("\(name) \(problem.message)")
    case .success(let given):
      reference = given
      switch given {
      case .file(let path, _): problems += await inspector.problems(of: path).map { "\(name): \($0)" }
      case .link(let link): if let problem = Self.problem(with: link) { problems.append("\(name) \(problem)") }
      }
    case nil:
      problems.append(result.members[name] == nil ? "\(name) is missing" : "\(name) must be a string")
    }
    guard problems.isEmpty, let reference else { throw HTTPError(400, problems.joined(separator: "; ")) }
    return Submission(model: model, prompt: prompt, lyrics: lyrics, reference: reference, setting: setting)
  }

  private static func problem(with link: String) -> String? {
    guard let url = URLComponents(string: link), let host = url.host, !host.isEmpty else {
      return "is not a valid http(s) link"
    }
    return url.user != nil || url.password != nil ? "is a link that holds a name or password; send it without" : nil
  }
}
