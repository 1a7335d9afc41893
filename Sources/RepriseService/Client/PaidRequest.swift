/// A submission that costs money: checked, measured and good for one use.
///
/// It can't be copied, and `CoverClient.submit` takes it away: sending the same thing twice needs a decision, not a loop.
public struct PaidRequest: ~Copyable, Sendable {
  /// The body that will be sent.
  public let body: RequestBody
  /// What the service's log will know it by.
  public let requestID: ClientRequestID

  init(body: RequestBody, requestID: ClientRequestID) {
    self.body = body
    self.requestID = requestID
  }
}

/// What a service said to a submission.
public struct Submitted: Sendable {
  /// The generation, with the id everything else needs: put it on the disk before anything else is done.
  public var generation: Contract.Generation
  /// What the service's log knows the submission by.
  public var requestID: ClientRequestID
  /// `x-inference-id`, where the service says it.
  public var inferenceID: String?
  /// What it cost in the service's own unit, where it says so.
  public var credits: Double?
  /// What it cost in US dollars, where the service says so; as it was told, whether it makes sense or not.
  public var usd: Double?
  /// The file that holds the answer, if the result is in the answer itself and not at a URL: `CoverClient.unpack` takes it
  /// out. The generation is completed then, and can't be asked for again.
  public var inlineAnswer: String?
}

/// How far a cover is.
public enum CoverProgress: Sendable, Equatable {
  /// The request is on its way: body bytes sent, of how many.
  case uploading(sent: Int, total: Int)
  /// The service told its status, and perhaps how much of the work is done, 0…1; unknown words count as pending.
  case pending(Contract.Status, share: Double? = nil)
  /// The service says something beside a status that means waiting, such as an error; each is told once.
  case remark(status: String, said: String)
  /// The service or the way to it is in trouble; it is asked again after a while.
  case troubled(ServiceError, nextIn: Duration)
  /// The result is on its way: bytes received, of how many if that was announced.
  case downloading(received: Int, total: Int?)
}

/// A result that is on the disk.
public struct Downloaded: Sendable {
  /// Where it is.
  public var path: String
  /// Its length.
  public var bytes: Int
  /// What Content-Length, or Content-Range, announced for the whole; nil if neither did, or if the body came in chunks,
  /// which know their own end.
  public var announcedBytes: Int?
  /// The media type the host gave it.
  public var contentType: String?
  /// Whether it was put together from several answers.
  public var isContinued = false
}
