import Foundation
import Testing

@Suite("the seam between services")
struct SeamTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  /// Swift files below Sources, with their paths from there.
  private func files() throws -> [(path: String, text: String)] {
    let names = try #require(FileManager.default.enumerator(atPath: Self.sources.path))
    var files: [(path: String, text: String)] = []
    for case let name as String in names where name.hasSuffix(".swift") {
      files.append((name, try String(contentsOf: Self.sources.appending(path: name), encoding: .utf8)))
    }
    return files
  }

  @Test(
    "a service's shape is asked where its adapter is chosen, where it is configured and where it is shown, nowhere else"
  )
  func shape() throws {
    let asking = try files().filter { $0.text.contains(".shape") || $0.text.contains("switch shape") }.map(\.path)
    #expect(
      Set(asking) == [
        "CoverService/Client/ServiceAdapter.swift", "CoverService/Configuration/ServiceTable.swift",
        "CoverService/BuiltInServices.swift", "reprise/Commands/ServicesCommand.swift",
        "reprise/Console/ServiceText.swift",
      ])
  }

  @Test("an adapter is named by nobody but the place that chooses it")
  func adapters() throws {
    for name in ["MiniMaxAdapter", "GenerationsAdapter"] {
      let naming = try files().filter { $0.text.contains(name) }.map(\.path)
      #expect(
        Set(naming) == ["CoverService/Client/\(name).swift", "CoverService/Client/ServiceAdapter.swift"], "\(name)")
    }
  }
}
