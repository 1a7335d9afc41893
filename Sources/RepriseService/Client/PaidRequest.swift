/// A submission that costs money: validated, measured and usable once.
///
/// The type is not copyable, and `CoverClient.submit` consumes it: sending a request twice needs a decision, not a
/// loop.
package struct PaidRequest: ~Copyable, Sendable {
  /// Body to be sent.
  package let body: RequestBody
  /// Client request id, which identifies the submission in the service's log.
  package let requestID: ClientRequestID

  init(body: RequestBody, requestID: ClientRequestID) {
    self.body = body
    self.requestID = requestID
  }
}

/// A submission that the service accepted.
package struct Submitted: Sendable {
  /// Generation with the id that everything else needs; persist it before anything else.
  package var generation: Contract.Generation
  /// Client request id, which identifies the submission in the service's log.
  package var requestID: ClientRequestID
  /// Value of `x-inference-id`, if the service reports it.
  package var inferenceID: String?
  /// Cost in the service's own unit, if the service reports it.
  package var credits: Double?
  /// Cost in US dollars, if the service reports it; as reported, whether plausible or not.
  package var usd: Double?
  /// File that holds the response, if that contains the result itself and not its URL.
  ///
  /// `CoverClient.unpack` extracts the result. The generation is completed then, and cannot be queried again.
  package var inlineAnswer: String?
}

/// Progress of a cover.
package enum CoverProgress: Sendable, Equatable {
  /// The request is being sent: body bytes sent, of the total.
  case uploading(sent: Int, total: Int)
  /// The service reported a status, and perhaps the share of the work done, 0…1; unknown words count as pending.
  case pending(Contract.Status, share: Double? = nil)
  /// The service reported a message, such as an error, beside a status that means waiting; each is reported once.
  case remark(status: String, said: String)
  /// The service or the connection to it failed; the query is repeated after the given time.
  case retrying(ServiceError, nextIn: Duration)
  /// The result is being received: bytes received, of the total if that was announced.
  case downloading(received: Int, total: Int?)
}

/// A result that was written to disk.
package struct Downloaded: Sendable {
  /// Path of the file.
  package var path: String
  /// Length in bytes.
  package var bytes: Int
  /// Length of the whole that Content-Length or Content-Range announced.
  ///
  /// `nil` if neither did, or if the body was chunked, since chunks mark their own end.
  package var announcedBytes: Int?
  /// Media type given by the host.
  package var contentType: String?
  /// `true` if the result was assembled from several responses.
  package var isContinued = false
}
