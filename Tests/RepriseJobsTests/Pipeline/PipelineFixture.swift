import Foundation
import HostileServer
import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService
import Synchronization
import Testing

/// A ledger, a song and a service with a price, for tests that spend its money.
struct PipelineFixture {
  let location = LedgerDirectory()
  let counting: CountingService
  let ledger: Ledger
  let song: String
  var service: ServiceDescription
  var key: APIKey?

  /// Cost of one cover.
  static let price = Dollars(micros: 195_000)

  init(_ settings: CountingService.Settings = CountingService.Settings()) throws {
    counting = try CountingService(settings, cover: try ServedTone.cover.get())
    song = try location.quickSong()
    ledger = try Ledger(path: location.path)
    service = try ServiceDescription.custom(baseURL: counting.url)
    service.polling = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 20)
    service.usdPerCover = Self.price.usd
  }

  func clean() {
    counting.stop()
    location.clean()
  }

  func path(_ name: String) -> String { location.directory + "/" + name }

  func client() throws -> CoverClient { try CoverClient(service: service, key: key) }

  func session(_ change: (inout JobRunner.Options) -> Void = { _ in }) throws -> CoverSession {
    var options = JobRunner.Options()
    change(&options)
    return CoverSession(
      ledger: ledger, client: try client(), preparer: AudioPreparer(limits: service.audioLimits), options: options)
  }

  func order(
    _ output: String, prompt: String = "a quiet test of everything", again: Bool = false, batch: String? = nil
  ) -> CoverOrder {
    CoverOrder(input: song, output: path(output), brief: CoverBrief(prompt: prompt), again: again, batch: batch)
  }

  /// Orders of one run, each in a style of its own, with the keys by which the same run is known again.
  func orders(_ count: Int) async throws -> [CoverOrder] {
    let orders = (1...count).map {
      order("cover-\($0).mp3", prompt: "style number \($0) of the run", batch: "files:run")
    }
    return try await OutputAssignment(ledger: ledger, service: service).assign(orders)
  }

  /// A job that the service has taken and nobody has waited for.
  func submitted(_ output: String) async throws -> Job {
    try await session { $0.stopsWhenSubmitted = true }.make(order(output)).job
  }
}

/// Notes what is told, on whatever thread.
final class Recorder<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])
  var all: [Value] { values.withLock { $0 } }
  func note(_ value: Value) { values.withLock { $0.append(value) } }
}

extension CoverEvent {
  /// The event's kind alone.
  var kind: String { String("\(self)".prefix { $0 != "(" }) }
}
