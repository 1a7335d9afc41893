extension ServiceDescription {
  /// Name of the service in messages.
  var spokenName: String { "the service '\(printable(name, limit: 80))'" }

  /// Returns the facts by which a submission can be found at the service.
  ///
  /// - Parameter requestID: The client request id of the submission.
  /// - Returns: The facts.
  func trace(of requestID: ClientRequestID) -> ServiceError.SubmissionTrace {
    ServiceError.SubmissionTrace(requestID: requestID.text, isLogged: paths.logs != nil)
  }
}

extension ServiceDescription {
  /// Remark for users who are about to choose the service; `nil` if there is none.
  package var remark: String? {
    guard (try? ServiceAddress(baseURL))?.host == "api.minimax.io" else { return nil }
    return
      "reported to be closing to new users; it answers a request with the cover, so one that is interrupted can't be "
      + "picked up again; the account's plan sets the price"
  }
}
