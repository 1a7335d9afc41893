internal import Foundation
internal import GRDB
internal import RepriseSystem

/// Jobs that could not be written to the ledger: a JSON file each, in a directory beside it.
struct Rescue {
  private let directory: String

  init(ledger path: String) { directory = path + ".rescued" }

  /// Writes a job to a file of its own, atomically.
  func put(_ job: Job) throws {
    try Directories.make(directory, mode: 0o700)
    let file = try TemporaryFile(
      for: directory + "/" + job.job + ".json", replacing: true, mode: 0o600, isNameless: true)
    try file.write(Array(JSONEncoder().encode(job.withoutKeys))[...])
    try file.commit()
  }

  /// Moves the rescued jobs into the ledger.
  func restore(into database: DatabasePool) throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return }
    for name in names where name.hasSuffix(".json") {
      let path = directory + "/" + name
      guard let data = FileManager.default.contents(atPath: path),
        let job = try? JSONDecoder().decode(Job.self, from: data)
      else { continue }
      try database.write { database in
        // Progress that another process has saved meanwhile is not reverted.
        let stored = try JobRow.fetchOne(database, key: job.job)?.job
        if let stored, [.verified, .downloaded, .unknown].contains(stored.state) { return }
        try JobRow(job: job).write(database)
      }
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
