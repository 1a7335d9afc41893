import CommandSupport
import Foundation
import TestSupport
import Testing

@Suite("What preparing a library leaves alone", .startsProcesses)
struct ValidatePrepareRefusalTests {
  private func link(_ library: PreparedLibrary, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: library.command.path(name), withDestinationPath: library.command.path(target))
  }

  private func make(_ library: PreparedLibrary, _ directory: String) throws {
    try FileManager.default.createDirectory(atPath: library.command.path(directory), withIntermediateDirectories: true)
  }

  @Test("outputs are no sources, whether a list or a link brings them")
  func outputs() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    for name in ["music/a/1.wav", "music/2.wav"] { try library.copy("plain.wav", to: name) }
    let first = try await library.run()
    #expect(first.status == 0, "\(first.messages)")
    let manifest = try library.bytes("ready/manifest.csv")
    try link(library, "music/again", to: "ready/a")
    try link(library, "music/one.mp3", to: "ready/2.mp3")
    let linked = try await library.run()
    #expect(linked.status == 0, "\(linked.messages)")
    #expect(linked.messages.contains("1 file is in ready, where outputs go, and left out"))
    #expect(linked.messages.contains("0 prepared, 2 already, 0 ready"))
    #expect(try library.bytes("ready/manifest.csv") == manifest)

    let names = ["music/a/1.wav", "music/2.wav", "ready/a/1.mp3", "ready/2.mp3", "ready/a"]
    try Data((names.joined(separator: "\0") + "\0").utf8).write(to: URL(filePath: library.command.path("list")))
    let arguments = ["validate", "--files0-from", "list", "--prepare-to", "ready", "--max-bytes", "30000"]
    for made in [2, 0] {
      try await Task.sleep(for: .milliseconds(50))
      let listed = try await library.command.run(list: arguments)
      #expect(listed.status == 0, "\(listed.messages)")
      #expect(listed.messages.contains("2 files are in ready, where outputs go, and left out"))
      #expect(listed.messages.contains("\(made) prepared, \(2 - made) already, 0 ready"))
    }
    let rows = String(decoding: try library.bytes("ready/manifest.csv"), as: UTF8.self).split(separator: "\n")
    #expect(rows.map { $0.prefix { $0 != "," } } == ["path", "music/2.mp3", "music/a/1.mp3"])
  }

  @Test("directories that are named as a manifest or an output are stand beside them")
  func directories() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    for name in ["manifest.csv/x.wav", "a.wav", "a.mp3/x.wav", "b-cover.mp3/x.wav", "b.wav"] {
      try library.copy("plain.wav", to: "music/" + name)
    }
    for made in [5, 0] {
      let result = try await library.run("--format", "mp3")
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages.contains("\(made) prepared, \(5 - made) already"))
    }
    #expect(
      try library.made().keys.sorted() == [
        "_manifest.csv/x.mp3", "a.mp3", "a.mp3_/x.mp3", "b-cover.mp3_/x.mp3", "b.mp3", "manifest.csv",
      ])
  }

  @Test("a report may not be the manifest, nor lie among what is Reprise's own")
  func reports() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.copy("plain.wav", to: "music/1.wav")
    for report in [
      ["--csv", "ready/manifest.csv"], ["--report", "ready/Manifest.csv"], ["--csv", "music/../ready/.reprise/lock"],
      ["--report", "ready/.reprise"],
    ] {
      let result = try await library.command.run(list: library.arguments + report)
      #expect(result.status == 64, "\(report): \(result.messages)")
    }
    #expect(try await library.command.run(list: library.arguments + ["--csv", "ready/table.csv"]).status == 0)
  }

  @Test("a scan that fails leaves nothing half-made")
  func failed() async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.copy("plain.wav", to: "music/1.wav")
    let result = try await library.run("--files0-from", "nowhere")
    #expect(result.status != 0, "\(result.messages)")
    let own = try FileManager.default.contentsOfDirectory(atPath: library.command.path("ready/.reprise"))
    #expect(Set(own) == ["lock", "prepared.sqlite"])
  }

  @Test(
    "what is Reprise's own is not written through links",
    arguments: ["lock", "prepared.sqlite", "prepared.sqlite-wal", "prepared.sqlite-shm", "prepared.sqlite-journal", ""])
  func links(name: String) async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.copy("plain.wav", to: "music/1.wav")
    try make(library, name.isEmpty ? "ready" : "ready/.reprise")
    if name.isEmpty { try make(library, "else") }
    try link(library, name.isEmpty ? "ready/.reprise" : "ready/.reprise/" + name, to: "else")
    let result = try await library.run("--force")
    #expect(result.status == 74, "\(result.messages)")
    #expect(result.messages.contains("ready/.reprise" + (name.isEmpty ? "" : "/" + name) + ": "), "\(result.messages)")
    #expect((try? FileManager.default.contentsOfDirectory(atPath: library.command.path("else"))) ?? [] == [])
    #expect(FileManager.default.fileExists(atPath: library.command.path("else")) == name.isEmpty)
  }

  @Test(
    "rows of the record that are not what was written are none: the file is made again",
    arguments: [
      ("sDevice", "NULL"), ("oSize", "'x'"), ("facts", "x'7b7d'"), ("facts", "NULL"), ("digest", "x''"),
      ("output", "x'ff'"), ("terms", "3.5"), ("source", "NULL"),
    ])
  func record(column: String, value: String) async throws {
    let library = try PreparedLibrary()
    defer { library.command.clean() }
    try library.copy("plain.wav", to: "music/1.wav")
    #expect(try await library.run().status == 0)
    let manifest = try library.bytes("ready/manifest.csv")
    // As other programs may leave it: a table that takes anything.
    let script = """
      import sqlite3, sys
      record = sqlite3.connect(sys.argv[1])
      record.execute("CREATE TABLE other AS SELECT * FROM made")
      record.execute(f"UPDATE other SET {sys.argv[2]} = {sys.argv[3]}")
      for table in ("made", "placing"):
        record.execute(f"DROP TABLE {table}")
        record.execute(f"CREATE TABLE {table} AS SELECT * FROM other")
      record.commit()
      """
    let python = Process()
    // Tests of the command change the process's own, and remove it.
    python.currentDirectoryURL = URL(fileURLWithPath: "/")
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = [
      "python3", "-c", script, library.command.path("ready/.reprise/prepared.sqlite"), column, value,
    ]
    #expect(try await library.command.finish(python) == 0)
    let result = try await library.run("--force")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.messages.contains("manifest: ready/manifest.csv"))
    #expect(try library.bytes("ready/manifest.csv") == manifest)
  }
}
