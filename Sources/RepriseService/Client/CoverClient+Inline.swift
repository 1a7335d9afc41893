import RepriseSystem

extension CoverClient {
  /// Takes the result out of an answer that holds it, and gives it the name `output` once it is whole.
  ///
  /// - Parameters:
  ///   - answer: `Submitted.inlineAnswer`; the file stays.
  ///   - output: the final path.
  ///   - replacing: whether a file there may be replaced.
  /// - Throws: `ServiceError`: `badAnswer`, `notAudio`, `tooLarge`, `io`, `cancelled`. Nothing but the answer is left behind.
  public func unpack(
    answerAt answer: String, to output: String, replacing: Bool = false,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Downloaded {
    let limit = service.limits.maximumResultBytes
    return try await offPoolWithWords(output) { cancellation throws(ServiceError) in
      try InlineAnswer.decode(
        answer, to: output, replacing: replacing, limit: limit, cancellation: cancellation, progress: progress)
    }
  }

  /// What an answer says that was kept by a process which did not live to tell.
  ///
  /// - Parameters:
  ///   - path: where `submit` was told to keep it.
  ///   - requestID: of that submission.
  /// - Returns: nil if nothing came, or too little to go on with.
  /// - Throws: `ServiceError`: `io`, `cancelled`.
  public func submitted(
    answerKeptAt path: String, requestID: ClientRequestID
  ) async throws(ServiceError) -> Submitted? {
    guard FileKind(at: path) == .file else { return nil }
    let outline: [UInt8]
    do throws(ServiceError) {
      outline = try await offPoolWithWords(path) { cancellation throws(ServiceError) in
        try? InlineAnswer.decompress(path, limit: InlineAnswer.largestPlain)
        return try InlineAnswer.outline(of: path, cancellation: cancellation).text
      }
    } catch {
      if error.code == .badAnswer { return nil }
      throw error
    }
    let http = HTTPAnswer(status: 200, headers: HTTPHeaders(), body: outline, received: outline.count)
    return adapter.submitted(
      SubmissionAnswer(http: http, keptAt: path, bodyBytes: 0, requestID: requestID, key: key))
  }

  private func offPoolWithWords<Value: Sendable>(
    _ path: String, _ work: @escaping @Sendable (Cancellation) throws(ServiceError) -> Value
  ) async throws(ServiceError) -> Value {
    do {
      return try await offPool("reprise.answer") { cancellation in try work(cancellation) }
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.io, .failed(path: path, ServiceError.Cause(error)))
    }
  }
}
