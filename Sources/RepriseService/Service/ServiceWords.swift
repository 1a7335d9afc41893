extension ServiceDescription {
  /// The service in messages.
  var spokenName: String { "the service '\(printable(name, limit: 80))'" }

  /// What to do about a submission that may have been accepted: ask the log, or the bill where there is no log.
  func reconciling(_ requestID: ClientRequestID, log: String = "its log") -> String {
    paths.logs != nil
      ? "look for request id \(requestID) in \(log) before you send it again"
      : "the service keeps no log, so look at the account's bill there before you send it again (request id \(requestID))"
  }
}

extension ServiceDescription {
  /// What people should know of a service before they choose it; nil if nothing.
  public var remark: String? {
    guard (try? ServiceAddress(baseURL))?.host == "api.minimax.io" else { return nil }
    return
      "reported to be closing to new users; it answers a request with the cover, so one that is interrupted can't be "
      + "picked up again; the price is told by the account's plan"
  }
}
