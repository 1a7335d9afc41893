import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import TestSupport
import Testing

/// A ledger in a directory of its own.
struct LedgerDirectory {
  private let scratch = Scratch.made()
  var directory: String { scratch.root }
  var path: String { directory + "/state/reprise/jobs.sqlite" }

  func clean() { scratch.remove() }

  static func job(output: String = "/tmp/cover.mp3", service: String = "aimlapi", baseURL: String = "") -> Job {
    Job(
      service: service, baseURL: baseURL, model: "minimax/music-cover", input: "/music/song.wav", inputStart: 2,
      inputEnd: 14.5, output: output,
      setting: Contract.AudioSetting(sampleRate: 32000, bitrate: 64000, format: .wav), settingWasAsked: true,
      audio: Job.Audio(path: "/music/song.wav", format: "wav", hash: "0123"), fingerprint: UUID().uuidString,
      now: Date(timeIntervalSince1970: 1_790_000_000))
  }
}

@Suite("The ledger of jobs")
struct LedgerTests {
  @Test("a job comes back as it was saved, after the ledger is opened anew")
  func roundTrip() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    var job = LedgerDirectory.job()
    job.id = "V1St:music-cover"
    job.state = .completed
    job.resultURL = "https://results.example/a%2Fb?sig=%3D"
    job.completedAt = Date(timeIntervalSince1970: 1_790_000_100)
    job.credits = 12
    job.usd = 0.195
    job.price = 0.2
    job.sealed = Date(timeIntervalSince1970: 1_790_000_050)
    job.batch = "manifest:/runs.csv"
    job.request = "row"
    job.attempts = 2
    try await Ledger(path: location.path).save(job)
    let found = try await Ledger(path: location.path).job(named: job.job)
    var expected = job
    expected.updated = found.updated
    #expect(found == expected)
  }

  @Test("the database and its companions are readable by their owner only")
  func modes() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    try await ledger.save(LedgerDirectory.job())
    let directory = (location.path as NSString).deletingLastPathComponent
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    #expect(names.contains("jobs.sqlite"))
    for name in names {
      let mode = try FileManager.default.attributesOfItem(atPath: directory + "/" + name)[.posixPermissions] as? Int
      #expect((mode ?? 0o777) & 0o077 == 0, "\(name) has mode \(String(mode ?? 0, radix: 8))")
    }
  }

  @Test("a job is found by its name, by the service's id and by its beginning; several or none is an error")
  func names() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    var first = LedgerDirectory.job()
    first.job = "rp-aaaa1111"
    first.id = "-x/%:y"
    var second = LedgerDirectory.job()
    second.job = "rp-aaaa2222"
    try await ledger.save(first)
    try await ledger.save(second)
    #expect(try await ledger.job(named: "rp-aaaa1111").job == first.job)
    #expect(try await ledger.job(named: "-x/%:y").job == first.job)
    #expect(try await ledger.job(named: "rp-aaaa2").job == second.job)
    #expect(try await ledger.job(named: "aaaa2").job == second.job)
    for (name, code) in [("rp-aaaa", LedgerError.Code.severalJobs), ("rp-zz", .noSuchJob), ("", .noSuchJob)] {
      do {
        _ = try await ledger.job(named: name)
        Issue.record("'\(name)' found a job")
      } catch {
        #expect(error.code == code)
      }
    }
  }

  @Test("what has happened is written down even while the caller is being cancelled")
  func cancelled() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let ledger = try Ledger(path: location.path)
    let job = LedgerDirectory.job()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await ledger.save(job)
    }
    task.cancel()
    try await task.value
    #expect(try await ledger.job(named: job.job).state == .prepared)
  }

  @Test("a directory that can't be made is an error that names it and says why")
  func unusable() {
    do {
      _ = try Ledger(path: "/dev/null/reprise/jobs.sqlite")
      Issue.record("a ledger under /dev/null")
    } catch {
      #expect(error.code == .unusable)
      guard case .unusable(path: "/dev/null/reprise/jobs.sqlite", let fault) = error.problem else {
        Issue.record(error)
        return
      }
      #expect(fault.kind == .other && error.underlying is FileError)
    }
  }

  @Test("two ledgers on one file see each other's jobs")
  func shared() async throws {
    let location = LedgerDirectory()
    defer { location.clean() }
    let one = try Ledger(path: location.path)
    let other = try Ledger(path: location.path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for ledger in [one, other] {
        for _ in 0..<25 { group.addTask { try await ledger.save(LedgerDirectory.job()) } }
      }
      try await group.waitForAll()
    }
    #expect(try await one.jobs().count == 50)
    #expect(try await other.jobs().count == 50)
  }
}
