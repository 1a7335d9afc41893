internal import Foundation

/// `GET /v2/logs`: the accepted submissions, newest first, so that a client that lost a response can find out the
/// outcome of its request.
///
/// A submission is listed from the moment of acceptance. Waiting and running submissions are listed too, as "running",
/// which goes beyond the remote service's documentation.
struct LogsRoute: Sendable {
  let store: GenerationStore

  static let path = "/v2/logs"

  /// Returns the requested page.
  ///
  /// - Throws: `HTTPError` 400 for an invalid query.
  func reply(_ query: [String: String]) async throws -> Reply {
    let query = try LogQuery(query, now: .now)
    let (page, total) = query.page(of: await store.log())
    let (end, isTooFar) = query.offset.addingReportingOverflow(page.count)
    let pagination = Pagination(
      limit: query.limit, offset: query.offset, total: total, has_more: !isTooFar && end < total)
    return .json(200, JSONBody.data(Page(data: page.map(Entry.init), pagination: pagination)))
  }

  private struct Page: Encodable {
    var data: [Entry]
    var pagination: Pagination
  }

  private struct Pagination: Encodable {
    var limit: Int
    var offset: Int
    var total: Int
    var has_more: Bool
  }

  private struct Entry: Encodable {
    let record: GenerationRecord

    init(_ record: GenerationRecord) { self.record = record }

    private enum Key: String, CodingKey {
      case created, status, model, cost, request_id, inference_id, client_request_id
    }

    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: Key.self)
      try fields.encode(
        record.created.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), forKey: .created)
      try fields.encode(status, forKey: .status)
      try fields.encode(record.submission.model, forKey: .model)
      try fields.encode(["usd": 0, "credits": 0], forKey: .cost)
      try fields.encode(record.requestID, forKey: .request_id)
      try fields.encode(record.id, forKey: .inference_id)
      // Null, and not left out, where the client named none.
      try fields.encode(record.clientRequestID, forKey: .client_request_id)
    }

    private var status: String {
      switch record.state {
      case .queued, .generating: "running"
      case .completed: "succeeded"
      case .failed: "failed"
      }
    }
  }
}
