@testable import RepriseService
import Foundation
import FuzzSupport

/// What a service answers, as libcurl hands it over: header lines up to an empty one, then the body.
@main
enum Main {
  static func main() {
    fuzz { input in
      guard let address = try? WebAddress("https://api.example", what: "it"),
        let exchange = try? Exchange(
          HTTPRequest(address: address, timeouts: ServiceDescription.aimlapi.timeouts), sink: .memory(limit: 4096))
      else { return }
      var rest = input[...]
      while let end = rest.firstIndex(of: 0x0A) {
        let line = rest[...end]
        rest = rest[(end + 1)...]
        exchange.takeHeader(String(decoding: line, as: UTF8.self))
        if line.count <= 2 { break }
      }
      // In two pieces, as it may come.
      let half = rest.count / 2
      if exchange.take(Array(rest.prefix(half))) { _ = exchange.take(Array(rest.dropFirst(half))) }
      read(exchange)
    }
  }

  private static func read(_ exchange: Exchange) {
    guard let answer = exchange.answer else { return }
    _ = exchange.expected
    _ = answer.headers.contentLength
    for asked in [nil, "asked"] {
      if let generation = GenerationReader(asked: asked).generation(answer.body) {
        precondition(!generation.id.isEmpty && generation.id.utf8.count <= 1024)
        _ = generation.status
      }
    }
    _ = LogPage(answer.body)
    for service in [ServiceDescription.aimlapi, .minimax] {
      guard let adapter = try? service.adapter() else { continue }
      let submission = SubmissionAnswer(
        http: answer, keptAt: nil, bodyBytes: 1000, requestID: .random(), key: nil)
      if let submitted = adapter.submitted(submission) {
        precondition(!submitted.generation.id.isEmpty)
      } else {
        _ = adapter.refusal(submission)
      }
    }
    _ = try? JSONDecoder().decode(Contract.Generation.self, from: Data(answer.body))
    _ = try? JSONDecoder().decode(Contract.ErrorBody.self, from: Data(answer.body))
    let kinds: [AnswerMeaning.Asked] = [
      .submission(bytes: 1000, requestID: .random()), .poll(id: "g1"), .result(origin: "https://cdn.example"), .log,
    ]
    for asked in kinds {
      let error = AnswerMeaning(service: .aimlapi, key: nil, asked: asked).error(for: answer)
      if let wait = error.retryAfter { precondition(wait >= .zero && wait <= .seconds(86_400), "\(wait)") }
      let isPrintable = error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      precondition(isPrintable, "control characters in \(error)")
    }
  }
}
