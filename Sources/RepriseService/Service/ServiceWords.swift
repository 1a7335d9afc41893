extension ServiceDescription {
  /// The service in messages.
  var spokenName: String { "the service '\(printable(name, limit: 80))'" }

  /// By what a submission can be found at the service.
  ///
  /// - Parameter requestID: what it was sent with.
  func trace(of requestID: ClientRequestID) -> ServiceError.SubmissionTrace {
    ServiceError.SubmissionTrace(requestID: requestID.text, isLogged: paths.logs != nil)
  }
}

extension ServiceDescription {
  /// What people should know of a service before they choose it; `nil` if nothing.
  public var remark: String? {
    guard (try? ServiceAddress(baseURL))?.host == "api.minimax.io" else { return nil }
    return
      "reported to be closing to new users; it answers a request with the cover, so one that is interrupted can't be "
      + "picked up again; the price is told by the account's plan"
  }
}
