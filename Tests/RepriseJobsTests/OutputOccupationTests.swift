import RepriseService
import Foundation
import RepriseJobs
import TestSupport
import Testing

@Suite("What is at a path to which a cover might go")
struct OutputOccupationTests {
  private func job(_ output: String, request: String?, _ state: Job.State) -> Job {
    var job = Job(
      service: "studio", baseURL: "https://studio.example", model: "m", input: "/music/song.wav", inputStart: 0,
      inputEnd: 30, output: output, setting: Contract.AudioSetting(), settingWasAsked: false,
      audio: Job.Audio(path: "/music/song.wav", format: "wav", hash: "00"), fingerprint: "f")
    job.request = request
    job.state = state
    if state == .verified { job.verdict = "pass" }
    return job
  }

  @Test("is determined by the request, the file there and the jobs that go there")
  func occupation() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    let ledger = try Ledger(path: directory + "/jobs.sqlite")
    func path(_ name: String, isThere: Bool) throws -> String {
      let path = directory + "/" + name
      if isThere { try Data("cover".utf8).write(to: URL(filePath: path)) }
      return path
    }
    let rows: [(String, isThere: Bool, Job.State?, request: String?, OutputOccupation)] = [
      ("nothing", false, nil, nil, .free), ("file", true, nil, nil, .file),
      ("under way", false, .generating, "mine", .same), ("another under way", false, .submitted, "other", .cover),
      ("made", true, .verified, "mine", .same), ("another", true, .verified, "other", .cover),
      ("of an old version", true, .verified, nil, .cover), ("deleted", false, .verified, "mine", .free),
      ("failed", false, .failed, "mine", .free), ("another failed", false, .failed, "other", .free),
    ]
    for (index, (name, isThere, state, request, wanted)) in rows.enumerated() {
      let output = try path(name, isThere: isThere)
      if let state { try await ledger.save(job(output, request: request.map { "\($0) \(index)" }, state)) }
      #expect(try await ledger.occupation(of: output, by: "mine \(index)") == wanted, "\(name)")
    }
    let covers = KnownCovers(of: try await ledger.jobs())
    for (name, isCover) in [("made", true), ("another", true), ("of an old version", true), ("file", false)] {
      #expect(try await covers.contains(directory + "/" + name) == isCover, "\(name)")
    }
    #expect(try await !KnownCovers().contains(directory + "/made"))
  }
}
