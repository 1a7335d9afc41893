import Foundation
import RepriseJobs
import RepriseService
import RepriseSystem
import Testing

@Suite("The files that orders go to")
struct OutputAssignmentTests {
  private let location = LedgerDirectory()

  private func service() throws -> ServiceDescription {
    var service = try ServiceDescription.custom(baseURL: "https://studio.example")
    service.usdPerCover = 0
    return service
  }

  /// An order whose file nobody has named.
  private func order(_ recording: String, prompt: String = "dark synthwave") -> CoverOrder {
    let stem = PathText.stem(of: recording)
    var order = CoverOrder(
      input: location.directory + "/" + recording, output: "", brief: CoverBrief(prompt: prompt), batch: "files:x")
    order.names = { [directory = location.directory] take in
      directory + "/\(stem)-dark\(take == 1 ? "" : "-\(take)").mp3"
    }
    return order
  }

  private func names(_ orders: [CoverOrder]) -> [String] { orders.map { PathText.name(of: $0.output) } }

  @Test("each is beside what is there and what the others take")
  func beside() async throws {
    defer { location.clean() }
    try FileManager.default.createDirectory(atPath: location.directory, withIntermediateDirectories: true)
    try Data("other".utf8).write(to: URL(filePath: location.directory + "/a-dark.mp3"))
    let found = try await OutputAssignment(ledger: nil, service: service()).assign([
      order("a.wav"), order("a.wav", prompt: "dark synthwave, slow"), order("b.wav"),
    ])
    #expect(names(found) == ["a-dark-2.mp3", "a-dark-3.mp3", "b-dark.mp3"])
    #expect(Set(found.compactMap(\.key)).count == 3)
  }

  @Test("a file of a paid service's order may be the very cover, and keeps its name")
  func paid() async throws {
    defer { location.clean() }
    try FileManager.default.createDirectory(atPath: location.directory, withIntermediateDirectories: true)
    try Data("other".utf8).write(to: URL(filePath: location.directory + "/a-dark.mp3"))
    var paid = try service()
    paid.usdPerCover = 0.195
    let ledger = try Ledger(path: location.path)
    let found = try await OutputAssignment(ledger: ledger, service: paid).assign([order("a.wav")])
    #expect(names(found) == ["a-dark.mp3"])
  }

  @Test("two recordings of one name are for a person to part")
  func collision() async throws {
    var one = order("x/a.wav")
    one.output = location.directory + "/a.mp3"
    do {
      _ = try await OutputAssignment(ledger: nil, service: service()).assign([order("x/a.wav"), order("y/a.wav")])
      Issue.record("both were taken")
    } catch CoverPipelineError.sameOutput(let inputs, let output) {
      #expect(inputs == [location.directory + "/x/a.wav", location.directory + "/y/a.wav"])
      #expect(output == location.directory + "/a-dark.mp3")
    }
  }

  @Test("what is there is left out where that is asked for")
  func skipped() async throws {
    defer { location.clean() }
    try FileManager.default.createDirectory(atPath: location.directory, withIntermediateDirectories: true)
    try Data("other".utf8).write(to: URL(filePath: location.directory + "/a-dark.mp3"))
    let found = try await OutputAssignment(ledger: nil, service: service(), skipsExisting: true)
      .assign([order("a.wav"), order("b.wav")])
    #expect(found.map(\.isSkipped) == [true, false])
    #expect(names(found) == ["a-dark.mp3", "b-dark.mp3"])
  }

  @Test("nine hundred and ninety-nine takes are enough")
  func taken() async throws {
    defer { location.clean() }
    try FileManager.default.createDirectory(atPath: location.directory, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: location.directory + "/a.mp3"))
    var order = order("a.wav")
    order.names = { [directory = location.directory] _ in directory + "/a.mp3" }
    do {
      _ = try await OutputAssignment(ledger: nil, service: service()).assign([order])
      Issue.record("one was found")
    } catch CoverPipelineError.outputsTaken(let last, let others) {
      #expect(last == location.directory + "/a.mp3" && others == 998)
    }
  }
}
