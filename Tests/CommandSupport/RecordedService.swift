package import RepriseService
import Foundation
import RepriseLocalService
import Synchronization
import TestSupport
import Testing

/// Hands out one recorded cover instead of making any; all else of the local service is the real one.
package struct RecordedMaker: CoverMaker {
  /// The progress that each cover reports while it is made; `nil` reports none.
  package var share: Double?
  /// Questions that were answered; a cover waits until it was asked about twice while it is made.
  package var questions: QuestionCount?

  /// A maker that says nothing and waits for nothing, unless it is told to.
  package init(share: Double? = nil, questions: QuestionCount? = nil) {
    self.share = share
    self.questions = questions
  }

  package func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws {
    if let share { progress(share) }
    if let questions { try await questions.pass(2) }
    try FileManager.default.copyItem(atPath: Command.fixtures + "/recorded-cover.mp3", toPath: output)
  }

  /// Runs a service with such covers.
  ///
  /// - Returns: what `body` returns.
  package static func withService<Value: Sendable>(
    share: Double? = nil, isSlow: Bool = false, concurrency: Int = 1,
    _ body: @escaping @Sendable (_ baseURL: String) async throws -> Value
  ) async throws -> Value {
    let questions = QuestionCount()
    var configuration = LocalServerConfiguration()
    configuration.concurrentGenerations = concurrency
    configuration.onEvent = { event in
      if case .request(let request) = event, request.method == "GET" { questions.add() }
    }
    let server = LocalServer(
      configuration, maker: RecordedMaker(share: share, questions: isSlow ? questions : nil),
      inspector: AudioReferenceInspector(maximumBytes: 50_000_000), fetcher: LinkedReferenceFetcher())
    return try await withLocalServer(server, body)
  }
}

/// Counts the questions that a service was asked.
package final class QuestionCount: Sendable {
  private let count = Mutex(0)

  package func add() { count.withLock { $0 += 1 } }

  /// Waits until so many more were asked.
  package func pass(_ more: Int) async throws {
    let end = count.withLock { $0 } + more
    try await eventually(within: .seconds(600)) { count.withLock { $0 } >= end }
  }
}
