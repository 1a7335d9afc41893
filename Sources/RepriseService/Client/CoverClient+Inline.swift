import RepriseSystem

extension CoverClient {
  /// Extracts the result from a response that holds it, and names the file `output` once it is complete.
  ///
  /// - Parameters:
  ///   - answer: The path in `Submitted.inlineAnswer`; the file stays.
  ///   - output: The final path.
  ///   - replacing: `true` to replace an existing file.
  ///   - progress: Called as audio is decoded.
  /// - Returns: The extracted result.
  /// - Throws: `ServiceError`: `badAnswer`, `notAudio`, `tooLarge`, `io`, `cancelled`. Nothing but the response is left
  ///   behind.
  package func unpack(
    answerAt answer: String, to output: String, replacing: Bool = false,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Downloaded {
    let limit = service.limits.maximumResultBytes
    return try await offPoolDescribing(output) { cancellation throws(ServiceError) in
      try InlineAnswer.decode(
        answer, to: output, replacing: replacing, limit: limit, cancellation: cancellation, progress: progress)
    }
  }

  /// Returns the accepted submission in a response kept by a process that ended before it could report.
  ///
  /// - Parameters:
  ///   - path: The path at which `submit` was to keep the response.
  ///   - requestID: The submission's client request id.
  /// - Returns: The submission; `nil` if nothing, or too little, was received.
  /// - Throws: `ServiceError`: `io`, `cancelled`.
  package func submitted(
    answerKeptAt path: String, requestID: ClientRequestID
  ) async throws(ServiceError) -> Submitted? {
    guard FileKind(at: path) == .file else { return nil }
    let outline: [UInt8]
    do throws(ServiceError) {
      outline = try await offPoolDescribing(path) { cancellation throws(ServiceError) in
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

  private func offPoolDescribing<Value: Sendable>(
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
